"""Workbooks of Excel (.xlsx, .xls) and LibreOffice (.ods)."""

import logging
import zlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from io import BytesIO
from itertools import islice, repeat
from statistics import median
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile

from korpus.errors import KorpusError
from korpus.files.readers.documents.packed import check_encrypted
from korpus.files.readers.header import checked_header, no_such_row, numbered_header
from korpus.files.readers.reading import Reading
from korpus.files.sources import check_zip, peek
from korpus.messages import _
from korpus.records import Record, rename_clashes

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

logger = logging.getLogger("korpus")

_ALL = "all"
_LOOKED_AT = 20  # rows, to find the header
_AT_ONCE = 1000  # rows that the child process sends
_EXACT = 2.0**53  # whole numbers up to here are exact in a workbook
_ZIP = b"PK\x03\x04"
Cells = list[Any]


class _Block(NamedTuple):
    """Some rows of a sheet, as columns: they are sent between processes faster than records."""

    header: list[str]
    columns: list[Sequence[Any]]


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The rows of a sheet, or of all. The sheet is held in memory, by a child process.

    Raises KorpusError if the workbook is broken, if several sheets have rows and none is chosen, or
    if the chosen one does not exist.
    """
    from korpus.workers.child import in_child

    if peek(stream).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):  # as some web sites give it
        raise KorpusError(
            _("{name} is a web page (HTML), not an Excel workbook").format(name=name),
            _("open it in Excel and save it as .xlsx"),
        )
    if peek(stream, len(_ZIP)) == _ZIP:
        try:
            check_zip(stream, name)
        except (BadZipFile, OSError) as error:
            raise _broken(name, error) from None
    crashed = _("{name}: broken Excel workbook, or too large for the memory").format(name=name)
    data = stream.read()
    check_encrypted(data, name)
    for header, columns in in_child(_read, data, name, reading, crashed=crashed):
        yield from map(dict, map(zip, repeat(header), zip(*columns, strict=True)))


def _read(data: bytes, name: str, reading: Reading) -> Iterator[_Block]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [(title, book.get_sheet_by_name(title)) for title in book.sheet_names]
    except (CalamineError, ValueError, OSError, EOFError) as error:
        raise _broken(name, error) from None
    if data.startswith(_ZIP):
        _check_members(data, name)  # of a damaged sheet, rows would be missing without a word
    chosen = _chosen(sheets, name, reading.sheet)
    for title, sheet in chosen:
        is_alone = len(chosen) == 1
        blocks = _blocks(sheet, name if is_alone else f"{name}: {title}", reading.header_row)
        yield from blocks if is_alone else (_with_sheet(block, title) for block in blocks)


def _check_members(data: bytes, name: str) -> None:
    """Raises KorpusError if a part of a workbook does not have its checksum."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            damaged = archive.testzip()
    except (BadZipFile, zlib.error, OSError, ValueError, RuntimeError) as error:
        raise _broken(name, error) from None
    if damaged is not None:
        raise _broken(name, _("{part} is damaged").format(part=damaged))


def _with_sheet(block: _Block, title: str) -> _Block:
    header = list(rename_clashes(dict.fromkeys(block.header), ("sheet",)))
    titles = [title] * len(block.columns[0])
    return _Block([*header, "sheet"], [*block.columns, titles])


def _broken(name: str, error: Exception | str) -> KorpusError:
    return KorpusError(
        _("{name}: not an Excel workbook ({reason})").format(name=name, reason=error)
    )


def _chosen(
    sheets: "list[tuple[str, CalamineSheet]]", name: str, wanted: str | None
) -> "list[tuple[str, CalamineSheet]]":
    filled = [(title, sheet) for title, sheet in sheets if sheet.height]
    sizes = ", ".join(f"{title} ({sheet.height}×{sheet.width})" for title, sheet in filled)
    if wanted == _ALL:
        return filled
    if wanted is not None:
        named = [pair for pair in sheets if pair[0] == wanted]
        if not named and wanted.isdecimal():
            named = sheets[int(wanted) - 1 : int(wanted)] if int(wanted) else []
        if not named:
            message = _("{name} has no sheet {sheet!r}").format(name=name, sheet=wanted)
            raise KorpusError(message, _("its sheets are {sheets}").format(sheets=sizes))
        return named
    if len(filled) > 1:
        raise KorpusError(
            _("{name} has several sheets with rows").format(name=name),
            _("choose with --sheet NAME, or --sheet all: {sheets}").format(sheets=sizes),
        )
    return filled


def _blocks(sheet: "CalamineSheet", name: str, header_row: int | None) -> Iterator[_Block]:
    start = list(islice(sheet.iter_rows(), _LOOKED_AT * 2))
    if header_row is None:
        header_row = _header_row(start)
        if header_row > 1:
            logger.info(_("%s: row %s is the header; --header-row N overrides"), name, header_row)
    cells = next(islice(sheet.iter_rows(), max(0, header_row - 1), None), None)
    if cells is None and header_row > 1:
        raise no_such_row(name, header_row)
    names = [_heading(cell) if header_row else "" for cell in cells or []]
    header = _header(names, name, sheet, header_row)
    names = [column for column in header if column]
    rows = islice(sheet.iter_rows(), header_row, None)
    while some := list(islice(rows, _AT_ONCE)):
        if columns := _columns(some):
            filled = [
                _values(cells) for column, cells in zip(header, columns, strict=True) if column
            ]
            yield _Block(names, filled)


def _columns(rows: list[Cells]) -> list[tuple[Any, ...]]:
    """The columns of rows, without the rows in which nothing is."""
    columns = list(zip(*rows, strict=True))
    if all("" in column for column in columns):
        filled = (row for row in rows if any(cell != "" for cell in row))
        columns = list(zip(*filled, strict=True))
    return columns


def _header_row(rows: list[Cells]) -> int:
    """The number of the first row, from 1, that fits the rows below it; else of the first filled.

    It fits if it fills two thirds of the columns that those usually fill. Below a title, a header
    is also all text.
    """
    filled = [[cell for cell in row if cell != ""] for row in rows]
    first = next((number for number, cells in enumerate(filled, 1) if cells), 1)
    for number, cells in enumerate(filled[:_LOOKED_AT], 1):
        below = [len(other) for other in filled[number : number + _LOOKED_AT] if other]
        is_text = number == first or all(isinstance(cell, str) for cell in cells)
        if cells and below and is_text and 3 * len(cells) >= 2 * median(below):
            return number
    return first


def _header(names: list[str], name: str, sheet: "CalamineSheet", header_row: int) -> list[str]:
    """The column names. A column without a heading has its number, or "" if it is empty."""
    unnamed = {at for at, column in enumerate(names) if not column.strip()}
    empty = set(unnamed)
    for row in islice(sheet.iter_rows(), header_row, None) if unnamed else ():
        empty -= {at for at in empty if row[at] != ""}
        if not empty:
            break
    header = numbered_header(names, empty, name if header_row else None)
    checked = iter(checked_header([column for column in header if column.strip()], name))
    return [next(checked) if column.strip() else "" for column in header]


def _heading(cell: Any) -> str:
    return str(_value(cell)) if cell != "" else ""


def _values(cells: tuple[Any, ...]) -> Sequence[Any]:
    """The cells of a column as values, see `_value`; all at once where they are of one kind."""
    kinds = set(map(type, cells))
    if kinds == {str} and "" not in cells:
        return cells
    if kinds == {float} and all(map(float.is_integer, cells)) and max(map(abs, cells)) < _EXACT:
        return list(map(int, cells))
    return list(map(_value, cells))


def _value(cell: Any) -> Any:
    """A cell as a value for JSON; None for an empty one."""
    if cell == "":
        return None
    if type(cell) is float and cell.is_integer() and abs(cell) < _EXACT:
        return int(cell)
    return str(cell) if isinstance(cell, timedelta) else cell
