"""An Excel workbook."""

import io
from datetime import UTC, datetime
from typing import Any, BinaryIO

from korpus.errors import KorpusError
from korpus.files.sources import spool_errors
from korpus.messages import _
from korpus.records import Table

_MOST_ROWS, _MOST_COLUMNS, _LONGEST_CELL = 1 << 20, 1 << 14, 32_767  # of Excel
_EXACT = 10**15  # Excel shows 15 digits
# A workbook has a time of creation; with a fixed one the same table gives the same bytes.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)


def write(stream: BinaryIO, table: Table) -> None:
    """Write a table, which is held in memory; text is never a formula or a link.

    Raises KorpusError if it does not fit an Excel sheet.
    """
    write_sheets(stream, {None: table})


def write_sheets(stream: BinaryIO, tables: dict[str | None, Table]) -> None:
    """Write tables, each on a sheet of its name; for the rest see `write`."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    buffer = io.BytesIO()
    reason: OSError | None = None
    try:
        with Workbook(buffer, options) as book:
            book.set_properties({"author": "korpus", "created": _CREATED})
            for name, table in tables.items():
                _fill(book, name, table)
    except FileCreateError as error:  # of its temporary files
        reason = OSError(*error.args[0].args)  # without the frames that hold its open files
    if reason:
        with spool_errors():
            raise reason
    stream.write(buffer.getbuffer())


def _fill(book: Any, name: str | None, table: Table) -> None:
    if len(table.columns) > _MOST_COLUMNS:
        raise KorpusError(
            _("more than {limit} columns do not fit an Excel sheet").format(
                limit=f"{_MOST_COLUMNS:,}"
            ),
            _("write .csv or .parquet"),
        )
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, table.columns, book.add_format({"bold": True}))
    for number, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) > _LONGEST_CELL:
                raise KorpusError(
                    _("row {row}: {length} characters do not fit an Excel cell ({limit})").format(
                        row=number, length=f"{len(cell):,}", limit=f"{_LONGEST_CELL:,}"
                    ),
                    _("write .csv or .parquet, or leave the text out with --drop-text"),
                )
            is_long = isinstance(cell, int) and abs(cell) >= _EXACT
            if is_long or not isinstance(cell, int | float):
                sheet.write_string(number, column, "" if cell is None else str(cell))
            else:
                sheet.write_number(number, column, cell)
        if number >= _MOST_ROWS:
            raise KorpusError(
                _("more than {limit} rows do not fit an Excel sheet").format(
                    limit=f"{_MOST_ROWS - 1:,}"
                ),
                _("write .csv or .parquet, or fewer rows with --top"),
            )
