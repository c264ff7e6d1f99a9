"""A table with bars, for a terminal."""

import shutil
from collections.abc import Iterator
from itertools import chain

from korpus.files.atomic import STDOUT, open_output
from korpus.files.writers.aligned import aligned, width
from korpus.files.writers.plain import text_line
from korpus.records import Table

_SHOWN = ("tag", "count")  # the columns that are shown besides those up to the term
_SPACE = "  "
_LEAST, _MOST = 10, 60  # characters of the longest bar
_EIGHTHS = " ▏▎▍▌▋▊▉"


def write_bars(table: Table, value: str) -> None:
    """Write the terms of a table with bars of a column to standard output. Holds the rows.

    Bars are as long as the terminal allows. Columns in: `term`, `tag`, and the column.
    """
    with open_output(STDOUT) as stream:
        for line in bar_lines(table, value, shutil.get_terminal_size().columns):
            stream.write(text_line(line))


def bar_lines(table: Table, value: str, columns: int) -> Iterator[str]:
    """The lines of a table with bars in so many columns of a terminal."""
    rows = list(table)
    end = table.columns.index("term") + 1
    names = [*table.columns[:end], *(name for name in table.columns[end:] if name in _SHOWN)]
    lines = list(aligned(names, [tuple(row[name] for name in names) for row in rows]))
    start = max(map(width, lines)) + len(_SPACE)
    room = max(_LEAST, min(_MOST, columns - start - 1))
    most = max((row[value] for row in rows), default=0) or 1
    bars = (_bar(row[value] / most * room) for row in rows)
    for line, bar in zip(lines, chain([""], bars), strict=True):
        yield f"{line}{' ' * (start - width(line))}{bar}".rstrip()


def _bar(length: float) -> str:
    """A bar of a length in characters, drawn in eighths of one."""
    whole, rest = divmod(round(length * 8), 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")
