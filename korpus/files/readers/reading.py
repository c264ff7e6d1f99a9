"""What the user says about how a source is read."""

from typing import NamedTuple


class Reading(NamedTuple):
    """How a source is read; what is None is found out.

    `encoding`: of text. `sheet`: of a workbook, its name, its number from 1, or `all`.
    `header_row`: the number of the row of a table that is its header, from 1; 0 if it has none.
    `records`: the path of the records in nested JSON. `columns`: those of the text.
    `strict`: a bad row is an error; otherwise it becomes a BadRow.
    """

    encoding: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    records: str | None = None
    columns: tuple[str, ...] = ()
    strict: bool = True
