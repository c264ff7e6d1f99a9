"""Columns of documents that are kept beside what is made of the documents."""

from collections.abc import Iterable
from typing import Any

from korpus.documents.comparisons import as_text
from korpus.documents.conditions import Column
from korpus.documents.groups import no_column
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record

# Values of a JSON cell: string, number, boolean or null.
Cell = str | int | float | bool | None
# A column by its name, a value per document.
Columns = dict[str, list[Cell]]

_SAFE = 2**63  # numbers in JSON that every reader takes


class Keeper:
    """Collects some columns of documents in `columns`. `id` is not one, as it stays anyway."""

    def __init__(self, names: Iterable[str]) -> None:
        self._columns = [Column(name) for name in dict.fromkeys(names) if name != "id"]
        self.columns: Columns = {column.name: [] for column in self._columns}

    def add(self, record: Record) -> None:
        """Add the values of a document.

        Raises KorpusError if it lacks a column, or has a list or an object there.
        """
        for column in self._columns:
            key = column.key(record)
            if key is None:
                raise no_column(record, column.name)
            self.columns[column.name].append(_cell(record, key))


def _cell(record: Record, key: str) -> Cell:
    value: Any = record[key]
    if type(value) in (str, bool):
        return value  # type: ignore[no-any-return]
    if value is None or value != value:
        return None
    if type(value) in (int, float) and abs(value) < _SAFE:
        return value  # type: ignore[no-any-return]
    text = as_text(value)
    if text is None:
        raise KorpusError(
            _("document {id!r}: {column} is a list or an object, which cannot be kept").format(
                id=record.get("id"), column=key
            ),
            _("choose another column"),
        )
    return text


def checked(value: object, documents: int) -> Columns:
    """The columns that JSON of a file holds. Raises TypeError or ValueError for anything else."""
    if not isinstance(value, dict):
        raise TypeError(_("its columns are not an object"))
    for cells in value.values():
        if not isinstance(cells, list) or len(cells) != documents:
            raise ValueError(_("its columns have not a value per document"))
        if not all(cell is None or type(cell) in (str, int, float, bool) for cell in cells):
            raise TypeError(_("its columns have lists or objects in them"))
    return value
