"""Groups of documents by columns that were kept with their counts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from korpus.documents.cuts import cut_of, order_of
from korpus.documents.groups import Groups
from korpus.tokens import DocumentTermMatrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


def columns_of(by: Sequence[str]) -> list[str]:
    """The columns to keep for groups: date for date:month, rating for rating:1-4,5-7."""
    parts = [(column, *column.rpartition(":")) for column in by]
    return [before if before and cut_of(after) else whole for whole, before, _c, after in parts]


def group_names(matrix: DocumentTermMatrix, by: str) -> list[str]:
    """The name of each document's group. Raises KorpusError for a value that makes no group."""
    name = Groups(by, text_of=str).name
    (column,) = columns_of([by])
    cells = matrix.columns.get(column, matrix.ids)  # `id` is not among the columns
    return [name({"id": id, column: cell}) for id, cell in zip(matrix.ids, cells, strict=True)]


def groups_of(matrix: DocumentTermMatrix, by: Sequence[str]) -> "tuple[list[list[str]], Array]":
    """The groups of columns as column and name, and the numbers of each document's groups.

    The numbers are int64, documents × columns.
    """
    import numpy

    groups: list[list[str]] = []
    numbers = numpy.empty((len(matrix.lengths), len(by)), dtype=numpy.int64)
    for place, column in enumerate(by):
        found = group_names(matrix, column)
        names = sorted(set(found), key=order_of(column))
        number = {name: len(groups) + index for index, name in enumerate(names)}
        numbers[:, place] = [number[name] for name in found]
        groups += [[column, name] for name in names]
    return groups, numbers
