"""Search: scores, methods, filters, marks, sentences, and what it says."""

import csv
import io
import json
import math
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import bm25s
import numpy
import pytest

from korpus.analyzers import morph
from korpus.errors import UsageError
from korpus.files import load, read
from korpus.models import index, search, word2vec
from korpus.tokens import stopwords
from tests.support import ROOT, SAMPLE, korpus, lines

FLOOR = tomllib.loads((ROOT / "tests" / "floors.toml").read_text())["search"]
# The most characteristic words of each subject, and its name.
SUBJECTS = {
    "병원": ["의사 진료 환자", "병원"],
    "식당": ["국물 반찬 맛", "식당"],
    "여행": ["숙소 바다 여행", "여행"],
    "영화": ["감독 배우 장면", "영화"],
    "휴대폰": ["배터리 충전 화면", "휴대폰"],
}


@pytest.fixture(scope="module")
def tokens() -> list[dict[str, Any]]:
    return list(morph(read(SAMPLE), pos="term", spans=True))


@pytest.fixture(scope="module")
def files(tokens: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    model = word2vec(tokens, vector_size=50, epochs=30, min_count=2)
    model.save(folder / "w2v.safetensors")
    index(tokens, vectors=model).save(folder / "i.safetensors")
    return folder


@pytest.fixture(scope="module")
def made(files: Path) -> Any:
    return load(files / "i.safetensors")


def rows(done: Any) -> list[dict[str, str]]:
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def scores(found: Any) -> dict[str, float]:
    return {row["id"]: row["score"] for row in found}


def test_scores_are_the_formula(made: Any, tokens: list[dict[str, Any]]) -> None:
    query = ["병원", "친절", "병원", "없는말"]
    lengths = [len(record["tokens"]) for record in tokens]
    mean = sum(lengths) / len(lengths)
    for k1, b in ((1.2, 0.75), (2.0, 0.0), (0.5, 1.0)):
        expected = {}
        for record, length in zip(tokens, lengths, strict=True):
            counts, total = Counter(record["tokens"]), 0.0
            for word in query:
                df = sum(word in other["tokens"] for other in tokens)
                idf = math.log(1 + (len(tokens) - df + 0.5) / (df + 0.5))
                tf = counts[word]
                total += idf * tf / (tf + k1 * (1 - b + b * length / mean))
            if total:
                expected[record["id"]] = total
        asked = {"id": "q", "tokens": query, "tags": [""] * 4}
        found = scores(search(made, [asked], top=300, k1=k1, b=b))
        assert found == pytest.approx(expected, abs=1e-6)


def test_scores_are_those_of_bm25s(made: Any, tokens: list[dict[str, Any]]) -> None:
    library = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    library.index([record["tokens"] for record in tokens], show_progress=False)
    for query in ("병원 간호사", "국물이 진한 식당", "여행"):
        asked = next(iter(morph(query, pos="term")))["tokens"]
        numbers, values = library.retrieve([asked], k=10, show_progress=False)
        found = list(search(made, query))
        assert [row["score"] for row in found] == pytest.approx(values[0].tolist(), abs=1e-5)
        expected = {tokens[number]["id"] for number in numbers[0]}
        assert len(expected & {row["id"] for row in found}) >= 9  # ties


@pytest.mark.parametrize("method", ["bm25", "vectors", "both"])
def test_words_of_a_subject_find_it(method: str, made: Any, files: Path) -> None:
    vectors = None if method == "bm25" else load(files / "w2v.safetensors")
    for subject, queries in SUBJECTS.items():
        for query in queries:
            found = list(search(made, query, method=method, vectors=vectors))
            assert len(found) == 10
            hits = sum(row["category"] == subject for row in found)
            assert hits >= FLOOR["first_ten"], (query, hits)


def test_both_is_reciprocal_rank_fusion(made: Any, files: Path) -> None:
    vectors = load(files / "w2v.safetensors")
    expected: Counter[str] = Counter()
    for method, model in (("bm25", None), ("vectors", vectors)):
        found = search(made, "친절한 의사", method=method, vectors=model, top=1000)
        for row in found:
            expected[row["id"]] += 1 / (60 + row["rank"])
    found = scores(search(made, "친절한 의사", vectors=vectors, top=1000))
    assert found == pytest.approx(dict(expected), abs=1e-6)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_vectors_are_cosines(made: Any, files: Path, tokens: list[dict[str, Any]]) -> None:
    vectors = load(files / "w2v.safetensors")
    means = vectors.document_vectors(tokens).vectors
    query = vectors.document_vectors(morph("친절한 의사", pos="term")).vectors[0]
    sizes = numpy.linalg.norm(means, axis=1) * numpy.linalg.norm(query)
    cosines = dict(zip((r["id"] for r in tokens), (means @ query / sizes).tolist(), strict=True))
    found = search(made, "친절한 의사", method="vectors", vectors=vectors)
    assert scores(found) == pytest.approx(
        {row["id"]: cosines[row["id"]] for row in found}, abs=1e-5
    )
    assert list(scores(found)) == sorted(cosines, key=lambda name: -cosines[name])[:10]


def test_a_condition_keeps_the_ranking_of_those_that_meet_it(made: Any) -> None:
    query = "의사 국물 배우"
    everything = list(search(made, query, top=300))
    condition = "rating >= 4 and category in (병원, 식당)"
    expected = [
        row["id"]
        for row in everything
        if int(row["rating"]) >= 4 and row["category"] in ("병원", "식당")
    ]
    assert [row["id"] for row in search(made, query, top=300, where=condition)] == expected
    found = search(made, query, top=3, where=condition)
    assert [row["id"] for row in found] == expected[:3]


def test_a_rare_condition_is_looked_for_in_all_documents() -> None:
    documents = [{"id": str(n), "tokens": ["가"], "tags": ["N"], "n": n} for n in range(3000)]
    found = index(documents).search(documents[0], where="n = 2500 or n = 2600", top=2)
    assert [row["id"] for row in found] == ["2500", "2600"]


def test_documents_that_a_condition_leaves_undecided_are_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    values = ["5", "", None, "many", "5"]
    documents = [
        {"id": str(n), "tokens": ["가"], "tags": ["N"], "n": value}
        for n, value in enumerate(values)
    ]
    with caplog.at_level("INFO", "korpus"):
        found = index(documents).search(documents[:2], where="n > 3")
    assert [row["id"] for row in found] == ["0", "4"] * 2
    assert "n: no value in 2 rows, left out" in caplog.text
    assert "a value that cannot be compared in 1 row, left out ('many' …)" in caplog.text


def test_queries_are_analysed_as_the_documents_were(tmp_path: Path) -> None:
    documents = [{"id": "1", "text": "학교에 갔다"}, {"id": "2", "text": "공부했다 AI"}]
    made = index(
        stopwords(morph(documents, pos="noun,verb,foreign", lemma=True, fold=True), min_length=2)
    )
    for query, expected in (("가는", ["1"]), ("공부하자", ["2"]), ("ai", ["2"]), ("ＡＩ", ["2"])):
        assert [row["id"] for row in search(made, query)] == expected, query
    made.save(tmp_path / "i.safetensors")
    done = korpus("search", tmp_path / "i.safetensors", "그리고 학교")
    assert "searched for: 학교" in done.stderr
    done = korpus("search", tmp_path / "i.safetensors", "그리고")
    assert (done.returncode, done.stdout) == (0, "rank,score,id,passage,text\n")
    assert "queries without a word, after the analysis of the documents: '그리고'" in done.stderr
    done = korpus("search", tmp_path / "i.safetensors", "병원 학교")
    assert "in no document: 병원" in done.stderr


def test_a_word_table_is_needed_again(tmp_path: Path) -> None:
    table, other = tmp_path / "words.csv", tmp_path / "other.csv"
    table.write_text("form,becomes\n가상현실,\n의원,병원\n")
    other.write_text("form\n병원\n")
    documents = [{"id": "1", "text": "가상현실 체험"}, {"id": "2", "text": "의원에 갔다"}]
    path = tmp_path / "i.safetensors"
    index(morph(documents, words=list(csv.DictReader(table.open())))).save(path)
    done = korpus("search", path, "가상현실")
    assert done.returncode == 2 and "give the same: --words FILE" in done.stderr
    done = korpus("search", path, "가상현실", "--words", other)
    assert done.returncode == 2 and "is not the one" in done.stderr
    assert [r["id"] for r in rows(korpus("search", path, "가상현실", "--words", table))] == ["1"]
    assert [r["id"] for r in rows(korpus("search", path, "의원", "--words", table))] == ["2"]


def test_queries_of_a_file_and_steps_that_are_not_repeated(files: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.csv"
    queries.write_text("id,text\nq1,친절한 병원\nq2,배터리\n")
    found = rows(korpus("search", files / "i.safetensors", "--queries", queries, "--top", 2))
    assert [(row["query_id"], row["query"], row["rank"]) for row in found] == [
        ("q1", "친절한 병원", "1"),
        ("q1", "친절한 병원", "2"),
        ("q2", "배터리", "1"),
        ("q2", "배터리", "2"),
    ]
    named = tmp_path / "named.csv"
    named.write_text("id,질문\nq1,친절한 병원\nq2,배터리\n")
    again = korpus("search", files / "i.safetensors", "--queries", named, "-c", "질문", "--top", 2)
    assert rows(again) == found
    tokens = lines(*morph(read(queries), pos="term"))
    again = korpus("search", files / "i.safetensors", "--queries", "-", "--top", 2, stdin=tokens)
    assert rows(again) == found
    wrong = lines(*morph(read(queries), pos="noun"))
    done = korpus("search", files / "i.safetensors", "--queries", "-", stdin=wrong)
    assert done.returncode == 1 and "the model's by mecab --pos term" in done.stderr
    both = korpus("search", files / "i.safetensors", "병원", "--queries", queries)
    assert both.returncode == 2
    joined = [{**record, "analysis": "| words apply x"} for record in morph("배송이 빨라요")]
    path = tmp_path / "i.safetensors"
    index(joined).save(path)
    assert "not repeated for queries: words apply x" in korpus("search", path, "배송").stderr


def test_matches_are_marked_in_the_original_text() -> None:
    text = "배송이\n빨라요. " + "그냥 그래요 " * 30 + "포장이 좋고 배송도 빨라요" + " 끝" * 50
    made = index(stopwords(morph([{"id": "1", "text": text}], spans=True)))
    (row,) = search(made, "포장 배송")
    assert "[포장]이 좋고 [배송]도 빨라요" in row["passage"]
    assert row["passage"].startswith("…") and row["passage"].endswith("…")
    assert len(row["passage"]) <= 90 and row["text"] == text
    (row,) = search(index(morph("배송이\n빨라요", spans=True)), "배송")
    assert row["passage"] == "[배송]이 빨라요"


def test_sentences_for_a_prompt(files: Path, tmp_path: Path) -> None:
    texts = ["첫 문장입니다. 배송이 늦었어요. 환불을 받았어요. 끝입니다.", "배송이 빨라요."]
    documents = [{"id": str(n), "text": text, "rating": n} for n, text in enumerate(texts, 1)]
    index(morph(documents, spans=True)).save(tmp_path / "i.safetensors")
    done = korpus("search", tmp_path / "i.safetensors", "환불 배송", "--context", 1)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert list(found[0]) == ["rank", "score", "id", "text", "start", "end", "rating"]
    assert found[0]["text"] == "배송이 늦었어요. 환불을 받았어요. 끝입니다."
    assert texts[0][found[0]["start"] : found[0]["end"]] == found[0]["text"]
    assert found[1] == {**found[1], "id": "2", "text": "배송이 빨라요.", "rating": 2}
    done = korpus(
        "search", tmp_path / "i.safetensors", "환불", "--context", 0, "-o", tmp_path / "x.csv"
    )
    assert done.returncode == 0
    header, row = (tmp_path / "x.csv").read_text("utf-8").splitlines()
    assert header == "rank,score,id,text,start,end,rating" and "환불을 받았어요.,19,28,1" in row
    found = search(
        load(files / "i.safetensors"),
        "간호사",
        method="vectors",
        vectors=load(files / "w2v.safetensors"),
        context=0,
    )
    assert all(0 < len(row["text"]) < 200 for row in found)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--top", 0], "--top 0 is less than 1"),
        (["--context", -1], "--context -1 is less than 0"),
        (["--method", "tfidf"], "--method tfidf is unknown"),
        (["--method", "both"], "--method both needs --vectors"),
        (["--where", "price > 3"], "there is no column 'price'"),
        (["--b", 2], "is out of range"),
        (["--k1", "inf"], "is out of range"),
    ],
)
def test_wrong_options(options: list[object], message: str, files: Path) -> None:
    done = korpus("search", files / "i.safetensors", "병원", *options)
    assert done.returncode in (1, 2) and message in done.stderr
    assert done.stdout == "" and done.stderr.startswith("korpus: error: ")


def test_vectors_of_another_model_are_refused(files: Path, tokens: list[dict[str, Any]]) -> None:
    made = load(files / "i.safetensors")
    other = word2vec(tokens, vector_size=50, epochs=1, min_count=2)
    with pytest.raises(UsageError, match="another model"):
        search(made, "병원", vectors=other)
    with pytest.raises(UsageError, match="has no vectors"):
        search(index(tokens), "병원", vectors=load(files / "w2v.safetensors"))
    assert korpus("search", files / "i.safetensors").returncode == 2
