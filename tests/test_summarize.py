"""Summaries: each method against an independent computation, order, groups and edges."""

import csv
import io
import math
from typing import Any

import networkx
import numpy
import pytest

from korpus.analyzers import morph
from korpus.errors import KorpusError
from korpus.files import read
from korpus.models import summarize, word2vec
from korpus.models.extracts import sentence_scores
from korpus.models.extracts.units import units
from tests.support import SAMPLE, korpus, lines


@pytest.fixture(scope="module")
def tokens() -> list[dict[str, Any]]:
    return list(morph(read(SAMPLE), pos="term", spans=True))


def of(found: Any, group: str) -> list[float]:
    return [row["score"] for row in found if row["category"] == group]


@pytest.fixture(scope="module")
def sentences(tokens: list[dict[str, Any]]) -> dict[str, list[list[str]]]:
    """The sentences with tokens of each subject; `units` is tested with keywords."""
    return {
        unit.name: [sentence.tokens for sentence in unit.sentences if sentence.tokens]
        for unit in units(tokens, "category")
    }


def weights(sentences: dict[str, list[list[str]]]) -> dict[str, numpy.ndarray]:
    """TF-IDF of length 1, with idf of all sentences."""
    everything = [sentence for group in sentences.values() for sentence in group]
    words = sorted({word for sentence in everything for word in sentence})
    idf = [math.log(len(everything) / sum(w in s for s in everything)) for w in words]
    found = {}
    for name, group in sentences.items():
        rows = numpy.array(
            [[s.count(w) * i for w, i in zip(words, idf, strict=True)] for s in group]
        )
        found[name] = rows / numpy.linalg.norm(rows, axis=1, keepdims=True)
    return found


def test_textrank_is_pagerank_of_shared_words(
    tokens: list[dict[str, Any]], sentences: dict[str, list[list[str]]]
) -> None:
    found = summarize(tokens, method="textrank", by="category", ratio=1, redundancy=1, each=True)
    group = sentences["병원"]
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(group)))
    for a in range(len(group)):
        for b in range(a):
            shared = len({*group[a]} & {*group[b]})
            if shared:
                size = math.log(len(group[a])) + math.log(len(group[b]))
                graph.add_edge(a, b, weight=shared / size)
    expected = networkx.pagerank(graph, tol=1e-13, max_iter=1000)
    assert of(found, "병원") == pytest.approx(list(expected.values()), abs=1e-9)


def test_lexrank_is_pagerank_of_similar_sentences(
    tokens: list[dict[str, Any]], sentences: dict[str, list[list[str]]]
) -> None:
    found = summarize(tokens, method="lexrank", by="category", ratio=1, redundancy=1, each=True)
    rows = weights(sentences)["병원"]
    links = (rows @ rows.T > 0.1).astype(float)
    assert links.diagonal().all()
    graph = networkx.from_numpy_array(links, create_using=networkx.DiGraph)
    expected = networkx.pagerank(graph, tol=1e-13, max_iter=1000)
    assert of(found, "병원") == pytest.approx(list(expected.values()), abs=1e-9)


def test_centroid_is_the_cosine_with_the_mean(
    tokens: list[dict[str, Any]], sentences: dict[str, list[list[str]]]
) -> None:
    found = summarize(tokens, method="centroid", by="category", ratio=1, redundancy=1, each=True)
    rows = weights(sentences)["병원"]
    middle = rows.mean(axis=0)
    expected = rows @ middle / numpy.linalg.norm(middle)
    assert of(found, "병원") == pytest.approx(expected.tolist(), abs=1e-9)
    model = word2vec(tokens, vector_size=10, epochs=2, min_count=1)
    vectors = dict(zip(model.terms, model.vectors.astype(float), strict=True))
    means = numpy.array([sum(vectors[w] for w in s) for s in sentences["병원"]])
    means /= numpy.linalg.norm(means, axis=1, keepdims=True)
    middle = means.mean(axis=0)
    found = summarize(
        tokens,
        method="centroid",
        by="category",
        ratio=1,
        redundancy=1,
        each=True,
        vectors=model,
    )
    expected = means @ middle / numpy.linalg.norm(middle)
    assert of(found, "병원") == pytest.approx(expected.tolist(), abs=1e-6)


TEXT = "배송이 늦었어요. 배송이 정말 늦었어요. 포장은 좋았어요. 배송과 포장이 모두 문제입니다."


@pytest.mark.parametrize("method", ["textrank", "lexrank", "centroid"])
def test_sentences_stay_in_their_order(method: str) -> None:
    tokens = list(morph([{"id": "7", "text": TEXT}], spans=True))
    (row,) = summarize(tokens, method=method, count=2)
    assert row.keys() == {"id", "sentences", "kept", "summary"}
    assert (row["id"], row["sentences"], row["kept"]) == ("7", 4, 2)
    each = list(summarize(tokens, method=method, count=2, each=True))
    assert [r["sentence"] for r in each] == sorted(r["sentence"] for r in each)
    assert sorted(r["rank"] for r in each) == [1, 2]
    assert " ".join(r["text"] for r in each) == row["summary"]
    assert all(r["text"] in TEXT for r in each)
    best = max(each, key=lambda r: r["score"])
    assert best["rank"] == 1


def test_a_sentence_that_repeats_another_is_left_out() -> None:
    text = "배송이 늦었어요. 배송이 늦었어요. 포장은 좋아요. 가격도 싸요."
    tokens = list(morph([{"id": "1", "text": text}], spans=True))
    for redundancy in (0.7, 1):
        rows = summarize(tokens, count=4, redundancy=redundancy, each=True)
        assert [row["text"] for row in rows].count("배송이 늦었어요.") == 1


def test_how_many_sentences() -> None:
    tokens = list(morph([{"id": "1", "text": TEXT}], spans=True))
    for options, kept in (
        ({}, 3),
        ({"count": 9}, 4),
        ({"ratio": 0.5}, 2),
        ({"ratio": 0.51}, 3),
        ({"ratio": 0.01}, 1),
    ):
        (row,) = summarize(tokens, redundancy=1, **options)  # type: ignore[arg-type]
        assert row["kept"] == kept, options


def test_a_group_of_single_sentences(tokens: list[dict[str, Any]]) -> None:
    source = lines(
        *(
            {"id": str(n), "text": t, "tokens": t.split(), "tags": ["N"] * 2, "g": "가나"[n % 2]}
            for n, t in enumerate(["배송 빠름", "배송 느림", "포장 빠름", "배송 무난", "배송 튼튼"])
        )
    )
    done = korpus("summarize", "--by", "g", "--count", "1", stdin=source)
    assert done.returncode == 0 and "5 sentences of 2 groups" in done.stderr
    assert [row["g"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["가", "나"]
    done = korpus("summarize", stdin=source)
    assert "each document is one sentence" in done.stderr


def test_documents_without_tokens_have_an_empty_summary() -> None:
    source = lines({"id": "1", "text": "", "tokens": [], "tags": []})
    done = korpus("summarize", stdin=source)
    assert (done.returncode, done.stdout) == (0, "id,sentences,kept,summary\n1,1,0,\n")


def test_words_of_all_sentences_weigh_nothing() -> None:
    """Each sentence has the same word: all weights of TF-IDF are 0."""
    tokens = list(
        morph([{"id": "1", "text": "배송 배송. 배송. 배송 배송 배송."}], spans=True, pos="noun")
    )
    for method in ("textrank", "lexrank", "centroid"):
        (row,) = summarize(tokens, method=method, count=1)
        assert row["kept"] == 1


def test_too_many_sentences_to_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_scores, "_MOST", 3)
    tokens = list(morph([{"id": "1", "text": TEXT}], spans=True))
    for method in ("textrank", "lexrank"):
        with pytest.raises(KorpusError, match="4 sentences in one group are too many"):
            summarize(tokens, method=method)
    assert list(summarize(tokens, method="centroid"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--method", "bert"], "--method bert is unknown"),
        (["--count", "0"], "--count 0 is less than 1"),
        (["--ratio", "0"], "--ratio 0.0 is not above 0 and at most 1"),
        (["--redundancy", "2"], "--redundancy 2.0 is not above 0 and at most 1"),
        (["--count", "1", "--ratio", "0.1"], "--count cannot be combined with --ratio"),
    ],
)
def test_wrong_options(options: list[str], message: str) -> None:
    done = korpus("summarize", *options, stdin="{}")
    assert done.returncode == 2 and message in done.stderr
