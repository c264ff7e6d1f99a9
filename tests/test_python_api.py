"""korpus from Python: what stages accept, and how records and tables look and behave."""

import logging
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from html.parser import HTMLParser
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from korpus.analyzers import morph
from korpus.errors import KorpusError, TokensNeeded
from korpus.models import lsa, nmf, tfidf
from korpus.records import (
    Record,
    Records,
    RecordStream,
    Table,
    as_records,
    as_tokens,
    lazily,
    split_names,
    tokenized,
)
from korpus.tokens import freq
from tests.support import ROOT, environment

TEXTS = ["나는 학교에 간다", "", "좋은 영화"]
RECORDS = [{"id": str(number), "text": text} for number, text in enumerate(TEXTS, 1)]


def texts() -> Iterator[str]:
    yield from TEXTS


SOURCES = {
    "list": TEXTS,
    "tuple": tuple(TEXTS),
    "array": numpy.array(TEXTS),
    "missing": [TEXTS[0], None, TEXTS[2]],
    "series": pandas.Series(TEXTS, index=[7, 7, 9]),
    "series of categories": pandas.Series(TEXTS, dtype="category"),
    "series with nan": pandas.Series([TEXTS[0], float("nan"), TEXTS[2]]),
    "series with na": pandas.Series([TEXTS[0], pandas.NA, TEXTS[2]], dtype="string"),
    "frame": pandas.DataFrame({"text": TEXTS}, index=[3, 2, 1]),
    "frame with another name": pandas.DataFrame({"리뷰": TEXTS}),
    "records": RECORDS,
    "records without id": [{"text": text} for text in TEXTS],
    "records with another name": [{"본문": text} for text in TEXTS],
    "records with nan": [RECORDS[0], {"text": float("nan")}, RECORDS[2]],
    "table": Table(["text"], lambda: [(text,) for text in TEXTS]),
    "lazy records": Records(lambda: RECORDS),
}
ONCE = {
    "generator": lambda: (text for text in TEXTS),
    "generator function": texts,
    "records": lambda: (dict(record) for record in RECORDS),
    "iterator": lambda: iter(TEXTS),
    "map": lambda: map(str, TEXTS),
    "morph": lambda: morph(text for text in TEXTS),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_documents(kind: str) -> None:
    found = morph(SOURCES[kind], "space")
    for _ in range(2):  # again: the same
        records = list(found)
        assert [record["id"] for record in records] == ["1", "2", "3"]
        assert [record["text"] for record in records] == TEXTS
        assert [record["tokens"] for record in records] == [text.split() for text in TEXTS]
    assert {type(record["text"]) for record in records} == {str}


def test_a_string_is_one_document() -> None:
    assert [record["tokens"] for record in morph(TEXTS[0])] == [["나", "는", "학교", "에", "간다"]]
    assert list(as_records("")) == [{"id": "1", "text": ""}]


def test_a_record_is_one_document() -> None:
    assert [record["id"] for record in morph({"id": "a", "text": "나는"})] == ["a"]


@pytest.mark.parametrize("kind", ONCE)
def test_a_generator_is_read_once(kind: str) -> None:
    found = morph(ONCE[kind](), "space")
    assert len(list(found)) == 3
    for again in (list, Records.to_pandas, iter):
        with pytest.raises(KorpusError, match="already been used") as caught:
            again(found)
        assert caught.value.hint and "list(...)" in caught.value.hint


def test_a_generator_for_two_stages() -> None:
    source = texts()
    first, second = morph(source, "space"), morph(source, "char")
    assert len(list(first)) == 3
    with pytest.raises(KorpusError, match="already been used"):
        list(second)
    with pytest.raises(KorpusError, match="already been used"):
        morph(source)


def test_an_empty_generator_is_no_error() -> None:
    assert list(morph(text for text in [])) == []


def test_a_table_of_a_generator_can_be_read_again() -> None:
    table = freq(morph(texts()))
    assert list(table) == list(table) != []
    tokens = morph(texts())
    freq(tokens)
    with pytest.raises(KorpusError, match="already been used"):
        freq(tokens)


def test_nothing_runs_before_it_is_asked_for() -> None:
    asked: list[str] = []

    def source() -> Iterator[str]:
        for text in TEXTS:
            asked.append(text)
            yield text

    found = morph(source(), "space")
    assert asked == [] and "korpus.Records" in repr(found) and asked == []
    list(found)
    assert asked == TEXTS


def test_counts_are_said_once_for_each_run(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "korpus")
    found = morph(["나\t는", ""], "space")
    list(found), list(found)
    assert caplog.messages == 2 * [
        "cleaned for analysis: tabs and unusual spaces in 1 document",
        "1 document blank: kept, with no tokens",
    ]


def test_ids_and_other_columns() -> None:
    frame = pandas.DataFrame({"id": [10, 20], "본문": ["가", "나"], "rating": [1, 5]})
    assert list(as_records(frame)) == [
        {"id": "10", "text": "가", "rating": 1},
        {"id": "20", "text": "나", "rating": 5},
    ]
    half = pandas.DataFrame({"text": ["가", "나"], "id": [7, None]})
    assert [record["id"] for record in as_records(half)] == ["7", "2"]
    named = [{"id": 7, "text": 3}, {"text": "나", "x": [1]}]
    assert list(as_records(named)) == [
        {"id": "7", "text": "3"},
        {"id": "2", "text": "나", "x": [1]},
    ]
    assert named == [{"id": 7, "text": 3}, {"text": "나", "x": [1]}]  # not changed


def test_column() -> None:
    frame = pandas.DataFrame({"제목": ["가", "나"], "text": ["다", "라"]})
    for source in (frame, frame.to_dict("records"), iter(frame.to_dict("records"))):
        assert list(as_records(source, "제목")) == [
            {"id": "1", "text": "가", "text_": "다"},
            {"id": "2", "text": "나", "text_": "라"},
        ]
    assert [record["tokens"] for record in morph(frame, "char", column="제목")] == [["가"], ["나"]]
    twice = pandas.DataFrame([["가", "나"]], columns=["text", "text"])
    assert list(as_records(twice)) == [{"id": "1", "text": "가", "text_": "나"}]
    assert list(as_records(Records(lambda: [{"id": "1", "text": "가", "b": "나"}]), "b")) == [
        {"id": "1", "text": "나", "text_": "가"}
    ]


@pytest.mark.parametrize(
    ("source", "column", "message", "hint"),
    [
        (
            pandas.DataFrame({"a": ["가"], "b": [1]}),
            None,
            "no column has a name",
            "columns are a, b",
        ),
        (pandas.DataFrame({"a": ["가"], "b": [1]}), "c", "no column 'c'", "columns are a, b"),
        (pandas.DataFrame({"a": []}), "c", "no column 'c'", "columns are a"),
        ([{"a": "가", "b": 1}], None, "no column has a name", "columns are a, b"),
        ([{"a": "가", "b": 1}], "c", "no column 'c'", "columns are a, b"),
        ([3], None, "document 1 is neither text nor a record, but int", '{"id": "1", "text": "…"}'),
        (["가", ["나"]], None, "document 2 is neither text nor a record, but list", "a dict"),
        (Path("reviews.csv"), None, "documents cannot be of type", "korpus.read(path)"),
        (b"text", None, "documents cannot be of type bytes", "list of texts"),
        (7, None, "documents cannot be of type int", "list of texts"),
        (None, None, "documents cannot be of type NoneType", "list of texts"),
    ],
)
def test_what_is_no_documents(source: Any, column: str | None, message: str, hint: str) -> None:
    with pytest.raises(KorpusError, match=re.escape(message)) as caught:
        list(morph(source, "space", column=column))
    assert caught.value.hint and hint in caught.value.hint


def test_a_missing_column_of_a_frame_is_said_at_once() -> None:
    with pytest.raises(KorpusError, match="no column 'c'"):
        morph(pandas.DataFrame({"a": ["가"]}), column="c")


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=())))))
def test_any_text(texts: list[str | None]) -> None:
    expected = [{"id": str(number), "text": text or ""} for number, text in enumerate(texts, 1)]
    series = pandas.Series(texts, dtype=object)
    frame = pandas.DataFrame({"text": series, "n": range(len(texts))})
    assert list(as_records(texts)) == list(as_records(iter(texts))) == expected
    assert list(as_records(series)) == expected
    assert list(as_records([{"text": text} for text in texts])) == expected
    assert [{"id": r["id"], "text": r["text"]} for r in as_records(frame)] == expected


def test_tokens_in_a_frame() -> None:
    records = list(morph(TEXTS))
    for tokens in (
        pandas.DataFrame(records),
        pandas.DataFrame(records).drop(columns=["id", "text"]),
        pandas.DataFrame({"tokens": [numpy.array(r["tokens"], dtype=object) for r in records]}),
        pandas.DataFrame({"tokens": [tuple(r["tokens"]) for r in records]}),
        morph(pandas.DataFrame({"text": TEXTS})),
        [{"tokens": record["tokens"]} for record in records],
    ):
        found = list(tokenized(tokens))
        assert [record["id"] for record in found] == ["1", "2", "3"]
        assert [record["tokens"] for record in found] == [record["tokens"] for record in records]
        assert {type(record["tags"]) for record in found} == {list}
        assert [row["count"] for row in freq(tokens)] == [1] * 8


def test_documents_where_tokens_are_needed() -> None:
    for source in (
        TEXTS,
        pandas.DataFrame({"text": TEXTS}),
        pandas.DataFrame({"a": [1], "b": [2]}),
    ):
        with pytest.raises(TokensNeeded, match="document '1' has no tokens"):
            freq(source)


def test_records_of_the_user_are_not_changed() -> None:
    records = [{"id": "1", "tokens": ["가"]}]
    assert [record["tags"] for record in tokenized(records)] == [[""]]
    assert records == [{"id": "1", "tokens": ["가"]}]


@pytest.mark.parametrize("kind", [list, iter])
@pytest.mark.parametrize("stage", [freq, tfidf, partial(nmf, k=1), partial(lsa, k=1)])
def test_half_characters_outside_the_text(
    kind: Callable[[Any], Any], stage: Callable[[Any], Any], caplog: pytest.LogCaptureFixture
) -> None:
    """The rule is that of reading."""
    rows = [
        {"id": f"{n}\ud83d", "text": "나\ud83d", "tokens": ["가\ud83d", "나다"], "tags": ["N", "V"]}
        for n in range(3)
    ]
    caplog.set_level(logging.WARNING, "korpus")
    records = list(as_tokens(kind(rows)))
    whole = {
        "id": "0\ufffd",
        "text": "나\ud83d",
        "tokens": ["가\ufffd", "나다"],
        "tags": ["N", "V"],
    }
    assert records[0] == whole and rows[0]["id"] == "0\ud83d"
    assert "outside the text replaced in 3 documents" in caplog.text
    stage(kind(rows))


def test_halves_anywhere_in_a_record() -> None:
    nested: list[object] = ["\ud83d\ude00"]
    for value in (nested, ("\ud83d\ude00",), {"\ud83d\ude00": object}, {7: nested}):
        (record,) = as_records([{"id": "1", "text": "", "x": value, "n": numpy.arange(3)}])
        assert "\ud83d" not in str(record) and "😀" in str(record)
    for _depth in range(2000):
        nested = [nested]
    (record,) = as_records([{"id": "1", "text": "", "x": nested}])
    assert record["x"] is nested


def test_records_that_are_ready_are_passed_on() -> None:
    """At no cost per record: workers give such a stream, and stages such lists."""
    stream = RecordStream.from_iterable([RECORDS])
    assert type(stream) is RecordStream
    assert as_records(stream) is stream and as_tokens(stream) is stream
    assert as_records(RECORDS) is RECORDS
    tokens = [{"id": "1", "tokens": []}]
    assert as_tokens(tokens) is tokens
    lazy = morph(RECORDS)
    assert as_records(lazy) is lazy and as_tokens(lazy) is lazy


def test_names() -> None:
    assert split_names("noun, verb,,VV ") == ["noun", "verb", "VV"]
    assert split_names(["noun", "1,000"]) == ["noun", "1,000"]
    assert split_names("") == split_names(()) == []
    as_string, as_list = (list(morph(TEXTS, pos=pos)) for pos in ("noun,NP", ["noun", "NP"]))
    assert as_string == as_list
    assert as_string[0]["tokens"] == ["나", "학교"]
    assert as_string[0]["analysis"] == "--pos noun,NP"


def test_to_pandas() -> None:
    frame = morph(pandas.DataFrame({"text": TEXTS, "rating": [1, 2, 3]})).to_pandas()
    assert list(frame.columns) == ["id", "text", "rating", "tokens", "tags", "analyzer"]
    assert list(frame["tokens"]) == [record["tokens"] for record in morph(TEXTS)]
    assert list(freq(frame).to_pandas()["term"])[:2] == [row["term"] for row in freq(frame)][:2]


class _Cells(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        self.rows[-1][-1] += data


def html(found: Any) -> list[list[str]]:
    cells = _Cells(found._repr_html_())
    assert cells.tags <= {"table", "thead", "tbody", "tr", "th", "td"}
    return cells.rows


def test_records_in_jupyter() -> None:
    rows = html(morph(["나는", "<script>alert('x')</script> & \"y\"", "가" * 200], "char"))
    assert rows[0] == ["id", "text", "tokens", "tags", "analyzer"]
    assert rows[1] == ["1", "나는", "나 는", " ", "char"]
    assert rows[2][1] == "<script>alert('x')</script> & \"y\""
    assert rows[3][1] == "가" * 80 + "…"
    assert len(rows) == 4
    half = Records(lambda: [{"id": "1", "text": "반\ud83d", "x": None}])
    assert html(half) == [["id", "text", "x"], ["1", "반?", ""]]


def test_the_first_rows_are_shown_and_the_rest_is_said() -> None:
    many = morph([str(number) for number in range(11)], "space")
    assert [row[0] for row in html(many)] == ["id", *map(str, range(1, 11)), "…"]
    ten = morph([str(number) for number in range(10)], "space")
    assert [row[0] for row in html(ten)] == ["id", *map(str, range(1, 11))]
    assert html(morph([])) == [[]]


def test_showing_does_not_use_a_generator_up() -> None:
    found = morph((str(number) for number in range(30)), "space")
    assert html(found) == html(found) and len(html(found)) == 12
    assert [record["text"] for record in found] == [str(number) for number in range(30)]
    assert "already been used" in found._repr_html_()


def test_showing_reads_no_more_than_it_shows() -> None:
    read = 0

    def stage(documents: Iterable[Record]) -> Iterator[Record]:
        nonlocal read
        for record in documents:
            read += 1
            yield record

    found = lazily(as_records(str(number) for number in range(100)), stage)
    found._repr_html_()
    assert read == 11
    assert len(list(islice(found, 50))) == 50 and read == 50


def test_tables_in_jupyter() -> None:
    table = Table(["a<b", "n", "x"], lambda: [("<i>", 1, 0.123456), (None, 2, 1e9)])
    assert html(table) == [["a<b", "n", "x"], ["<i>", "1", "0.1235"], ["", "2", "1e+09"]]
    assert "a<b, n, x" in repr(table)


CELL = st.text(
    st.one_of(st.characters(exclude_categories=()), st.sampled_from("<>&'\"")), max_size=80
)


@given(st.lists(st.tuples(CELL, CELL)))
def test_html_is_escaped(rows: list[tuple[str, str]]) -> None:
    shown = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows[:10]]
    more = [["…", "…"]] if len(rows) > 10 else []
    assert html(Table(["a", "b"], lambda: rows)) == [["a", "b"], *shown, *more]


def test_pandas_is_imported_only_when_it_is_used() -> None:
    script = """
import sys
from korpus.analyzers import morph
from korpus.tokens import freq
assert len(list(freq(morph(["나는 학교에"], pos="noun")))) == 1
assert "pandas" not in sys.modules, "pandas"
assert "numpy" not in sys.modules, "numpy"
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment(), cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_package_is_typed() -> None:
    assert files("korpus").joinpath("py.typed").is_file()


def test_several_processes_give_what_one_gives() -> None:
    documents = [
        {"id": str(n), "text": f"{n}번 학생은 학교에 갔다" if n % 7 else " \ud83d"}
        for n in range(60)
    ]
    found = []
    for jobs in (1, 2):
        aside: list[dict[str, Any]] = []
        counts = Counter[str]()
        tokens = morph(documents, "space", jobs=jobs, counts=counts, rejects=aside.append)
        found.append((list(tokens), aside, counts))
    assert found[0] == found[1] and len(found[0][1]) == 9
    with pytest.raises(KorpusError, match="document '0' cannot be analysed"):
        list(morph(documents, "space", jobs=2))


def test_a_used_iterator_warns(caplog: pytest.LogCaptureFixture) -> None:
    texts = map(str, ["나는 간다"])
    assert len(list(morph(texts, "space"))) == 1
    assert list(morph(texts, "space")) == []
    assert "map gave no documents: has it been used before?" in caplog.text
