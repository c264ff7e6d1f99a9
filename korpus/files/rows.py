"""Rows of every input format: each reader turns a byte stream into dicts and streams.

JSON arrays are read whole; all others a line, a row or a batch at a time.
"""

import contextlib
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple

import orjson

from korpus.errors import KorpusError
from korpus.files.encodings import bom_encoding, detect
from korpus.files.formats import delimiter_of
from korpus.files.streams import LONGEST_LINE, peek, rewindable, too_long
from korpus.files.tables import checked_header, parquet_rows, xlsx_rows
from korpus.records import Record

# Characters. A field may be a whole book; the csv module's own limit is 128 KiB.
_LONGEST_FIELD = 1 << 26
# How Python's text streams and StringIO are to end the lines of a text ("newline").
LINE_ENDS = {"txt": None, "csv": "", "tsv": "\n"}
LISTS = {"tokens", "tags"}
_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


class Shape(NamedTuple):
    """What the start of a text says of all its rows.

    `format`: txt, csv, tsv or jsonl. `header`: the columns of a table. `places`: the fields that
    they are, where that is another order than that of the rows.
    """

    format: str
    delimiter: str = ""
    header: tuple[str, ...] = ()
    places: tuple[int, ...] = ()


def read_rows(
    stream: BinaryIO, name: str, format: str, encoding: str | None = None
) -> Iterator[Record]:
    """The rows of a stream in `format`; `name` stands in messages. Streams, but for json."""
    yield from _READERS[format](stream, name, encoding)


def whole_text(stream: BinaryIO, name: str, encoding: str | None) -> str:
    """All text of a stream, with line ends as they are."""
    with rewindable(stream) as seekable:
        found = detect(seekable, name, encoding, by_line=False)
        return seekable.read().decode(found)


def _text_lines(format: str) -> Callable[[BinaryIO, str, str | None], Iterator[Record]]:
    def rows(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[Record]:
        with rewindable(stream) as seekable:
            found = detect(seekable, name, encoding)
            lines = io.TextIOWrapper(seekable, found, newline=LINE_ENDS[format])
            shape, first = shape_of(lines, name, format)
            yield from shaped_rows(lines, shape, name, 1 + len(first))

    return rows


def shape_of(lines: Iterator[str], name: str, format: str) -> tuple[Shape, list[str]]:
    """The shape of txt, csv or tsv by its first lines, and these lines, which are taken.

    Raises KorpusError for a header that is broken or has one name twice.
    """
    taken: list[str] = []

    def taking() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    start = taking()
    if format == "txt":
        return Shape(format), taken
    if format == "tsv":
        header = checked_header(_tsv_fields(next(start, "")), name)
        return Shape(format, "\t", tuple(header)), taken
    delimiter = delimiter_of(first := next(start, ""))
    try:
        fields: list[str] = next(_csv_reader(chain([first], start), delimiter), [])
    except csv.Error as error:
        raise _broken_csv(name, 1, error) from None
    return Shape(format, delimiter, tuple(checked_header(fields, name))), taken


def shaped_rows(lines: Iterator[str], shape: Shape, name: str, first: int) -> Iterator[Record]:
    """The rows of a text of known shape. Its lines end as LINE_ENDS says; `first` is the number of
    the first one. Raises KorpusError for a broken row.
    """
    rows = _ROWS[shape.format](lines, shape, name, first)
    return rows if LISTS.isdisjoint(shape.header) else map(_with_lists, rows)


def _txt_rows(lines: Iterator[str], shape: Shape, name: str, first: int) -> Iterator[Record]:
    for line in lines:
        yield {"text": line.rstrip("\n")}


def _csv_rows(lines: Iterator[str], shape: Shape, name: str, first: int) -> Iterator[Record]:
    header, width, ordered = shape.header, len(shape.header), _order(shape)
    reader = _csv_reader(lines, shape.delimiter)
    line = first
    try:
        for fields in reader:
            if len(fields) == width and fields:
                yield dict(zip(header, ordered(fields), strict=False))
            elif fields:
                raise _wrong_width(name, line, fields, width, "the text needs quotes")
            line = first + reader.line_num
    except csv.Error as error:
        raise _broken_csv(name, line, error) from None


def _csv_reader(lines: Iterator[str], delimiter: str) -> Any:
    csv.field_size_limit(_LONGEST_FIELD)
    return csv.reader(lines, strict=True, delimiter=delimiter)


def _broken_csv(name: str, line: int, error: csv.Error) -> KorpusError:
    unclosed = "unexpected end of data" in str(error)
    too_large = "field larger" in str(error)
    what = "a quote opens that never closes" if unclosed or too_large else str(error)
    return KorpusError(
        f"{name}: line {line}: {what}",
        'quotes inside a quoted field are doubled (""); a table without quoting: '
        "--input-format tsv",
    )


def _tsv_rows(lines: Iterator[str], shape: Shape, name: str, first: int) -> Iterator[Record]:
    """Tab-separated values have no quoting: a quote is a character like any other."""
    header, width, ordered = shape.header, len(shape.header), _order(shape)
    for number, line in enumerate(lines, first):
        fields = _tsv_fields(line)
        if len(fields) == width:
            yield dict(zip(header, ordered(fields), strict=False))
        elif fields != [""]:
            hint = "a quoted table, as spreadsheets write it, is read with --input-format csv"
            raise _wrong_width(name, number, fields, width, hint)


def _tsv_fields(line: str) -> list[str]:
    return line.rstrip("\r\n").split("\t")


def _order(shape: Shape) -> Callable[[list[str]], Iterable[str]]:
    return itemgetter(*shape.places) if len(shape.places) > 1 else iter


def _with_lists(row: Record) -> Record:
    """Tokens and tags are JSON lists in the cells of a table."""
    for key in LISTS:
        if key in row and row[key].startswith("["):
            with contextlib.suppress(orjson.JSONDecodeError):
                row[key] = orjson.loads(row[key])
    return row


def _jsonl(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[Record]:
    """JSON is UTF-8 by its standard, so nothing is read ahead to find the encoding."""
    declared = bom_encoding(peek(stream, 4))
    if encoding or declared not in (None, "utf-8-sig"):
        with rewindable(stream) as seekable:
            found = detect(seekable, name, encoding)
            text = io.TextIOWrapper(seekable, found, newline="\n")
            yield from json_lines((line.encode() for line in text), name)
    else:
        yield from json_lines(_bounded(stream, name), name)


def _bounded(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """The lines of a stream. Raises KorpusError for too long a one."""
    for number, line in enumerate(iter(partial(stream.readline, LONGEST_LINE), b""), 1):
        if len(line) == LONGEST_LINE:
            raise too_long(name, number)
        yield line


def json_lines(lines: Iterable[bytes], name: str, first: int = 1) -> Iterator[Record]:
    """The rows of JSON Lines in UTF-8; the first line is number `first` of `name`."""
    loads = orjson.loads
    for number, line in enumerate(lines, first):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        try:
            row = loads(line)
        except orjson.JSONDecodeError as error:
            if not line.strip():
                continue
            row = _with_half_characters(line)
            if row is None:
                raise KorpusError(
                    f"{name}: line {number}: broken JSON ({error.msg})",
                    "each line is one object in UTF-8; another encoding: -e cp949",
                ) from None
        yield row if type(row) is dict else _wrapped(row, f"{name}: line {number}")


def _with_half_characters(line: bytes) -> object:
    """What orjson refuses but JSON allows: half of a character, as of an emoji cut in two."""
    if _HALF_CHARACTER.search(line):
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(line)
    return None


def _json(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[Record]:
    text = whole_text(stream, name, encoding)
    try:
        rows = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise KorpusError(
            f"{name}: line {error.lineno}: broken JSON ({error.msg})",
            "an object a line is read with --input-format jsonl",
        ) from None
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        yield row if isinstance(row, dict) else _wrapped(row, f"{name}: item {number}")


_ROWS = {"txt": _txt_rows, "csv": _csv_rows, "tsv": _tsv_rows}
_READERS: dict[str, Callable[[BinaryIO, str, str | None], Iterator[Record]]] = {
    **{format: _text_lines(format) for format in LINE_ENDS},
    "jsonl": _jsonl,
    "json": _json,
    "parquet": parquet_rows,
    "xlsx": xlsx_rows,
}


def _wrong_width(name: str, line: int, fields: list[str], width: int, hint: str) -> KorpusError:
    return KorpusError(
        f"{name}: line {line} has {len(fields)} fields, the header has {width}", hint
    )


def _wrapped(row: object, place: str) -> Record:
    """A bare JSON string is a document; anything else that is not an object is an error."""
    if isinstance(row, str):
        return {"text": row}
    raise KorpusError(f"{place}: not a JSON object", 'expected {"text": "…"}')
