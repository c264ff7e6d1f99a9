import csv
import logging
from collections import Counter
from pathlib import Path
from typing import Any

import numpy
import orjson
import pytest
from sklearn.cluster import KMeans

from korpus.analyzers import morph
from korpus.documents.kiwi import kiwi
from korpus.errors import KorpusError, UsageError
from korpus.files import load, read
from korpus.models import PretrainedVectors, VectorModel, infer, kiwi_vectors, similar, vectors
from korpus.models.vector_model import Word
from tests.support import SAMPLE, korpus

pytestmark = pytest.mark.xdist_group("taggers")


@pytest.fixture(scope="module")
def pretrained() -> PretrainedVectors:
    return vectors()


@pytest.fixture(scope="module")
def subjects() -> Any:
    with SAMPLE.open(encoding="utf-8") as rows:
        return numpy.array([row["category"] for row in csv.DictReader(rows)])


def near(model: VectorModel, *words: str, minus: str = "") -> list[str]:
    return [str(row["term"]) for row in similar(model, words, minus=minus or [], top=5)]


def test_products_are_the_similarities_of_kiwi() -> None:
    own = vectors(common=0)
    assert own.vectors.shape[1] == 256 and len(own.terms) > 70_000
    # Kiwi writes the letters at the end of syllables by other characters.
    plain = [at for at, term in enumerate(own.terms) if term.endswith(("/NNG", "/VV", "/NNP"))]
    pairs = numpy.random.default_rng(0).choice(plain, size=(10_000, 2))
    products = [float(own.vectors[a] @ own.vectors[b]) for a, b in own.rows[pairs]]
    names = [tuple(term.rpartition("/")[::2]) for term in own.terms]
    theirs = [kiwi().morpheme_similarity(names[a], names[b]) for a, b in pairs]
    assert abs(numpy.array(products) - theirs).max() < 1e-4


def test_neighbours_and_analogies(pretrained: PretrainedVectors) -> None:
    assert {"응급실", "입원"} < set(near(pretrained, "병원"))
    assert near(pretrained, "배")[:2] == ["선원", "어선"]
    assert "묻어나" in near(pretrained, "배/VV")
    assert near(pretrained, "먹다") == near(pretrained, "먹")
    assert near(pretrained, "왕", "여자", minus="남자")[0] == "왕비"
    with pytest.raises(KorpusError, match="꿹 is not in the model's vocabulary"):
        near(pretrained, "꿹")


def test_common_directions_are_taken_out(pretrained: PretrainedVectors) -> None:
    def shared(model: PretrainedVectors) -> float:
        rows = model.vectors[:5000]
        return float((rows @ rows.T).mean())

    assert abs(shared(pretrained)) < 0.02 < 0.1 < shared(vectors(common=0))
    assert pretrained.options["common"] == 3


@pytest.mark.parametrize("analyzer", ["kiwi", "mecab"])
def test_the_subjects_of_the_sample(
    analyzer: str, pretrained: PretrainedVectors, subjects: Any
) -> None:
    found = pretrained.document_vectors(morph(read(SAMPLE), analyzer=analyzer))
    rows = found.vectors / numpy.linalg.norm(found.vectors, axis=1, keepdims=True)
    labels = KMeans(5, n_init=5, random_state=0).fit_predict(rows)
    largest = [Counter(subjects[labels == label]).most_common(1)[0][1] for label in set(labels)]
    assert sum(largest) / len(rows) >= 0.95
    products = rows @ rows.T - 2 * numpy.eye(len(rows))
    assert (subjects[products.argmax(axis=1)] == subjects).mean() >= 0.95


@pytest.mark.parametrize(
    ("word", "same"),
    [
        (Word("먹다", "VV", "mecab"), Word("먹", "VV", "kiwi")),
        (Word("먹다", "Verb", "okt"), Word("먹", "VV", "kiwi")),
        (Word("배", "Noun", "okt"), Word("배", "NNG", "kiwi")),
        (Word("감사하다", "Adjective", "okt"), Word("감사", "NNG", "kiwi")),
        (Word("것", "Noun", "okt"), Word("것", "NNB", "kiwi")),
        (Word("가", "Josa", "okt"), Word("이", "JKS", "kiwi")),
        (Word("이쁘", "VA", "kiwi"), Word("예쁘", "VA", "kiwi")),
        (Word("거", "NNB", "kiwi"), Word("것", "NNB", "kiwi")),
        (Word("영화"), Word("영화", "NNG", "kiwi")),
    ],
)
def test_words_of_other_analyzers(pretrained: PretrainedVectors, word: Word, same: Word) -> None:
    found, weights = pretrained.lookup([word, same])
    assert weights[0] == weights[1] > 0
    assert (found[0] == found[1]).all()


def test_words_that_kiwi_splits(
    pretrained: PretrainedVectors, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    words = [Word("강아지병원", "NNG", "mecab"), Word("강아지"), Word("병원"), Word("10", "SN")]
    found, weights = pretrained.lookup(words)
    assert weights[3] == 0 and not found[3].any()
    parts = weights[1:3, None] * found[1:3]
    assert found[0] == pytest.approx(parts.sum(axis=0) / weights[1:3].sum(), abs=1e-6)
    assert "1 word given the mean vector of the morphemes: 강아지병원" in caplog.text


def test_documents_are_weighted_means(pretrained: PretrainedVectors) -> None:
    """Smooth inverse frequency: Σ a / (a + p) · v, here over the sum of the weights."""
    place = {term: number for number, term in enumerate(pretrained.terms)}
    at = [place["영화/NNG"], place["이/JKS"]]
    weight = 1e-4 / (1e-4 + pretrained.probabilities[at])
    mean = weight @ pretrained.vectors[pretrained.rows[at]] / weight.sum()
    document = {"id": "1", "tokens": ["영화", "이", "꿹"], "tags": ["NNG", "JKS", "NNG"]}
    empty = {"id": "2", "tokens": [], "tags": []}
    first, second = infer([document, empty], pretrained)
    assert list(first.values())[1:] == pytest.approx(mean, abs=1e-6)
    assert set(list(second.values())[1:]) == {0.0}
    assert weight[0] > 10 * weight[1]


def test_a_model_file(tmp_path: Path, pretrained: PretrainedVectors) -> None:
    first, second = (tmp_path / f"{name}.safetensors" for name in ("1", "2"))
    done = korpus("vectors", "kiwi", "-m", first)
    assert done.returncode == 0 and "vectors of 7" in done.stderr
    pretrained.save(second)
    assert first.read_bytes() == second.read_bytes()
    loaded = load(first)
    assert isinstance(loaded, PretrainedVectors)
    assert (loaded.vectors == pretrained.vectors).all() and loaded.terms == pretrained.terms
    shown = korpus("info", first).stdout
    assert "Apache-2.0" in shown and "github.com/bab2min/Kiwi" in shown


def test_the_name_stands_for_the_model(tmp_path: Path) -> None:
    done = korpus("similar", "kiwi", "병원", "--top", 3)
    assert done.returncode == 0 and "응급실" in done.stdout
    source = tmp_path / "tokens.jsonl"
    source.write_text('{"id":"1","tokens":["병원"],"tags":["NNG"]}\n')
    done = korpus("infer", "kiwi", source)
    assert done.returncode == 0 and done.stdout.startswith("id,d1,d2,")
    done = korpus("topics", "kiwi")
    assert done.returncode == 2 and "vectors models have no topics" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["kiwi"], "word vectors need a file"),
        (["word2vec", "-m", "x.safetensors"], "word2vec"),
        (["kiwi", "-m", "x.safetensors", "--common", -1], "--common -1 is less than 0"),
    ],
)
def test_usage_errors(arguments: list[object], error: str, tmp_path: Path) -> None:
    done = korpus("vectors", *arguments, cwd=tmp_path)
    assert done.returncode == 2 and error in done.stderr


class Few:
    """A Kiwi of some thousand morphemes."""

    def __init__(self) -> None:
        self.morpheme_similarity = kiwi().morpheme_similarity

    def morpheme(self, number: int) -> Any:
        if number >= 2000:
            raise ValueError
        return kiwi().morpheme(number)


def test_it_is_made_once_and_again_if_it_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("KORPUS_CACHE", str(tmp_path / "new"))
    monkeypatch.setattr(kiwi_vectors, "kiwi", Few)
    reports: list[tuple[int, int]] = []
    found = vectors(
        common=0, report=lambda done, total, _likelihood=None: reports.append((done, total))
    )
    assert len(found.terms) > 1900 and reports[-1] == (256, 256)
    (file,) = (tmp_path / "new").iterdir()
    made = file.read_bytes()
    assert vectors(common=0).terms == found.terms and caplog.text.count("once") == 1
    file.write_bytes(made[:5000])
    assert vectors(common=0).terms == found.terms and caplog.text.count("once") == 2
    assert file.read_bytes() == made


def test_a_kiwi_without_vectors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Other(Few):
        def __init__(self) -> None:
            def fails(*_names: object) -> float:
                raise RuntimeError("cong")

            self.morpheme_similarity = fails

    monkeypatch.setenv("KORPUS_CACHE", str(tmp_path))
    monkeypatch.setattr(kiwi_vectors, "kiwi", Other)
    with pytest.raises(KorpusError, match="this Kiwi has no vectors: cong"):
        vectors()
    with pytest.raises(UsageError):
        vectors("word2vec")


def test_retrofit(tmp_path: Path, pretrained: PretrainedVectors) -> None:
    """New words come near to the words around them, and known words stay where they are."""
    source = tmp_path / "tokens.jsonl"
    lines = []
    for number in range(60):
        words = ["뷁뷁", *(("커피", "카페") if number % 2 else ("원두", "카페"))]
        other = ["뚫훑", *(("병원", "의사") if number % 2 else ("환자", "의사"))]
        for tokens in (words, other):
            lines.append({"id": str(len(lines)), "tokens": tokens, "tags": ["NNG"] * 3})
    source.write_bytes(b"\n".join(map(orjson.dumps, lines)))
    done = korpus("vectors", "kiwi", "--retrofit", source, "-m", tmp_path / "m.safetensors")
    assert done.returncode == 0, done.stderr
    assert "2 new words learned from 120 documents: 뷁뷁, 뚫훑" in done.stderr
    model = load(tmp_path / "m.safetensors")
    assert isinstance(model, PretrainedVectors)
    assert (model.vectors[: len(pretrained.vectors)] == pretrained.vectors).all()
    rows, weights = model.lookup([Word(w) for w in ("뷁뷁", "뚫훑", "커피", "병원")])
    assert weights.all()
    cosines = rows @ rows.T
    assert cosines[0, 2] > cosines[0, 3] and cosines[1, 3] > cosines[1, 2]
    done = korpus("vectors", "kiwi", "--retrofit", source, "--min-count", 99, "-m", "x.safetensors")
    assert done.returncode == 1 and "no new word occurs 99 times" in done.stderr
