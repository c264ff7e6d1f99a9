"""A table in aligned columns, for a terminal."""

from collections.abc import Container, Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO
from unicodedata import combining, east_asian_width

from korpus.files.writers.plain import text_line
from korpus.messages import column_title
from korpus.records import Row, Table

_MEASURED = 500  # rows read ahead to find the width of each column
_WIDEST = 60
_SPACE = "  "  # between columns


def write(stream: BinaryIO, table: Table) -> None:
    """Write a table. Streams after the first 500 rows."""
    mark = getattr(stream, "write_marked", None)
    at = table.columns.index(table.marked) if mark and table.marked else None
    for cells in _padded(table.columns, table.rows, table.right_aligned):
        if mark is None or at is None:
            stream.write(text_line(_SPACE.join(cells).rstrip()))
            continue
        before, after = (_SPACE.join(["", *part]) for part in (cells[:at], cells[at + 1 :]))
        stream.write((before.removeprefix(_SPACE) + _SPACE).encode("utf-8", "replace"))
        mark(cells[at].encode("utf-8", "replace"))
        stream.write(text_line(after.rstrip()))


def width(text: str) -> int:
    """Terminal columns of a text: Hangul and other wide characters take two."""
    return sum(
        0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text
    )


def aligned(columns: list[str], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a table in columns, numbers to the right, with headings for human readers."""
    return (_SPACE.join(cells).rstrip() for cells in _padded(columns, rows))


def _padded(
    columns: list[str], rows: Iterable[Row], right_aligned: Container[str] = ()
) -> Iterator[list[str]]:
    titles = [column_title(name) for name in columns]
    rows = iter(rows)
    first = list(islice(rows, _MEASURED))
    cells = [[shown(cell) for cell in row] for row in first]
    widths = [
        max(width(title), *(min(width(row[i]), _WIDEST) for row in cells), 0)
        for i, title in enumerate(titles)
    ]
    to_right = [
        name in right_aligned
        or (bool(first) and all(isinstance(row[i], int | float) for row in first))
        for i, name in enumerate(columns)
    ]
    later = ([shown(cell) for cell in row] for row in rows)
    for row in chain([titles], cells, later):
        yield [
            " " * (size - width(cell)) + cell if right else cell + " " * (size - width(cell))
            for cell, size, right in zip(row, widths, to_right, strict=True)
        ]


def shown(cell: object) -> str:
    """A cell for human readers: on one line, numbers with four significant digits."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        if cell.is_integer():
            return f"{cell:.0f}"
        return f"{cell:.4g}" if abs(cell) < 1e5 else f"{cell:,.0f}"
    if isinstance(cell, int):
        return str(cell)
    return " ".join(str(cell).splitlines())
