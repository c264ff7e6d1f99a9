"""Keywords: each method against an independent computation, phrases, groups and edges."""

import csv
import io
import math
from pathlib import Path
from typing import Any

import networkx
import numpy
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from korpus.analyzers import morph
from korpus.errors import UsageError
from korpus.files import read
from korpus.models import keywords, word2vec
from tests.support import SAMPLE, korpus, lines

METHODS = ("textrank", "yake", "tfidf", "vectors")


@pytest.fixture(scope="module")
def tokens() -> list[dict[str, Any]]:
    return list(morph(read(SAMPLE), pos="term", spans=True))


def of(found: Any, name: str) -> dict[str, float]:
    return {row["term"]: row["score"] for row in found if next(iter(row.values())) == name}


def sentences(record: dict[str, Any]) -> list[list[tuple[str, int]]]:
    """Tokens with their positions, by the sentence that they start in."""
    ends = [*record["sentence_starts"][1:], len(record["text"])]
    found: list[list[tuple[str, int]]] = [[] for _end in ends]
    for token, place, (start, _) in zip(
        record["tokens"], record["positions"], record["spans"], strict=True
    ):
        found[next(n for n, end in enumerate(ends) if start < end)].append((token, place))
    return found


@pytest.mark.parametrize("window", [2, 5])
def test_textrank_is_pagerank_of_neighbours(window: int, tokens: list[dict[str, Any]]) -> None:
    found = keywords(tokens, window=window, top=1000)
    for record in tokens[:20]:
        graph = networkx.Graph()
        graph.add_nodes_from(record["tokens"])
        for words in sentences(record):
            for token, place in words:
                near = (t for t, p in words if 0 < abs(p - place) < window and t != token)
                graph.add_edges_from((token, other) for other in near)
        expected = networkx.pagerank(graph, alpha=0.85, tol=1e-13, max_iter=1000)
        assert of(found, record["id"]) == pytest.approx(expected, abs=1e-9)


def test_yake_is_the_formula() -> None:
    parts = [["가", "나", "가"], ["다", "AI", "가"], ["나", "AI"]]
    text = "".join("".join(part) for part in parts)
    record = {
        "id": "1",
        "text": text,
        "tokens": [token for part in parts for token in part],
        "tags": ["N"] * 8,
        "positions": list(range(8)),
        "spans": [[0, 1], [1, 2], [2, 3], [3, 4], [4, 6], [6, 7], [7, 8], [8, 10]],
        "sentence_starts": [0, 3, 7],
    }
    usual = numpy.mean([3, 2, 1, 2]) + numpy.std([3, 2, 1, 2])
    # tf, median sentence, different and all neighbours on the left and the right, sentences, case
    known = {
        "가": (3, 0, 2, 2, 1, 1, 2, 0),
        "나": (2, 1, 1, 1, 2, 2, 2, 0),
        "다": (1, 1, 0, 0, 1, 1, 1, 0),
        "AI": (2, 1.5, 2, 2, 1, 1, 2, 2),
    }
    expected = {}
    for word, (tf, median, left, lefts, right, rights, spread, capitals) in known.items():
        rel = 1 + ((left / lefts if lefts else 0) + (right / rights if rights else 0)) * tf / 3
        position = math.log(math.log(3 + median))
        case = capitals / (1 + math.log(tf))
        expected[word] = rel * position / (case + tf / usual / rel + spread / 3 / rel)
    found = keywords([record], method="yake")
    assert of(found, "1") == pytest.approx(expected, abs=1e-12)
    assert [row["score"] for row in found] == sorted(expected.values())


def test_tfidf_is_scikit_learns(tokens: list[dict[str, Any]]) -> None:
    library = TfidfVectorizer(analyzer=lambda tokens: tokens)
    weights = library.fit_transform(record["tokens"] for record in tokens).toarray()
    found = keywords(tokens, method="tfidf", top=1000)
    for record, row in zip(tokens[:20], weights, strict=False):
        expected = {t: row[library.vocabulary_[t]] for t in record["tokens"]}
        assert of(found, record["id"]) == pytest.approx(expected, abs=1e-9)


def test_vectors_are_cosines_with_the_document(tokens: list[dict[str, Any]]) -> None:
    model = word2vec(tokens, vector_size=10, epochs=3, min_count=2)
    length = numpy.linalg.norm
    vectors = dict(zip(model.terms, model.vectors.astype(float), strict=True))
    found = keywords(tokens, method="vectors", vectors=model, top=1000)
    for record in tokens[:20]:
        known = [vectors[token] for token in record["tokens"] if token in vectors]
        whole = numpy.mean(known, axis=0)
        expected = {
            token: vectors[token] @ whole / length(vectors[token]) / length(whole)
            for token in record["tokens"]
            if token in vectors
        }
        assert of(found, record["id"]) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("method", METHODS[:3])
def test_keywords_of_groups_are_of_the_subject(method: str, tokens: list[dict[str, Any]]) -> None:
    found = keywords(tokens, method=method, by="category", top=40)
    assert found.columns == ["category", "rank", "term", "score", "count"]
    subjects = {
        "병원": {"의사", "간호사", "처방", "치료", "검사", "증상", "수술", "진료실", "입원"},
        "영화": {"장면", "배우", "감독", "대사", "관객", "극장", "결말", "주인공", "영화"},
    }
    for name, words in subjects.items():
        assert len(of(found, name).keys() & words) >= 3, of(found, name)


def test_words_side_by_side_become_one() -> None:
    text = "인공 지능 반도체가 인공 지능 시장을 이끈다. 지능이 높다"
    tokens = list(morph([{"id": "1", "text": text}], pos="noun", spans=True))
    single = {row["term"]: row for row in keywords(tokens)}
    found = {row["term"]: row for row in keywords(tokens, phrases=2)}
    assert found["인공 지능"]["count"] == 2
    assert found["인공 지능"]["score"] == pytest.approx(
        (single["인공"]["score"] + single["지능"]["score"]) / 2
    )
    assert "인공" not in found and "지능" not in found
    # 반도체 and 인공 are not side by side: a particle was between them.
    assert "반도체 인공" not in found and {"반도체", "시장"} <= found.keys()
    assert [row["rank"] for row in found.values()] == list(range(1, len(found) + 1))
    assert {"인공 지능 반도체"} <= {row["term"] for row in keywords(tokens, phrases=3)}


def test_documents_without_tokens_have_no_rows_and_are_said() -> None:
    source = lines(
        {"id": "1", "tokens": [], "tags": []}, {"id": "2", "tokens": ["가"], "tags": ["N"]}
    )
    for method in METHODS[:3]:
        done = korpus("keywords", "--method", method, stdin=source)
        assert done.returncode == 0
        (row,) = csv.DictReader(io.StringIO(done.stdout))
        assert (row["id"], row["rank"], row["term"], row["count"]) == ("2", "1", "가", "1")
        assert "1 document without a word that has a score" in done.stderr
    done = korpus("keywords", stdin=lines({"id": "1", "tokens": [], "tags": []}))
    assert (done.returncode, done.stdout) == (0, "id,rank,term,score,count\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--method", "rake"], "--method rake is unknown"),
        (["--method", "vectors"], "--method vectors needs --vectors"),
        (["--window", "1"], "--window 1 is less than 2"),
        (["--phrases", "0"], "--phrases 0 is less than 1"),
        (["--top", "0"], "--top 0 is less than 1"),
    ],
)
def test_wrong_options(options: list[str], message: str) -> None:
    done = korpus("keywords", *options, stdin="{}")
    assert done.returncode == 2 and message in done.stderr


def test_vectors_are_not_given_for_nothing(tmp_path: Path, tokens: list[dict[str, Any]]) -> None:
    model = word2vec(tokens, vector_size=5, epochs=1)
    with pytest.raises(UsageError, match="--vectors is for --method vectors"):
        keywords(tokens, vectors=model)
