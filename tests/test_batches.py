"""Blocks of text, wherever they are cut, are read as the whole is."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from korpus.errors import KorpusError
from korpus.files import documents, read, read_batches
from korpus.files.readers import Chunk
from korpus.records import Record
from tests.support import SAMPLE

_PIECES = ['"', '""', ",", "\t", ";", "|", "\n", "\r", "\r\n", "\n\n", " ", "가", "나다", "a", "'"]
_FIELDS = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)
_ODD = st.lists(st.sampled_from(_PIECES), max_size=60).map("".join)
_ONE_COLUMN = (
    st.lists(st.sampled_from(['"', '"a', 'a"', "\n", "\r", "가", '"a"', '"\n']), max_size=40)
    .map("".join)
    .map("text\n".__add__)
)


@st.composite
def _tables(draw: st.DrawFn) -> str:
    """A table as programs write it, or as people spoil it."""
    out = io.StringIO()
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    delimiter = draw(st.sampled_from(",\t;|"))
    writer = csv.writer(out, lineterminator=end, quoting=quoting, delimiter=delimiter)
    writer.writerow(draw(st.sampled_from([("id", "text"), ("text", "b"), ("text",)])))
    width = draw(st.integers(1, 3))
    for row in draw(st.lists(st.lists(_FIELDS, min_size=width, max_size=width), max_size=6)):
        writer.writerow(row)
    return out.getvalue() + draw(st.one_of(st.just(""), _ODD))


def _outcome(found: Iterable[Record]) -> tuple[list[Record], str]:
    try:
        return list(found), ""
    except KorpusError as error:
        return [], f"{error.message} {error.hint}"


def _cut(path: Path, size: int) -> tuple[list[Record], str]:
    def found() -> Iterator[Record]:
        before = 0
        for batch in read_batches(str(path), size=size):
            assert isinstance(batch, Chunk)
            assert batch.before == before
            its_documents = list(documents(batch))
            assert len(its_documents) == batch.documents
            yield from its_documents
            before += batch.documents

    return _outcome(found())


@settings(max_examples=1500)
@given(
    text=st.one_of(_tables(), _ODD, _ODD.map("text,b\n".__add__), _ONE_COLUMN),
    suffix=st.sampled_from(["csv", "csv", "csv", "tsv", "txt"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp949", "utf-16"]),
    size=st.integers(1, 12),
)
def test_cut_anywhere(
    tmp_path_factory: pytest.TempPathFactory, text: str, suffix: str, encoding: str, size: int
) -> None:
    path = tmp_path_factory.getbasetemp() / f"cut.{suffix}"
    path.write_bytes(text.encode(encoding))
    assert _cut(path, size) == _outcome(read(path))


@settings(max_examples=300)
@given(rows=st.lists(st.tuples(_FIELDS, _FIELDS), min_size=1, max_size=20), size=st.integers(1, 9))
def test_cut_rows_are_those_of_the_csv_module(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], size: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "rows.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([("text", "other"), *rows])
    with path.open(newline="") as stream:
        expected = [(row["text"], row["other"]) for row in csv.DictReader(stream)]
    records, error = _cut(path, size)
    assert not error
    assert [(record["text"], record["other"]) for record in records] == expected == rows


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_the_same_blocks_of_the_same_file(size: int) -> None:
    first, second = (list(read_batches(str(SAMPLE), size=size)) for _ in range(2))
    assert first == second
    assert len(first) > 1 or size == 10_000


def test_quotes_inside_a_field_keep_no_row_from_being_cut(tmp_path: Path) -> None:
    path = tmp_path / "inches.csv"
    path.write_text("text,b\n" + '24" 화면,"a\nb"\n' * 1000, encoding="utf-8")
    blocks = list(read_batches(str(path), size=100))
    assert max(len(block.data) for block in blocks if isinstance(block, Chunk)) <= 800
    assert _cut(path, 100) == _outcome(read(path))


def test_a_field_of_many_lines_is_read_once(tmp_path: Path) -> None:
    """The time to cut grows with the length, not with its square."""
    path = tmp_path / "long.csv"
    field = "문단\n\n" * 200_000
    path.write_text(f'text,b\n"{field}",1\n가,2\n', encoding="utf-8")
    records, error = _cut(path, 100)
    assert not error
    assert [record["text"] for record in records] == [field, "가"]


@pytest.mark.parametrize("size", [3, 40, 1000])
@pytest.mark.parametrize(("suffix", "row"), [("jsonl", '{"text":"나는"}'), ("txt", "나는")])
def test_a_byte_order_mark_alone_on_its_line_numbers_no_document(
    tmp_path: Path, suffix: str, row: str, size: int
) -> None:
    path = tmp_path / f"bom.{suffix}"
    path.write_text(f"\ufeff\n{row}\n" + f"{row}\n" * 30)
    found = [
        record["id"] for batch in read_batches(str(path), size=size) for record in documents(batch)
    ]
    assert found == [record["id"] for record in read(path)]
    assert len(found) == (31 if suffix == "jsonl" else 32)  # a blank line of text is a document
