"""Tables as csv, tsv, parquet and xlsx, and what a spreadsheet would run in them."""

import csv
import io
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any, BinaryIO, Protocol

from korpus.errors import KorpusError
from korpus.files.earlier import HEAD, MARK, WORKBOOK_TIME
from korpus.files.streams import spooling
from korpus.messages import plural
from korpus.records import Row, Table

logger = logging.getLogger("korpus")

# What makes a cell a formula, alone or after a conversion; Excel takes the wide ones too.
_RISKY = frozenset("=+-@\t\r\n＝＋－＠")
_EXCEL_ROWS, _EXCEL_CELL = 1 << 20, 32_767


class Text(Protocol):
    """Where text is written."""

    def write(self, text: str, /) -> Any:
        """Write a piece."""


def disarmed(table: Table) -> Table:
    """The table with an apostrophe before what a spreadsheet could run as a formula."""

    def safe(row: Iterable[Any]) -> Iterator[Any]:
        return ("'" + cell if _is_risky(cell) else cell for cell in row)

    return Table(list(safe(table.columns)), lambda: map(tuple, map(safe, table.rows)))


def counted(table: Table) -> Table:
    """The same; says at the end how many cells a spreadsheet could run as a formula."""

    def rows() -> Iterator[Row]:
        risky = sum(map(_is_risky, table.columns))
        for row in table.rows:
            for cell in row:
                if type(cell) is str and cell[:1] in _RISKY:
                    risky += 1
            yield row
        if risky:
            logger.info(
                "%s could run as a formula in a spreadsheet; --excel disarms them",
                plural(risky, "cell"),
            )

    return Table(table.columns, rows)


def _is_risky(cell: object) -> bool:
    return isinstance(cell, str) and cell[:1] in _RISKY


def write_csv(text: Text, table: Table) -> None:
    """Write a table as CSV. Streams."""
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)


def write_tsv(text: Text, table: Table) -> None:
    """Write a table as TSV. Streams."""
    for row in chain([table.columns], table.rows):
        text.write("\t".join(_tsv_cell(cell) for cell in row) + "\n")


def _tsv_cell(cell: object) -> str:
    """TSV has no quoting, so tabs and line ends inside a cell become spaces."""
    return "" if cell is None else " ".join(str(cell).replace("\t", " ").splitlines())


def table_start(table: Table, format: str, excel: bool) -> tuple[bytes, bool]:
    """How a table begins as csv or tsv, and whether that is all; of other formats nothing."""
    if format not in ("csv", "tsv"):
        return b"", True
    text, is_all = io.StringIO(), True
    table = disarmed(table) if excel else table

    def rows() -> Iterator[Row]:
        nonlocal is_all
        for row in table.rows:
            if text.tell() > HEAD:
                is_all = False
                return
            yield row

    (write_csv if format == "csv" else write_tsv)(text, Table(table.columns, rows))
    return text.getvalue().encode("utf-8-sig" if excel else "utf-8", "replace"), is_all


def write_parquet(stream: BinaryIO, table: Table) -> None:
    """Write a table as Parquet. Holds it."""
    import pyarrow
    import pyarrow.parquet

    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    try:
        arrow = pyarrow.table(dict(zip(table.columns, map(list, columns), strict=True)))
        buffer = io.BytesIO()  # the writer seeks, which a pipe cannot
        pyarrow.parquet.write_table(arrow.replace_schema_metadata({MARK: ""}), buffer)
    except (TypeError, ValueError, OverflowError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise KorpusError(f"cannot write as parquet: {reason}", "write .jsonl instead") from None
    stream.write(buffer.getbuffer())


def write_xlsx(stream: BinaryIO, table: Table) -> None:
    """Write a table as one sheet; text is never a formula or a link. Holds it."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    buffer = io.BytesIO()
    try:
        with Workbook(buffer, options) as book:
            _fill(book, table)
    except FileCreateError as error:  # of its temporary files
        with spooling():
            raise error.args[0] from None
    stream.write(buffer.getbuffer())


def _fill(book: Any, table: Table) -> None:
    book.set_properties({"author": MARK, "created": datetime.fromisoformat(WORKBOOK_TIME)})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, table.columns, book.add_format({"bold": True}))
    for number, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) > _EXCEL_CELL:
                raise KorpusError(
                    f"row {number}: {len(cell):,} characters do not fit an Excel cell "
                    f"({_EXCEL_CELL:,})",
                    "write .csv or .parquet, or leave the text out with --drop-text",
                )
            if isinstance(cell, str) or cell is None or not isinstance(cell, int | float):
                sheet.write_string(number, column, "" if cell is None else str(cell))
            else:
                sheet.write_number(number, column, cell)
        if number >= _EXCEL_ROWS:
            raise KorpusError(
                f"more than {_EXCEL_ROWS - 1:,} rows do not fit an Excel sheet",
                "write .csv or .parquet, or fewer rows with --top",
            )
