"""Rows of the tables that are not text, Parquet and Excel, and what every header must be."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from korpus.errors import KorpusError
from korpus.files.packed import check_zip, parquet_batches
from korpus.files.streams import rewindable
from korpus.records import Record


def parquet_rows(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[Record]:
    """The rows of a Parquet file. Streams."""
    import pyarrow
    import pyarrow.parquet

    with rewindable(stream) as seekable:
        try:
            file = pyarrow.parquet.ParquetFile(seekable)
            for batch in parquet_batches(file, seekable.seek(0, io.SEEK_END), name):
                yield from batch.to_pylist()
        except (pyarrow.ArrowInvalid, OSError) as error:
            reason = str(error).splitlines()[0]
            raise KorpusError(f"{name}: broken Parquet file ({reason})") from None


def xlsx_rows(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[Record]:
    """The first sheet of a workbook; its first row is the header."""
    from openpyxl import load_workbook

    with rewindable(stream) as seekable:
        try:
            check_zip(seekable, name)
            book = load_workbook(seekable, read_only=True, data_only=True)
        except KorpusError:
            raise
        except Exception as error:  # it raises whatever its parsers do
            raise KorpusError(f"{name}: not an Excel workbook ({error})") from None
        rows = _sheet_rows(book, name)
        names = ["" if cell is None else str(cell) for cell in next(rows, ())]
        while names and not names[-1].strip():
            names.pop()
        header = checked_header(names, name)
        for row in rows:
            cells = row[: len(header)]
            if any(cell is not None for cell in cells):
                yield dict(zip(header, cells, strict=False))


def _sheet_rows(book: Any, name: str) -> Iterator[Any]:
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    except Exception as error:  # as above
        raise KorpusError(f"{name}: broken Excel workbook ({error})") from None


def checked_header(names: list[str], name: str) -> list[str]:
    """The columns of a table. Raises KorpusError where two have one name."""
    header = [column.strip() for column in names]
    if any("\r" in column and "\n" not in column for column in header):
        raise KorpusError(
            f"{name}: its lines end with CR alone, as on old Macs",
            "convert it: tr '\\r' '\\n'; or read it with --input-format csv",
        )
    doubled = sorted({column for column in header if header.count(column) > 1})
    if doubled:
        raise KorpusError(
            f"{name}: two columns are called {doubled[0]!r}", "rename one of them in the first line"
        )
    return header
