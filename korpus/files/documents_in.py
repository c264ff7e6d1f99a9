"""The documents in files: their rows, the columns chosen of them, and where they are from."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import BinaryIO

from korpus.errors import KorpusError, UsageError
from korpus.files import traffic
from korpus.files.choose_format import format_of, log_unused
from korpus.files.formats import suffix_format
from korpus.files.found import Found
from korpus.files.left_out import log_left_out
from korpus.files.origin import with_columns, with_id, with_source
from korpus.files.readers import (
    Columns,
    InputFormat,
    Reading,
    as_documents,
    bad_row,
    end_kept,
    pick_columns,
    picked,
    picks_inside,
    whole_text,
)
from korpus.files.shapes import no_speakers, shape_of_start, shaped
from korpus.files.sources import (
    STDIN,
    close_archive,
    open_source,
    peek,
    rewindable,
    source_name,
)
from korpus.records import Record


@contextmanager
def closing_readers(reading: Reading) -> Iterator[None]:
    """At the end of a run, close what readers keep open; say what was left out of documents."""
    try:
        yield
        log_left_out(reading)
    finally:
        end_kept()
        close_archive()


def documents_in(
    files: list[Found],
    several: bool,
    reading: Reading,
    *,
    is_part: bool = False,
    before: int = 0,
) -> Iterator[Record]:
    """The documents of files, as `documents_of` finds them. Streams.

    `several`: whether documents say which file they are from. `is_part`: these are not all files,
    and if none can be read, that is no error. `before`: how many documents come before.
    """
    with closing_readers(reading):
        yield from _documents(files, several, reading, is_part, before)


def has_ids(file: Found, reading: Reading) -> bool:
    """Whether the first row of a file has an id, rather than being numbered."""
    if reading.whole_file and _is_text(file.path, reading.input_format):
        return True
    with closing_readers(reading):
        first = next(rows_in(file.path, reading.fresh(), file.name), {})
    return (reading.id_column or "id") in first


def _documents(
    files: list[Found], several: bool, reading: Reading, is_part: bool, number: int
) -> Iterator[Record]:
    """The documents of files. One of several that cannot be read is a bad row."""
    before = number
    failed: KorpusError | None = None
    for file, name, around, unreadable in files:
        if reading.whole_file and _is_text(file, reading.input_format):
            found: Iterator[Record] = whole_file_document(file, name, reading.encoding)
            unreadable = unreadable or (no_speakers(name) if reading.mask_names else None)
        else:
            pick = partial(pick_columns, name=source_name(file), reading=reading)
            found = as_documents(
                rows_in(file, reading, name),
                source_name(file),
                (lambda row: Columns(None, "id")) if reading.as_rows else pick,
                number,
                strict=reading.strict,
            )
        try:
            if unreadable is not None:
                raise unreadable
            for record in found:
                number += 1
                record = with_source(record, name) if several else record
                yield with_columns(record, around) if around else record
        except UsageError:
            raise
        except KorpusError as error:
            if reading.strict or not several:
                raise
            failed = failed or error
            yield with_source(bad_row("file", error, None, ""), name)
    if failed and number == before and not is_part:
        raise failed


def rows_in(source: str, reading: Reading, id: str | None = None) -> Iterator[Record]:
    """The rows of a source as they are. `id`: of a file that is one document. Streams."""
    with open_source(source) as raw:
        format = format_of(raw, source, reading)
        log_unused(format, reading, source_name(source))
        with nullcontext(raw) if format.streams else rewindable(raw) as stream:
            yield from rows_of(stream, source, format, reading, id)


def rows_of(
    stream: BinaryIO, source: str, format: InputFormat, reading: Reading, id: str | None = None
) -> Iterator[Record]:
    """The rows of an open source, or the records that are picked from inside them. Streams.

    `id`: of a file that is one document (default: its name).
    """
    name = source_name(source)
    shape = shape_of_start(peek(stream), format.name, reading) if format.chunking else None
    rows = format.read(stream, name, reading)
    if format.is_document:
        rows = (with_id(row, id or ("-" if source == STDIN else name)) for row in rows)
    is_picked = picks_inside(reading) and reading.shape is None
    if reading.mask_names and (is_picked or format.is_document):
        raise no_speakers(name)
    if is_picked:
        found = picked(rows, name, reading)
    else:
        found = rows if format.is_document else shaped(rows, name, reading, shape)
    return traffic.counted(found, traffic.flow(traffic.inputs, source))


def _is_text(file: str, input_format: str | None) -> bool:
    return (input_format or suffix_format(file) or "txt") == "txt"


def whole_file_document(file: str, name: str, encoding: str | None) -> Iterator[Record]:
    """A file of text as one document with its name as its id."""
    traffic.flow(traffic.inputs, file).add(1)
    with open_source(file) as stream:
        text = whole_text(stream, source_name(file), encoding)
    yield {"id": name, "text": text}
