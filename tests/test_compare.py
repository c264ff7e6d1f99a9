"""Similar pairs of documents, beside plain computations."""

import csv
import io
from importlib import import_module
from itertools import combinations, product
from pathlib import Path
from random import Random
from typing import Any

import numpy
import pytest
from nltk.metrics.distance import edit_distance
from sklearn.feature_extraction.text import TfidfVectorizer

import korpus as api
from korpus.models.vector_model import Word
from tests.support import korpus, lines


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def documents(*texts: str, first: int = 1) -> list[dict[str, Any]]:
    return [
        {"id": str(n), "text": text, "tokens": text.split(), "tags": ["NNG"] * len(text.split())}
        for n, text in enumerate(texts, first)
    ]


def made_up(seed: int, count: int) -> list[dict[str, Any]]:
    dice = Random(seed)
    words = ["가격", "배송", "포장", "화면", "배터리", "소리", "음식", "국물"]
    return documents(*(" ".join(dice.choices(words, k=dice.randint(0, 5))) for _ in range(count)))


def cosines(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> Any:
    both = first + second
    matrix = TfidfVectorizer(analyzer=lambda tokens: tokens).fit_transform(
        record["tokens"] for record in both
    )
    return (matrix[: len(first)] @ matrix[len(first) :].T).toarray()


def jaccard(a: dict[str, Any], b: dict[str, Any]) -> float:
    one, other = set(a["tokens"]), set(b["tokens"])
    return len(one & other) / len(one | other) if one | other else 0.0


def edit(a: dict[str, Any], b: dict[str, Any]) -> float:
    longest = max(len(a["text"]), len(b["text"]))
    return 1 - edit_distance(a["text"], b["text"]) / longest if longest else 0.0


def expected(measure: str, first: Any, second: Any, pairs: Any, cosine: Any) -> dict[Any, float]:
    function = {"jaccard": jaccard, "edit": edit}.get(measure)
    found = {
        (first[a]["id"], second[b]["id"]): cosine[a, b]
        if function is None
        else function(first[a], second[b])
        for a, b in pairs
    }
    return {pair: value for pair, value in found.items() if value > 0}


@pytest.mark.parametrize("measure", ["cosine", "jaccard", "edit"])
@pytest.mark.parametrize("cells", [1 << 20, 40])
def test_all_pairs_of_two_sources_and_of_one(
    measure: str, cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("korpus.models.compare"), "_CELLS", cells)
    first, second = made_up(1, 15), made_up(2, 12)
    found = {
        (row["a"], row["b"]): row["similarity"]
        for row in api.compare(first, second, measure=measure, top=None)
    }
    pairs = list(product(range(15), range(12)))
    wanted = expected(measure, first, second, pairs, cosines(first, second))
    assert found == pytest.approx(wanted, abs=1e-9)
    within = {
        (row["a"], row["b"]): row["similarity"]
        for row in api.compare(first, measure=measure, top=None)
    }
    alone = TfidfVectorizer(analyzer=lambda tokens: tokens).fit_transform(
        record["tokens"] for record in first
    )
    pairs = list(combinations(range(15), 2))
    wanted = expected(measure, first, first, pairs, (alone @ alone.T).toarray())
    assert within == pytest.approx(wanted, abs=1e-9)
    ranked = [row["similarity"] for row in api.compare(first, measure=measure, top=7)]
    assert ranked == pytest.approx(sorted(wanted.values(), reverse=True)[:7], abs=1e-9)


def test_vectors_are_compared_by_the_cosine_of_weighted_means(tmp_path: Path) -> None:
    first, second = made_up(5, 9), made_up(6, 8)
    model = api.word2vec(first + second, vector_size=6, min_count=1, epochs=3)
    names = ["가격", "배송", "포장", "화면", "배터리", "소리", "음식", "국물"]
    words, weights = model.lookup([Word(name) for name in names])
    row = dict(zip(names, words * weights[:, None], strict=True))

    def mean(record: dict[str, Any]) -> Any:
        return sum((row[token].astype(float) for token in record["tokens"]), numpy.zeros(6))

    wanted = {}
    for a, b in product(first, second):
        one, other = mean(a), mean(b)
        length = numpy.linalg.norm(one) * numpy.linalg.norm(other)
        if length and (cosine := one @ other / length) > 0:
            wanted[a["id"], b["id"]] = cosine
    table = api.compare(first, second, measure="vectors", vectors=model, top=None)
    found = {(row["a"], row["b"]): row["similarity"] for row in table}
    assert found == pytest.approx(wanted, abs=1e-6)  # the means are float32
    path = tmp_path / "w2v.safetensors"
    model.save(path)
    source = tmp_path / "a.jsonl"
    source.write_text(lines(*first))
    done = korpus("compare", source, "--measure", "vectors", "--vectors", path, "--top", 3)
    assert done.returncode == 0, done.stderr
    best = [row["similarity"] for row in api.compare(first, measure="vectors", vectors=model)]
    assert [float(row["similarity"]) for row in rows(done.stdout)] == best[:3]


def test_the_nearest_of_each_document() -> None:
    first, second = made_up(3, 10), made_up(4, 9)
    values = cosines(first, second)
    found: dict[str, list[float]] = {}
    for row in api.compare(first, second, nearest=3):
        found.setdefault(row["a"], []).append(row["similarity"])
        assert row["rank"] == len(found[row["a"]])
    for place, record in enumerate(first):
        best = sorted((value for value in values[place] if value > 0), reverse=True)[:3]
        assert found.get(record["id"], []) == pytest.approx(best, abs=1e-9)
    within = list(api.compare(first, nearest=1))
    assert all(row["a"] != row["b"] for row in within)


def test_the_command_takes_one_source_or_two(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text(lines(*documents("빠른 배송", "느린 배송", "")))
    second.write_text(lines(*documents("빠른 배송", "국물", first=7)))
    done = korpus("compare", first, second, "--text")
    assert rows(done.stdout)[0] == {
        "rank": "1",
        "a": "1",
        "b": "7",
        "similarity": "1.0",
        "text_a": "빠른 배송",
        "text_b": "빠른 배송",
    }
    assert len(rows(done.stdout)) == 2
    one = rows(korpus("compare", first, "--measure", "jaccard").stdout)
    assert [(row["a"], row["b"]) for row in one] == [("1", "2")]
    assert one[0]["similarity"] == "0.3333333333333333"
    assert korpus("compare", first, "--threshold", 0.99).stdout == "rank,a,b,similarity\n"
    piped = korpus("compare", "-", second, stdin=first.read_bytes())
    assert len(rows(piped.stdout)) == 2


def test_ties_are_in_the_order_of_the_documents() -> None:
    given = documents("가", "가", "가")
    found = [(row["a"], row["b"]) for row in api.compare(given)]
    assert found == [("1", "2"), ("1", "3"), ("2", "3")]


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--measure", "x"], 2, "--measure x is unknown"),
        (["--threshold", 2], 2, "--threshold 2.0 is not from 0 to 1"),
        (["--nearest", 0], 2, "--nearest 0 is less than 1"),
        (["--top", -1], 2, "--top"),
    ],
)
def test_wrong_options(options: list[object], code: int, message: str) -> None:
    done = korpus("compare", *options, stdin=lines(*documents("가", "나")))
    assert done.returncode == code and message in done.stderr and done.stdout == ""


@pytest.mark.parametrize("texts", [["가"], ["가", "나"], ["가", ""]])
def test_documents_that_share_nothing(texts: list[str]) -> None:
    for measure in ("cosine", "jaccard", "edit"):
        done = korpus("compare", "--measure", measure, stdin=lines(*documents(*texts)))
        assert (done.returncode, done.stdout) == (0, "rank,a,b,similarity\n")


def test_edit_needs_only_texts() -> None:
    given = "id,text\n1,가나다\n2,가나라\n2,\n"
    done = korpus("compare", "--measure", "edit", stdin=given)
    assert [(row["a"], row["b"]) for row in rows(done.stdout)] == [("1", "2")]
    assert "1 document with the id of an earlier one: kept" in done.stderr
    (row,) = api.compare(["가나다", "가나라"], measure="edit")
    assert row["similarity"] == pytest.approx(2 / 3)
    other = korpus("compare", "--measure", "edit", stdin="id,본문\n1,가\n2,나\n")
    assert other.returncode == 1 and "korpus read -c COLUMN" in other.stderr


def test_no_pairs_are_said() -> None:
    one = korpus("compare", stdin=lines(*documents("가 나")))
    assert one.returncode == 0 and "1 document: there is nothing to compare" in one.stderr
    none = korpus("compare", stdin=lines(*documents("가 나", "다")))
    assert "no pair of documents is similar" in none.stderr
