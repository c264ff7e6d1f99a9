"""Checks on the header of a table."""

import logging
from collections import Counter
from collections.abc import Container, Iterator

from korpus.errors import KorpusError
from korpus.messages import _

logger = logging.getLogger("korpus")


def checked_header(names: list[str], name: str) -> list[str]:
    """The column names of a table, stripped. Raises KorpusError if two are equal."""
    header = [column.strip() for column in names]
    if any("\r" in column and "\n" not in column for column in header):
        raise KorpusError(
            _("{name}: its lines end with CR alone, as on old Macs").format(name=name),
            _("convert it: tr '\\r' '\\n'; or read it with --input-format csv"),
        )
    doubled = sorted({column for column, count in Counter(header).items() if count > 1})
    if doubled:
        raise KorpusError(
            _("{name}: two columns are called {column!r}").format(name=name, column=doubled[0]),
            _("rename one of them")
            if doubled[0]
            else _("--header-row N names another row for the column names"),
        )
    return header


def numbered_header(
    names: list[str], unused: Container[int] = (), name: str | None = None
) -> list[str]:
    """Call columns without a heading c1, c2 … by their place, but for the `unused`.

    `name`: of the table, to say so; None to be silent.
    """
    header = []
    for at, column in enumerate(names):
        if not column.strip() and at not in unused:
            column = f"c{at + 1}"
            if name:
                logger.info(_("%s: column %s has no heading: called %s"), name, at + 1, column)
        header.append(column)
    return header


def table_header(fields: list[str], name: str, row: int) -> tuple[str, ...]:
    """The column names of a table of text: its header row, or c1, c2 … if `row` is 0."""
    return tuple(checked_header(fields if row else numbered_header([""] * len(fields)), name))


def header_line(lines: Iterator[str], name: str, row: int) -> str:
    """Take the header line, after the rows above it; the first filled line if `row` is 0.

    Raises KorpusError if the header line is missing or blank.
    """
    if not row:
        return next((line for line in lines if line.strip()), "")
    line = next(lines, None)
    if line is None and row > 1:
        raise no_such_row(name, row)
    if line is not None and not line.strip():
        raise KorpusError(
            _("{name}: row {row}, the header, is blank").format(name=name, row=row),
            _("say which row has the column names: --header-row N, or 0 if none has"),
        )
    return line or ""


def no_such_row(name: str, row: int) -> KorpusError:
    """The error for a header row beyond the end of the table."""
    return KorpusError(
        _("{name} has no row {row}").format(name=name, row=row), _("check --header-row")
    )
