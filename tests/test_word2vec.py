import json
from collections import Counter
from pathlib import Path

import numpy
import pytest
from gensim.models import KeyedVectors, Word2Vec

from korpus.errors import KorpusError
from korpus.files import load, read
from korpus.models import WordVectors, word2vec
from korpus.records import Record
from tests.support import korpus, lines
from tests.test_lda import documents


def tokens_of(path: Path) -> list[Record]:
    return [{"id": record["id"], "tokens": record["tokens"]} for record in read(path)]


@pytest.mark.parametrize("method", ["skip-gram", "cbow"])
def test_vocabulary_and_counts_are_gensims(method: str, sample_tokens: Path) -> None:
    tokens = [record["tokens"] for record in read(sample_tokens)]
    library = Word2Vec(tokens, vector_size=20, min_count=3, sg=int(method == "skip-gram"), seed=0)
    model = word2vec(read(sample_tokens), method=method, vector_size=20, min_count=3, epochs=1)
    assert set(model.terms) == set(library.wv.index_to_key)
    counted = Counter(token for text in tokens for token in text)
    assert model.counts.tolist() == [counted[term] for term in model.terms]
    assert model.counts.tolist() == sorted(model.counts.tolist(), reverse=True)
    assert model.vectors.shape == (len(model.terms), 20) and model.vectors.dtype == numpy.float32


def test_terms_of_the_same_company_are_near() -> None:
    """Two worlds of words that never meet: each word's neighbours are of its own."""
    random = numpy.random.default_rng(0)
    worlds = [[f"{name}{number}" for number in range(8)] for name in ("가", "나")]
    tokens = documents(*(random.choice(worlds[n % 2], 12).tolist() for n in range(600)))
    model = word2vec(tokens, vector_size=10, epochs=10)
    vectors = model.vectors / numpy.linalg.norm(model.vectors, axis=1, keepdims=True)
    nearest = (vectors @ vectors.T - 2 * numpy.eye(16)).argmax(axis=1)
    assert all(model.terms[i][0] == model.terms[j][0] for i, j in enumerate(nearest))


def test_options_reach_the_engine(sample_tokens: Path) -> None:
    tokens = tokens_of(sample_tokens)[:60]
    plain = word2vec(tokens, vector_size=10)
    assert (word2vec(tokens, vector_size=10).vectors == plain.vectors).all()
    for change in (
        {"seed": 1},
        {"method": "cbow"},
        {"window": 1},
        {"epochs": 1},
        {"negative": 1},
        {"fasttext": True},
    ):
        changed = word2vec(tokens, **{"vector_size": 10, **change})  # type: ignore[arg-type]
        assert changed.terms == plain.terms
        assert not numpy.allclose(changed.vectors, plain.vectors), change


def test_threads_train_the_same_vocabulary(sample_tokens: Path) -> None:
    one, two = (word2vec(read(sample_tokens), vector_size=10, jobs=jobs) for jobs in (1, 2))
    assert one.terms == two.terms and two.vectors.shape == one.vectors.shape


def test_fasttext_gives_vectors_to_unseen_words(sample_tokens: Path) -> None:
    model = word2vec(read(sample_tokens), fasttext=True, vector_size=20, epochs=20)
    assert "휴대폰" in model.terms and "휴대폰들" not in model.terms
    unseen = model.unseen("휴대폰들")
    assert unseen is not None
    cosine = unseen @ model.vectors.T / numpy.linalg.norm(model.vectors, axis=1)
    ranked = [model.terms[place] for place in (-cosine).argsort()]
    assert ranked.index("휴대폰") < len(ranked) // 20
    assert model.unseen("xyz") is None
    assert word2vec(read(sample_tokens), vector_size=5).unseen("휴대폰들") is None


def test_fasttext_is_gensims(sample_tokens: Path) -> None:
    """What is kept of the n-grams gives gensim's vector of an unseen word of known n-grams."""
    model = word2vec(read(sample_tokens), fasttext=True, vector_size=10, epochs=1)
    from gensim.models import fasttext

    from korpus.models.word2vec_model import BUCKETS, NGRAM_LENGTHS, jamo

    assert model.ngrams is not None and model.ngram_vectors is not None
    hashes = fasttext.ft_ngram_hashes(jamo("휴대"), *NGRAM_LENGTHS, BUCKETS)
    rows = dict(zip(model.ngrams.tolist(), model.ngram_vectors, strict=True))
    expected = numpy.mean([rows[number] for number in hashes if number in rows], axis=0)
    assert numpy.allclose(model.unseen("휴대"), expected, atol=1e-6)


@pytest.mark.parametrize("suffix", ["vec", "bin"])
def test_export_is_read_by_gensim(sample_tokens: Path, tmp_path: Path, suffix: str) -> None:
    model, export = tmp_path / "w2v.safetensors", tmp_path / f"w2v.{suffix}"
    done = korpus("word2vec", sample_tokens, "--vector-size", 12, "-m", model, "--export", export)
    assert done.returncode == 0 and done.stdout == "", done.stderr
    assert "vectors of " in done.stderr
    ours = load(model)
    assert isinstance(ours, WordVectors)
    theirs = KeyedVectors.load_word2vec_format(str(export), binary=suffix == "bin")
    assert theirs.index_to_key == ours.terms
    assert (theirs.vectors == ours.vectors).all()


@pytest.mark.parametrize("suffix", ["vec", "bin"])
def test_export_of_terms_with_spaces(tmp_path: Path, suffix: str) -> None:
    export = tmp_path / f"w2v.{suffix}"
    stdin = lines(*documents(*[["새 단어", "둘\n째", "", " ", "셋"]] * 3))
    done = korpus("word2vec", "--min-count", 1, "--vector-size", 3, "--export", export, stdin=stdin)
    assert done.returncode == 0, done.stderr
    theirs = KeyedVectors.load_word2vec_format(str(export), binary=suffix == "bin")
    assert sorted(theirs.index_to_key) == ["둘_째", "새_단어", "셋"]


def test_long_documents_are_used_whole() -> None:
    """What comes after 10,000 tokens of a document is trained as if it came first."""
    model = word2vec(documents(["가", "나"] * 6000 + ["다", "라"] * 6000), vector_size=5, epochs=2)
    start = word2vec(documents(["가", "나"] * 6000, ["다", "라"] * 6000), vector_size=5, epochs=2)
    assert model.terms == start.terms and sorted(model.terms) == ["가", "나", "다", "라"]
    cosine = lambda a, b: float(a @ b / numpy.linalg.norm(a) / numpy.linalg.norm(b))  # noqa: E731
    place = {term: row for row, term in enumerate(model.terms)}
    moved = [model.vectors[place[term]] for term in "다라"]
    assert cosine(*moved) == pytest.approx(
        cosine(*(start.vectors[place[term]] for term in "다라")), abs=0.5
    )


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        ([], "word vectors need a file", 2),
        (["-m", "x.bin"], "must end in .safetensors", 2),
        (["--export", "x.txt"], "must end in .vec or .bin", 2),
        (["-m", "x.safetensors", "--method", "glove"], "--method glove is unknown", 2),
        (["-m", "x.safetensors", "--vector-size", "0"], "--vector-size 0 is less than 1", 2),
        (["-m", "x.safetensors", "--min-count", "0"], "--min-count 0 is less than 1", 2),
        (["-m", "x.safetensors", "-j", "-1"], "--jobs -1 is less than 0", 2),
        (["-m", "x.safetensors"], "no term occurs 5 times; the most frequent one occurs 2", 1),
    ],
)
def test_errors(arguments: list[str], message: str, code: int) -> None:
    done = korpus("word2vec", *arguments, stdin=lines(*documents(["가", "나"], ["나", "다"])))
    assert done.returncode == code and message in done.stderr, done.stderr


def test_no_tokens() -> None:
    with pytest.raises(KorpusError, match="no tokens to count"):
        word2vec(documents([], []))


def test_nothing_is_left_in_the_temporary_folder(sample_tokens: Path, tmp_path: Path) -> None:
    model = tmp_path / "out" / "w2v.safetensors"
    model.parent.mkdir()
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    done = korpus("word2vec", sample_tokens, "-m", model, TMPDIR=str(temporary))
    assert done.returncode == 0, done.stderr
    assert list(temporary.iterdir()) == []
    assert json.loads(korpus("info", model, "-f", "json").stdout)[1]["value"] == "model (word2vec)"
