import csv
import io
from pathlib import Path

import numpy
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from korpus.files import read
from korpus.models import lsa
from tests.support import korpus, lines
from tests.test_lda import documents
from tests.test_nmf import identity


def test_equals_scikit_learn(sample_nouns: Path) -> None:
    tokens = [record["tokens"] for record in read(sample_nouns)]
    weights = TfidfVectorizer(analyzer=identity).fit_transform(tokens)
    library = TruncatedSVD(10, random_state=0)
    expected = library.fit_transform(weights.astype(numpy.float32))
    model = lsa(read(sample_nouns), k=10)
    assert numpy.allclose(model.topic_term, library.components_, atol=1e-5)
    assert numpy.allclose(model.document_topic, expected, atol=1e-5)
    assert numpy.allclose(model.shares, library.explained_variance_ratio_, atol=1e-7)
    exact = TruncatedSVD(10, random_state=0)
    expected = exact.fit_transform(weights)
    assert numpy.allclose(model.topic_term, exact.components_, atol=1e-4)
    assert numpy.allclose(model.document_topic, expected, atol=1e-4)


def test_rows(sample_nouns: Path, tmp_path: Path) -> None:
    docs = tmp_path / "vectors.csv"
    done = korpus("lsa", sample_nouns, "-k", 4, "--top", 200, "--docs", docs)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == ["topic", "rank", "term", "weight", "variance"]
    second = [float(row["weight"]) for row in rows if row["topic"] == "2"]
    assert min(second) < 0 < max(second)
    assert [abs(weight) for weight in second] == sorted(map(abs, second), reverse=True)
    vectors = list(csv.DictReader(docs.open()))
    assert list(vectors[0]) == ["id", "d1", "d2", "d3", "d4"]
    assert [row["id"] for row in vectors] == [record["id"] for record in read(sample_nouns)]


def test_documents_without_tokens_are_zeros() -> None:
    model = lsa(documents([], ["가", "나"], ["나", "다"]), k=1)
    assert model.document_topic[0].tolist() == [0.0]
    assert (model.document_topic[1:] > 0).all()


def test_the_same_document_twice_has_no_variance() -> None:
    model = lsa(documents(["가", "나"], ["가", "나"]), k=1)
    assert model.shares.tolist() == [0.0]
    done = korpus("lsa", "-k", 1, stdin=lines(*documents(["가", "나"], ["가", "나"])))
    assert done.returncode == 0 and "Warning" not in done.stderr
    done = korpus("lsa", "-k", 1, stdin=lines(*documents(["가"], ["가"])))
    assert done.returncode == 1 and "a single term has no dimensions" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "-k 100 is larger than the number of documents (2)"),
        (["-k", "0"], "-k 0 is less than 1"),
    ],
)
def test_errors(arguments: list[str], message: str) -> None:
    done = korpus("lsa", *arguments, stdin=lines(*documents(["가", "나"], ["나", "다", "라"])))
    assert done.returncode and message in done.stderr
    assert "hint: " in done.stderr or arguments
