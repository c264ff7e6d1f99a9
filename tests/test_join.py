"""Columns of a table put onto documents by id."""

from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

import korpus
from korpus.errors import KorpusError, UsageError
from tests.support import TOKENS, lines, records
from tests.support import korpus as run

DOCUMENTS = [{"id": "1", "text": "가"}, {"id": "2", "text": "나"}, {"id": "3", "text": "다"}]


def joined(table: list[dict[str, Any]], **options: Any) -> list[dict[str, Any]]:
    return list(korpus.join(DOCUMENTS, table, **options))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "meta.csv"
    path.write_text("id,press,text\n1,한겨레,x\n9,조선,y\n3,경향,z\n", encoding="cp949")
    return path


def test_columns_are_added_and_the_rest_is_said(table: Path) -> None:
    done = run("join", table, stdin=lines(*DOCUMENTS))
    assert records(done.stdout) == [
        {"id": "1", "text": "가", "press": "한겨레", "text_": "x"},
        {"id": "2", "text": "나", "press": None, "text_": None},
        {"id": "3", "text": "다", "press": "경향", "text_": "z"},
    ]
    assert done.stderr.splitlines()[-4:] == [
        "korpus: columns of the table that the documents have too: text → text_",
        "korpus: 2 documents joined",
        "korpus: 1 document without a row in the table: their new columns are empty",
        "korpus: 1 key of the table without a document ('9')",
    ]


def test_documents_come_before_the_table(table: Path, tmp_path: Path) -> None:
    source = tmp_path / "tokens.jsonl"
    source.write_text(TOKENS)
    done = run("join", source, table, "--how", "inner")
    (record,) = records(done.stdout)
    assert list(record) == ["id", "text", "tokens", "tags", "analyzer", "press", "text_"]
    done = run("join", source, table, table)
    assert done.returncode == 2 and "3 files were given" in done.stderr
    assert "hint: give one file of documents, then one table" in done.stderr


def test_inner_leaves_documents_out(table: Path) -> None:
    done = run("join", table, "--how", "inner", stdin=lines(*DOCUMENTS))
    assert [record["id"] for record in records(done.stdout)] == ["1", "3"]
    assert "1 document without a row in the table: left out" in done.stderr


def test_keys_of_other_types_and_forms() -> None:
    for key in (2, 2.0, "2", " 2 ", "2.0"):
        assert joined([{"id": key, "x": "!"}], how="inner")[0]["id"] == "2"
    assert joined([{"id": "02", "x": "!"}], how="inner") == []
    assert joined([{"id": "2.00", "x": "!"}], how="inner") == []
    name = normalize("NFD", "신문")
    found = joined([{name: normalize("NFD", "나"), "x": "!"}], on="text", right_on="신문")
    assert [record["x"] for record in found] == [None, "!", None]


def test_missing_keys_match_nothing(caplog: pytest.LogCaptureFixture) -> None:
    documents = [{"id": "1", "k": ""}, {"id": "2", "k": None}, {"id": "3"}]
    with caplog.at_level("INFO", "korpus"):
        found = list(korpus.join(documents, [{"k": "", "x": 1}, {"k": None, "x": 2}], on="k"))
    assert [record["x"] for record in found] == [None] * 3
    assert "2 rows of the table without a key" in caplog.text


def test_several_rows_for_a_key() -> None:
    table = [{"id": 1, "topic": 4}, {"id": 1, "topic": 2}, {"id": 2, "topic": 1}]
    with pytest.raises(KorpusError, match="several rows for '1'") as failed:
        joined(table)
    assert failed.value.hint and "--many first" in failed.value.hint
    first = joined(table, many="first", how="inner")
    assert [(record["id"], record["topic"]) for record in first] == [("1", 4), ("2", 1)]
    every = joined(table, many="all", how="inner")
    assert [(record["id"], record["topic"]) for record in every] == [("1", 4), ("1", 2), ("2", 1)]


def test_a_clash_in_a_later_document_loses_nothing() -> None:
    documents = [{"id": "1"}, {"id": "2", "x": "mine", "x_": "too"}]
    found = list(korpus.join(documents, [{"id": 1, "x": 1}, {"id": 2, "x": 2}]))
    assert found == [{"id": "1", "x": 1}, {"id": "2", "x": "mine", "x_": "too", "x__": 2}]


def test_wrong_columns_and_options(table: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    for options, code, message, hint in (
        (["--on", "press"], 1, "there is no column 'press'", "--on"),
        (["--right-on", "번호"], 1, "the table has no column '번호'", "--right-on"),
        (["--how", "outer"], 2, "--how outer is unknown", "left, inner"),
        (["--many", "last"], 2, "--many last is unknown", "error, first, all"),
    ):
        done = run("join", table, *options, "-o", output, stdin=lines(*DOCUMENTS))
        assert done.returncode == code and f"korpus: error: {message}" in done.stderr
        assert hint in done.stderr.splitlines()[-1] and not output.exists()
    with pytest.raises(UsageError):
        joined([], how="outer")


def test_topics_onto_documents(tmp_path: Path) -> None:
    """The chain that this is for: documents, their topics, and back to the ratings."""
    tokens = tmp_path / "tokens.jsonl"
    rows = [
        {"id": str(n), "tokens": [w] * 5, "tags": ["NNG"] * 5} for n, w in enumerate("가나가나")
    ]
    tokens.write_text(lines(*rows))
    topics = tmp_path / "topics.csv"
    made = run("nmf", tokens, "-k", "2", "--documents", topics, "-o", tmp_path / "terms.csv")
    assert made.returncode == 0, made.stderr
    done = run("join", tokens, topics, "--many", "first")
    found = records(done.stdout)
    assert found[0]["topic"] == found[2]["topic"] != found[1]["topic"] == found[3]["topic"]
    assert "4 keys with several rows in the table: the first was taken" in done.stderr
