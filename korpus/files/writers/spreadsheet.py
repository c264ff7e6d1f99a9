"""Cells that a spreadsheet program could run as formulas."""

import logging
from collections.abc import Iterable, Iterator

from korpus.messages import _, plural
from korpus.records import Row, Table

logger = logging.getLogger("korpus")

# First characters of a formula, also after a conversion; Excel accepts the full-width ones too.
_RISKY = frozenset("=+-@\t\r\n＝＋－＠")


def disarmed(table: Table) -> Table:
    """The table with an apostrophe before each cell that could run as a formula."""

    def safe(row: Iterable[object]) -> Iterator[object]:
        return ("'" + cell if isinstance(cell, str) and _is_risky(cell) else cell for cell in row)

    return Table(list(map(str, safe(table.columns))), lambda: map(tuple, map(safe, table.rows)))


def counted(table: Table) -> Table:
    """The same table; logs at the end how many cells could run as a formula."""

    def rows() -> Iterator[Row]:
        risky = sum(map(_is_risky, table.columns))
        for row in table.rows:
            for cell in row:
                if type(cell) is str and cell[:1] in _RISKY:
                    risky += 1
            yield row
        if risky:
            logger.info(
                _("%s could run as a formula in a spreadsheet; --excel disarms them"),
                plural(risky, "cell"),
            )

    return Table(table.columns, rows)


def _is_risky(cell: str) -> bool:
    return cell[:1] in _RISKY
