"""A source in batches for the worker processes: JSON Lines as blocks that are parsed there."""

import io
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from korpus.files.columns import Columns, as_documents, document, pick_columns
from korpus.files.encodings import bom_encoding
from korpus.files.read import format_of, read, rows_of
from korpus.files.rows import json_lines
from korpus.files.streams import STDIN, open_source, pauses, peek, reading, source_name
from korpus.records import Record, batches_of

logger = logging.getLogger("korpus")

_BLANK_START = re.compile(rb"\n\s")
_BYTES_A_CHARACTER = 4  # Hangul takes three, and documents have other columns


class Block(NamedTuple):
    """Whole lines of JSON, with what it takes to read them wherever they are.

    `name`, `columns`: of the source. `line`: the number of the first line. `before`: how many
    documents come before, and `documents` how many these are.
    """

    data: bytes
    name: str
    columns: Columns
    line: int
    before: int
    documents: int


Batch = Block | list[Record]


def read_batches(
    source: str,
    *,
    size: int,
    column: str | None = None,
    id_column: str | None = None,
    encoding: str | None = None,
    input_format: str | None = None,
    whole_file: bool = False,
) -> Iterator[Batch | None]:
    """Read what `read` reads in batches of about `size` characters of text. Streams.

    Out: JSON Lines as blocks, all else as lists of documents, and None where standard input has
    no more at the moment. `documents` gives the documents of either. Parameters and errors are
    those of `read`.
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
        utf8 = not encoding and bom_encoding(peek(stream, 4)) in (None, "utf-8-sig")
        if format == "jsonl" and utf8:
            yield from _blocks(stream, name, pick, size * _BYTES_A_CHARACTER)
        else:
            yield from batches_of(
                as_documents(rows_of(stream, name, format, encoding), name, pick), size
            )


def documents(batch: Batch) -> Iterator[Record]:
    """The documents of a batch. Raises KorpusError for a broken line or a missing column."""
    if isinstance(batch, list):
        yield from batch
        return
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


def _blocks(
    stream: BinaryIO, name: str, pick: Callable[[Record], Columns], size: int
) -> Iterator[Block | None]:
    columns: Columns | None = None
    line, number = 1, 0
    for data in _whole_lines(stream, size):
        if data is None:
            yield None
            continue
        if columns is None:
            first = next(json_lines(io.BytesIO(data), name, line), None)
            columns = None if first is None else pick(first)
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        count = lines - _blank_lines(data)
        if columns is not None:
            yield Block(data, name, columns, line, number, count)
        line += lines
        number += count
    if columns is None:
        logger.info("%s is empty: no documents", name)


def _blank_lines(data: bytes) -> int:
    """How many lines are blank. Most often none is, which one can tell without splitting them."""
    if data[:1].isspace() or _BLANK_START.search(data):
        return sum(line.isspace() for line in io.BytesIO(data))
    return 0


def _whole_lines(stream: BinaryIO, size: int) -> Iterator[bytes | None]:
    """Pieces of about `size` bytes that end where a line ends; None where the source pauses."""
    pieces: list[bytes] = []
    held = 0
    while data := stream.read1(size):  # type: ignore[attr-defined]
        pieces.append(data)
        held += len(data)
        paused = pauses(stream)
        if (held < size and not paused) or b"\n" not in data:
            continue
        block = b"".join(pieces)
        end = block.rfind(b"\n") + 1
        yield block[:end]
        pieces, held = [block[end:]], len(block) - end
        if paused:
            yield None
    if held:
        yield b"".join(pieces)
