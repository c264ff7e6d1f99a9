"""The first sheet of an Excel workbook; its first row is the header."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from korpus.errors import KorpusError
from korpus.files.readers.header import checked_header
from korpus.files.sources import check_zip
from korpus.messages import _
from korpus.records import Record


def read(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[Record]:
    """The rows of the first sheet. Streams. Raises KorpusError if the workbook is broken."""
    from openpyxl import load_workbook

    try:
        check_zip(stream, name)
        book = load_workbook(stream, read_only=True, data_only=True)
    except KorpusError:
        raise
    except Exception as error:  # openpyxl passes on whatever its parsers raise
        raise KorpusError(
            _("{name}: not an Excel workbook ({reason})").format(name=name, reason=error)
        ) from None
    rows = _rows(book, name)
    names = ["" if cell is None else str(cell) for cell in next(rows, ())]
    while names and not names[-1].strip():
        names.pop()
    header = checked_header(names, name)
    for row in rows:
        cells = row[: len(header)]
        if any(cell is not None for cell in cells):
            yield dict(zip(header, cells, strict=False))


def _rows(book: Any, name: str) -> Iterator[Any]:
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    except Exception as error:  # as above
        raise KorpusError(
            _("{name}: broken Excel workbook ({reason})").format(name=name, reason=error)
        ) from None
