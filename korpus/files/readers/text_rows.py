"""Formats that are text with rows (txt, csv, tsv): read them, and cut them into chunks."""

import io
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from operator import itemgetter
from typing import BinaryIO, NamedTuple

import orjson

from korpus.errors import KorpusError
from korpus.files.readers.bad_rows import BadRows
from korpus.files.readers.chunk import Chunk, Chunking, Shape
from korpus.files.readers.cut import Cutter
from korpus.files.readers.parse_errors import PARSE_ERRORS, broken_json
from korpus.files.readers.reading import Reading
from korpus.files.sources import ESCAPED, LONGEST_LINE, detect, detect_most
from korpus.messages import _, plural
from korpus.records import TREE_COLUMNS, Record

LISTS = {"tokens", "tags"}
_OF_TREES = LISTS | {*TREE_COLUMNS}  # of a table with tokens and heads
_SURROGATES = "surrogatepass"  # some encodings can express lone surrogates
_CHUNK = 1 << 18  # bytes
_LONGEST_ROW = LONGEST_LINE // 4  # bytes; a quoted field may have many lines


class Syntax(NamedTuple):
    """How text is split into rows.

    `newline`: as for io.TextIOWrapper. `header(lines, name, row)` takes the lines up to the header
    in that row; if `row` is 0, some lines, which are given back.
    `rows(lines, shape, bad)` parses the rows after it; `bad` knows the number of their first line.
    `quoted`: quoted fields may contain line ends.
    """

    newline: str | None
    header: Callable[[Iterator[str], str, int], Shape]
    rows: Callable[[Iterator[str], Shape, BadRows], Iterator[Record]]
    quoted: bool = False


def text_reader(syntax: Syntax) -> Callable[[BinaryIO, str, Reading], Iterator[Record]]:
    """The function that reads the rows of a stream."""

    chunking = text_chunking(syntax)

    def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
        if not reading.strict:
            for chunk in chunking.cut(stream, name, reading, _CHUNK, True):
                if chunk is not None:
                    yield from chunking.rows(chunk, None)
            return
        found = detect(stream, name, reading.encoding)
        lines = io.TextIOWrapper(stream, found, newline=syntax.newline)
        shape, taken = _shape(lines, name, syntax, reading.header_row)
        bad = BadRows(list, name, 1 + len(taken))
        yield from _parse(lines, shape, bad, syntax)

    return read


def text_chunking(syntax: Syntax) -> Chunking:
    """How the format is cut into chunks."""

    def cut(
        stream: BinaryIO, name: str, reading: Reading, size: int, steady: bool
    ) -> Iterator[Chunk]:
        found, errors = detect_most(stream, name, reading.encoding, strict=reading.strict)
        damaged = errors != "strict"
        text = io.TextIOWrapper(stream, found, errors, newline=syntax.newline)
        shape, head = _shape(text, name, syntax, reading.header_row)
        if damaged and re.search(f"[{ESCAPED}]", "".join(head)):
            detect(stream, name, reading.encoding)  # raises its error
        read: Callable[[int], bytes]
        if found in ("utf-8", "utf-8-sig") and not damaged:
            text.detach()
            bom = len(BOM_UTF8) if found == "utf-8-sig" else 0
            stream.seek(sum(len(line.encode()) for line in head) + bom)
            read = stream.read
        else:
            read = lambda size: text.read(size).encode("utf-8", _SURROGATES)  # noqa: E731
        any_line_end = syntax.newline != "\n"
        cutter = Cutter(shape, quoted=syntax.quoted, any_line_end=any_line_end)
        longest = None if reading.strict else _LONGEST_ROW
        line = 1 + len(head)
        for data, count in cutter.cut(_limited(read, name, reading.strict), size, longest):
            chunk = Chunk(data, name, shape, line, count)
            yield chunk._replace(strict=reading.strict, damaged=damaged)
            line += cutter.count_lines(data)

    def rows(chunk: Chunk, held: list[Record] | None) -> Iterator[Record]:
        text = chunk.data.decode("utf-8", _SURROGATES)
        own = ([] if held is None else held) if chunk.shape.order else None
        bad = BadRows(
            lambda: list(io.StringIO(text, newline=syntax.newline)),
            chunk.name,
            chunk.line,
            strict=chunk.strict,
            held=own,
            damaged=chunk.damaged,
        )
        lines = io.StringIO(text, newline=syntax.newline)
        found = _parse(lines, chunk.shape, bad, syntax)
        return found if own is None or own is held else chain(found, own)

    return Chunking(cut, rows)


def _shape(
    lines: io.TextIOWrapper, name: str, syntax: Syntax, header_row: int | None
) -> tuple[Shape, list[str]]:
    """The shape of a text by its first lines, and these lines, which are consumed."""
    taken: list[str] = []

    def taking() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    row = 1 if header_row is None else header_row
    shape = syntax.header(taking(), name, row)
    if row:
        return shape, taken
    lines.seek(0)
    return shape, []


def _parse(lines: Iterator[str], shape: Shape, bad: BadRows, syntax: Syntax) -> Iterator[Record]:
    rows = syntax.rows(lines, shape, bad)
    if LISTS.isdisjoint(shape.header):
        return rows
    lists = _OF_TREES if {"tokens", "heads"} <= {*shape.header} else LISTS
    return (_with_lists(row, lists) for row in rows)


def _with_lists(row: Record, lists: set[str]) -> Record:
    """Parse tokens and tags, which are JSON lists in the cells of a table."""
    for key in lists:
        if key in row and row[key].startswith("["):
            try:
                row[key] = orjson.loads(row[key])
            except PARSE_ERRORS as error:
                broken_json(error)
    return row


def ordered(shape: Shape) -> Callable[[list[str]], Iterable[str]]:
    """The function that puts the fields of a row into the order of the header."""
    return itemgetter(*shape.order) if len(shape.order) > 1 else iter


def wrong_width(name: str, line: int, fields: list[str], width: int, hint: str) -> KorpusError:
    """The error for a row with more or fewer fields than the header."""
    return KorpusError(
        _("{name}: line {line} has {fields}, the header has {width}").format(
            name=name, line=line, fields=plural(len(fields), "field"), width=width
        ),
        hint,
    )


def _limited(read: Callable[[int], bytes], name: str, strict: bool) -> Callable[[int], bytes]:
    """`read`, but an error when the cutter asks for more than a row may have."""

    def read_more(size: int) -> bytes:
        if size > _LONGEST_ROW and strict:
            raise KorpusError(
                _("{name}: a row is longer than {limit} MiB").format(
                    name=name, limit=_LONGEST_ROW >> 20
                ),
                _("is there a quote that opens and never closes?"),
            )
        return read(size)

    return read_more
