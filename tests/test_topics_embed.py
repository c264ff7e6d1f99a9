import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import numpy
import pytest
from scipy.sparse import csr_matrix

from korpus.errors import KorpusError
from korpus.files import load, read
from korpus.models import EmbedModel, WordVectors, infer, topics_embed, vectors, word2vec
from korpus.models.topics.embed import class_tfidf
from tests.support import SAMPLE, korpus

pytestmark = pytest.mark.xdist_group("taggers")


@pytest.fixture(scope="module")
def tokens(sample_nouns: Path) -> list[dict[str, Any]]:
    return list(read(sample_nouns))


@pytest.fixture(scope="module")
def fitted(tokens: list[dict[str, Any]]) -> EmbedModel:
    return topics_embed(tokens, k=5)


@pytest.fixture(scope="module")
def own(tokens: list[dict[str, Any]]) -> WordVectors:
    """Vectors without a look at Kiwi."""
    return word2vec(tokens, vector_size=30, epochs=30, min_count=2)


def purity(model: EmbedModel) -> float:
    with SAMPLE.open(encoding="utf-8") as rows:
        subjects = numpy.array([row["category"] for row in csv.DictReader(rows)])
    labels = model.document_topic.argmax(axis=1)
    largest = [Counter(subjects[labels == label]).most_common(1)[0][1] for label in set(labels)]
    return sum(largest) / len(subjects)


def test_topics_are_the_subjects(fitted: EmbedModel) -> None:
    assert purity(fitted) >= 0.95
    terms = {word for row in fitted.topics(top=5) for word in str(row["terms"]).split()}
    assert {"의사", "배우", "국물", "화면", "여행"} < terms


def test_hdbscan_finds_the_number(tokens: list[dict[str, Any]], caplog: Any) -> None:
    caplog.set_level("INFO")
    model = topics_embed(tokens, method="hdbscan")
    assert len(model.shares) == 5 and purity(model) >= 0.95
    assert model.options["outliers"] > 0
    assert f"{model.options['outliers']} of 210 documents are outliers" in caplog.text
    with pytest.raises(KorpusError, match="hdbscan finds no cluster of 200 documents"):
        topics_embed(tokens, method="hdbscan", min_size=200)


def test_class_based_tfidf() -> None:
    """Grootendorst 2022, equation 2, on counts that can be checked by hand."""
    counts = numpy.array([[3, 1, 0], [0, 1, 5]])
    mean, frequency = 10 / 2, numpy.array([3, 2, 5])
    weights = counts * numpy.log(1 + mean / frequency)
    expected = weights / weights.sum(axis=1, keepdims=True)
    assert class_tfidf(csr_matrix(counts)) == pytest.approx(expected, abs=1e-12)


def test_topics_of_documents_are_of_a_mixture(fitted: EmbedModel, tokens: Any) -> None:
    words = tokens[0]["tokens"]
    place = {term: number for number, term in enumerate(fitted.terms)}
    mean = sum(fitted.term_vectors[place[word]] for word in words).astype(float)
    cosines = fitted.centres @ (mean / numpy.linalg.norm(mean))
    odds = numpy.exp(fitted.options["concentration"] * (cosines - cosines.max()))
    assert fitted.document_topic[0] == pytest.approx(odds / odds.sum(), abs=1e-5)


def test_infer_gives_the_topics_of_the_fit(fitted: EmbedModel, tokens: Any, tmp_path: Path) -> None:
    fitted.save(tmp_path / "embed.safetensors")
    model = load(tmp_path / "embed.safetensors")
    assert list(infer(tokens, model)) == list(fitted.documents_table())
    unknown = {"id": "x", "tokens": ["꿹", "뚫훑"], "tags": ["NNG", "NNG"]}
    assert list(infer([unknown], model)) == [{"id": "x", "topic": None, "weight": None}]


def test_documents_without_a_vector_have_no_topic(own: WordVectors, tokens: Any) -> None:
    odd = [{"id": name, "tokens": words} for name, words in (("x", ["꿹"]), ("y", []))]
    model = topics_embed([*tokens, *odd], vectors=own, k=3)
    last = list(model.documents_table())[-2:]
    assert [row["topic"] for row in last] == [None, None]
    with pytest.raises(KorpusError, match="no word is in the model's vocabulary"):
        topics_embed(odd, vectors=own, k=2)
    with pytest.raises(KorpusError, match="210 documents cannot make 300 topics") as found:
        topics_embed(tokens, vectors=own, k=300)
    assert found.value.hint == "lower it: -k 210"


def test_equal_documents_make_one_topic(own: WordVectors, caplog: Any, recwarn: Any) -> None:
    caplog.set_level("INFO", "korpus")
    model = topics_embed([{"id": str(n), "tokens": ["병원"]} for n in range(9)], vectors=own, k=2)
    assert len(model.shares) == 1 and not recwarn.list
    assert "only 1 of 9 documents are distinct: 1 cluster instead of 2" in caplog.text


@pytest.mark.parametrize("reduce", ["pca", "none"])
def test_any_vectors_in_any_dimensions(own: WordVectors, tokens: Any, reduce: str) -> None:
    one, two = (topics_embed(tokens, vectors=own, k=5, reduce=reduce) for _ in range(2))
    assert (one.document_topic == two.document_topic).all()
    assert one.options["vectors"] == "word2vec"
    assert one.options["dimensions"] == 30


def test_the_command(sample_nouns: Path, tmp_path: Path) -> None:
    model = tmp_path / "e.safetensors"
    line = ["topics", "embed", sample_nouns, "-k", 5, "--top", 3]
    done = korpus(*line, "-m", model, "--documents", tmp_path / "d.csv", "--keep", "category")
    assert done.returncode == 0 and "tokens have no vector" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 15 and list(rows[0]) == ["topic", "rank", "term", "weight", "share"]
    assert (tmp_path / "d.csv").read_text().startswith("id,category,topic,weight\n")
    shown = korpus("topics", model)
    assert shown.returncode == 0 and len(shown.stdout.splitlines()) == 6
    assert korpus("similar", model, "의사", "--top", 2).returncode == 0
    for wrong, error in (
        (["--reduce", "tsne"], "--reduce"),
        (["--method", "x"], "--method"),
        (["-k", 0], "-k 0 is less than 1"),
        (["--vectors", model], "embed models have no word vectors"),
        (["--min-size", 3], "--min-size does nothing"),
        (["--method", "hdbscan", "-k", 3], "--topics does nothing"),
        (["--reduce", "none", "--dimensions", 3], "--dimensions does nothing"),
    ):
        failed = korpus(*line[:3], *wrong)
        assert failed.returncode == 2 and error in failed.stderr


def test_umap_is_an_extra(own: WordVectors, tokens: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "umap", None)
    with pytest.raises(KorpusError) as found:
        topics_embed(tokens, vectors=own, k=5, reduce="umap")
    assert found.value.hint == "install it: pip install 'korpus[umap]'"


def test_the_default_vectors_are_kiwis(fitted: EmbedModel) -> None:
    assert fitted.options["vectors"] == "kiwi"
    assert fitted.term_vectors.shape[1] == vectors().vectors.shape[1]
