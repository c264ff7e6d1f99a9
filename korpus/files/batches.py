"""A source in batches for the worker processes: chunks of text that are parsed there."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from typing import BinaryIO

from korpus.files import traffic
from korpus.files.choose_format import check_reading, format_of, log_unused
from korpus.files.documents_in import closing_readers, rows_of
from korpus.files.found import is_many
from korpus.files.read import documents_of
from korpus.files.readers import (
    LISTS,
    Chunk,
    Columns,
    Reading,
    Shape,
    as_documents,
    can_be_arranged,
    document,
    find_input_format,
    pick_columns,
    picks_inside,
    row_columns,
)
from korpus.files.shapes import NONE, shape_of_start
from korpus.files.sources import (
    Position,
    open_source,
    peek,
    position,
    rewindable,
    source_name,
)
from korpus.messages import _
from korpus.records import (
    BadRow,
    Counts,
    Record,
    batches_of,
    without_bad_rows,
)

logger = logging.getLogger("korpus")

_BYTES_PER_CHARACTER = 4  # Hangul takes three, and documents have other columns

Batch = Chunk | list[Record]
# Called with the number of documents of a batch, and the position in the source after it.
Seen = Callable[[int, Position | None], None]


def read_batches(
    sources: str | list[str],
    reading: Reading = Reading(),
    *,
    size: int,
    needs_text: bool = True,
    steady: bool = False,
    seen: Seen | None = None,
) -> Iterator[Batch | None]:
    """Read what `read` reads, in batches of about `size` characters of text. Streams.

    Out: txt, csv, tsv and jsonl as chunks, the same ones for the same file; other formats as lists
    of documents; None where standard input pauses. `documents` gives the documents of either.
    `reading`: how. With `as_rows`, rows stay as they are, see `row_columns`; those of several files
    all get an id. If it is not `strict`, a bad row is a BadRow among the documents, unless all rows
    are bad. `needs_text`: False for tokens, where a missing text column is no error. `steady`: the
    chunks of standard input do not depend on its pace, and no pause is reported. `seen` is called
    for each batch. Raises the errors of `read`.
    """
    paths = [sources] if isinstance(sources, str) else sources
    source = paths[0]
    check_reading(reading)
    reading = reading.fresh()
    if not needs_text:
        reading = reading._replace(shape=NONE)
    if reading.whole_file or len(paths) > 1 or reading.path_columns or is_many(source):
        yield from batches_of(documents_of(paths, reading), size)
        return
    name = source_name(source)

    def pick(row: Record) -> Columns:
        if reading.as_rows:
            columns = row_columns(row)
            if columns.id and columns.id not in row:
                logger.info(_("%s: no column id: the number of the row is the id"), name)
            return columns
        if not needs_text:
            return Columns("text" if "text" in row else None, reading.id_column or "id")
        return pick_columns(row, name, reading)

    with open_source(source) as raw:
        format = format_of(raw, source, reading)
        log_unused(format, reading, name)
        with nullcontext(raw) if format.streams else rewindable(raw) as stream:
            batches: Iterator[Batch | None]
            is_shaped = (
                reading.tokens
                or reading.mask_names
                or shape_of_start(peek(stream), format.name, reading) is not None
            )
            is_picked = is_shaped or (format.nests and picks_inside(reading))
            if format.chunking is None or is_picked:
                rows = rows_of(stream, source, format, reading)
                batches = batches_of(as_documents(rows, name, pick, strict=reading.strict), size)
            else:
                bytes_ = size * _BYTES_PER_CHARACTER
                chunks = format.chunking.cut(stream, name, reading, bytes_, steady)
                flow = traffic.flow(traffic.inputs, source)
                batches = _with_columns(chunks, format.chunking.rows, pick, name, flow)
            with closing_readers(reading):
                yield from _reported(batches, stream, seen)


def _with_columns(
    chunks: Iterator[Chunk | None],
    rows: Callable[[Chunk, list[Record] | None], Iterator[Record]],
    pick: Callable[[Record], Columns],
    name: str,
    source: traffic.Flow,
) -> Iterator[Chunk | None]:
    """Chunks that know their columns, from the first row, and their position in the source."""
    source.add(0)
    columns: Columns | None = None
    arranged: Shape | None = None
    bad: Chunk | None = None
    before = 0
    for chunk in chunks:
        if chunk is None:
            yield None
            continue
        if not chunk.documents:
            continue
        if columns is None or arranged is None:
            first = next((row for row in rows(chunk, None) if type(row) is not BadRow), None)
            if first is None:
                bad = bad or chunk._replace(strict=True, before=before)
                yield chunk._replace(before=before)
                before += chunk.documents
                source.add(chunk.documents)
                continue
            columns = pick(first)
            if columns.id is not None:
                document(first, columns, 1, name)  # raises an error if no document can be made
            arranged = _arranged(chunk.shape, columns)
        source.add(chunk.documents)  # now, as nobody may ask for the next chunk
        yield chunk._replace(shape=arranged, columns=columns, before=before)
        before += chunk.documents
    if columns is None and bad is not None:
        next(rows(bad, None))  # raises the error of its first row
    if columns is None:
        logger.info(_("%s is empty: no documents"), name)


def _arranged(shape: Shape, columns: Columns) -> Shape:
    """A shape that makes rows documents, if that takes only a new order of the cells."""
    header = shape.header
    if not can_be_arranged(columns, header):
        return shape
    if not LISTS.isdisjoint(header):
        return shape
    example = document(dict(zip(header, header, strict=True)), columns, 0, "")
    places = {column: at for at, column in enumerate(header)}
    order = tuple(places[column] for column in example.values())
    return shape._replace(header=tuple(example), order=order)


def _reported(
    batches: Iterator[Batch | None], stream: BinaryIO, seen: Seen | None
) -> Iterator[Batch | None]:
    if seen is None:
        yield from batches
        return
    last = position(stream)
    for batch in batches:
        # A reader that has come to the end has closed the stream.
        last = position(stream) or (last and Position(last.of, last.of))
        if batch is not None:
            seen(len(batch) if isinstance(batch, list) else batch.documents, last)
        yield batch


def documents(batch: Batch, bad: list[Record] | None = None) -> Iterator[Record]:
    """The documents of a batch, with its bad rows as the last, or in the list `bad`.

    Raises KorpusError for a broken line or a missing column if the source was read strictly.
    """
    if isinstance(batch, list):
        return iter(batch) if bad is None else without_bad_rows(batch, bad)
    chunking = find_input_format(batch.shape.format).chunking
    assert chunking is not None
    rows = chunking.rows(batch, bad)
    if batch.shape.order:
        return rows
    pick = lambda row: batch.columns  # noqa: E731
    return as_documents(
        rows, batch.name, pick, batch.before, strict=batch.strict, is_part=True, bad=bad
    )


def unchanged(documents: Iterable[Record], *, counts: Counts | None = None) -> Iterator[Record]:
    """The stage that only reads. Streams. `counts` is not used."""
    return iter(documents)
