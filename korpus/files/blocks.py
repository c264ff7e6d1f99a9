"""A source in batches for the worker processes: blocks of text that are parsed there."""

import io
import logging
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, NamedTuple

from korpus.errors import KorpusError
from korpus.files.columns import Columns, as_documents, document, pick_columns
from korpus.files.cuts import count_lines, cut
from korpus.files.encodings import bom_encoding, detect
from korpus.files.read import format_of, read, rows_of
from korpus.files.rows import LINE_ENDS, LISTS, Shape, json_lines, shape_of, shaped_rows
from korpus.files.streams import (
    LONGEST_LINE,
    STDIN,
    Place,
    open_source,
    pauses,
    peek,
    place,
    reading,
    rewindable,
    source_name,
    too_long,
)
from korpus.records import Counts, Record, batches_of

logger = logging.getLogger("korpus")

_BLANK_START = re.compile(rb"\n\s")
_UTF8 = (None, "utf-8-sig")
_JSONL = Shape("jsonl")
_NO_COLUMNS = Columns(None, "id")
_SURROGATES = "surrogatepass"  # which some encodings can hold alone
_LONGEST_ROW = LONGEST_LINE // 4  # bytes; a quoted field may have many lines
_BYTES_A_CHARACTER = 4  # Hangul takes three, and documents have other columns


class Block(NamedTuple):
    """Whole rows of a text in UTF-8, with what it takes to read them wherever they are.

    `name`, `shape`, `columns`: of the source. `line`: the number of the first line. `before`: how
    many documents come before, and `documents` how many these are.
    """

    data: bytes
    name: str
    shape: Shape
    columns: Columns
    line: int
    before: int
    documents: int


Batch = Block | list[Record]
# Is told of the documents of a batch, and how far the source was read.
Seen = Callable[[int, Place | None], None]


def read_batches(
    source: str,
    *,
    size: int,
    column: str | None = None,
    id_column: str | None = None,
    encoding: str | None = None,
    input_format: str | None = None,
    whole_file: bool = False,
    steady: bool = False,
    seen: Seen | None = None,
) -> Iterator[Batch | None]:
    """Read what `read` reads in batches of about `size` characters of text. Streams.

    Out: txt, csv, tsv and jsonl as blocks, the same ones for the same file; all else as lists of
    documents; None where standard input has no more at the moment. `documents` gives the documents
    of either. `steady`: the same blocks of standard input too, at whatever pace it comes; `seen` is
    told how many documents a batch has, and the place in the source. Other parameters and errors
    are those of `read`.
    """
    with reading(source):
        is_folder = source != STDIN and Path(source).is_dir()
    if is_folder or whole_file:
        found = read(
            source,
            column=column,
            id_column=id_column,
            encoding=encoding,
            input_format=input_format,
            whole_file=whole_file,
        )
        yield from batches_of(found, size)
        return
    name = source_name(source)

    def pick(row: Record) -> Columns:
        return pick_columns(row, name, column, id_column)

    with open_source(source) as stream:
        format = format_of(stream, source, input_format, column, encoding)
        if format == "jsonl" and not encoding and bom_encoding(peek(stream, 4)) in _UTF8:
            blocks = _blocks(stream, name, pick, size * _BYTES_A_CHARACTER, steady)
            yield from _told(blocks, stream, seen)
            return
        with rewindable(stream) if format != "jsonl" else nullcontext(stream) as stream:
            if format in LINE_ENDS:
                blocks = _text_blocks(stream, name, format, encoding, pick, size)
                yield from _told(blocks, stream, seen)
            else:
                rows = as_documents(rows_of(stream, name, format, encoding), name, pick)
                yield from _told(batches_of(rows, size), stream, seen)


def _told(
    batches: Iterator[Block | None] | Iterator[list[Record]], stream: BinaryIO, seen: Seen | None
) -> Iterator[Batch | None]:
    if seen is None:
        yield from batches
        return
    last = place(stream)
    for batch in batches:
        # A reader that has come to the end has closed the stream.
        last = place(stream) or (last and Place(last.of, last.of))
        if batch is not None:
            seen(len(batch) if isinstance(batch, list) else batch.documents, last)
        yield batch


def documents(batch: Batch) -> Iterator[Record]:
    """The documents of a batch. Raises KorpusError for a broken line or a missing column."""
    if isinstance(batch, list):
        return iter(batch)
    if batch.shape.format == "jsonl":
        return _json_documents(batch)
    if batch.shape.places:
        return _rows(batch)
    return as_documents(_rows(batch), batch.name, lambda _: batch.columns, batch.before)


def _json_documents(batch: Block) -> Iterator[Record]:
    rows = json_lines(io.BytesIO(batch.data), batch.name, batch.line)
    usual = batch.columns == ("text", "id")
    for number, row in enumerate(rows, batch.before + 1):
        keys = iter(row)
        if (
            usual  # and as korpus writes it: there is nothing to do
            and next(keys, None) == "id"
            and next(keys, None) == "text"
            and type(row["id"]) is type(row["text"]) is str
        ):
            yield row
        else:
            yield document(row, batch.columns, number, batch.name)


def unchanged(documents: Iterable[Record], *, counts: Counts | None = None) -> Iterator[Record]:
    """The stage that only reads. Streams. `counts` stays as it is."""
    return iter(documents)


def _blocks(
    stream: BinaryIO, name: str, pick: Callable[[Record], Columns], size: int, steady: bool
) -> Iterator[Block | None]:
    columns: Columns | None = None
    line, number = 1, 0
    for data in _whole_lines(stream, name, size, steady):
        if data is None:
            yield None
            continue
        if columns is None:
            first = next(json_lines(io.BytesIO(data), name, line), None)
            columns = None if first is None else pick(first)
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        count = lines - _blank_lines(data)
        if columns is not None:
            yield Block(data, name, _JSONL, columns, line, number, count)
        line += lines
        number += count
    if columns is None:
        logger.info("%s is empty: no documents", name)


def _text_blocks(
    stream: BinaryIO,
    name: str,
    format: str,
    encoding: str | None,
    pick: Callable[[Record], Columns],
    size: int,
) -> Iterator[Block]:
    found = detect(stream, name, encoding)
    text = io.TextIOWrapper(stream, found, newline=LINE_ENDS[format])
    shape, head = shape_of(text, name, format)
    read: Callable[[int], bytes]
    if found in ("utf-8", "utf-8-sig"):
        text.detach()
        stream.seek(sum(len(line.encode()) for line in head) + len(BOM_UTF8) * (found != "utf-8"))
        read = stream.read
    else:
        read = lambda size: text.read(size).encode("utf-8", _SURROGATES)  # noqa: E731
    columns: Columns | None = None
    line, number = 1 + len(head), 0
    for data, count in cut(_within(read, name), size * _BYTES_A_CHARACTER, shape):
        if count:
            block = Block(data, name, shape, columns or _NO_COLUMNS, line, number, count)
            if columns is None:
                columns = pick(next(_rows(block)))
                shape = _arranged(shape, columns)
            yield block._replace(shape=shape, columns=columns)
        line += count_lines(data, shape)
        number += count
    if columns is None:
        logger.info("%s is empty: no documents", name)


def _within(read: Callable[[int], bytes], name: str) -> Callable[[int], bytes]:
    """`cut` asks for as much again as a row has without an end."""

    def read_more(size: int) -> bytes:
        if size > _LONGEST_ROW:
            raise KorpusError(
                f"{name}: a row is longer than {_LONGEST_ROW >> 20} MiB",
                "is there a quote that opens and never closes?",
            )
        return read(size)

    return read_more


def _arranged(shape: Shape, columns: Columns) -> Shape:
    """A table's shape that makes its rows documents, where all that takes is to order cells."""
    header = shape.header
    if columns.text not in header or columns.id not in header or columns.text == columns.id:
        return shape
    example = document(dict(zip(header, header, strict=True)), columns, 0, "")
    if not LISTS.isdisjoint(header):
        return shape
    places = tuple(map(header.index, example.values()))
    return shape._replace(header=tuple(example), places=places)


def _rows(block: Block) -> Iterator[Record]:
    text = block.data.decode("utf-8", _SURROGATES)
    lines = io.StringIO(text, newline=LINE_ENDS[block.shape.format])
    return shaped_rows(lines, block.shape, block.name, block.line)


def _blank_lines(data: bytes) -> int:
    """How many lines are blank. Most often none is, which one can tell without splitting them."""
    if data[:1].isspace() or _BLANK_START.search(data):
        return sum(line.isspace() for line in io.BytesIO(data))
    return 0


def _whole_lines(stream: BinaryIO, name: str, size: int, steady: bool) -> Iterator[bytes | None]:
    """Pieces of about `size` bytes that end where a line ends; None where the source pauses."""
    pieces: list[bytes] = []
    held = lines = 0
    read = stream.read if steady else stream.read1  # type: ignore[attr-defined]
    while data := read(size):
        pieces.append(data)
        held += len(data)
        paused = not steady and pauses(stream)
        if (held < size and not paused) or b"\n" not in data:
            if held > LONGEST_LINE + size:
                before = sum(piece.count(b"\n") for piece in pieces)
                raise too_long(name, lines + before + 1)
            continue
        block = b"".join(pieces)
        lines += block.count(b"\n")
        end = block.rfind(b"\n") + 1
        yield block[:end]
        pieces, held = [block[end:]], len(block) - end
        if paused:
            yield None
    if held:
        yield b"".join(pieces)
