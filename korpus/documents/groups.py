"""Groups of records by the value of a column, and shares of groups."""

import random
from array import array
from collections.abc import Iterable
from unicodedata import normalize

from korpus.documents.comparisons import as_text, is_missing
from korpus.documents.conditions import Column
from korpus.documents.periods import period
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record

_PERIODS = {"year": 1, "month": 2}  # how much of a date is the group


class Groups:
    """Numbers the groups of records in the order in which they appear.

    `by`: a column, or `date:year` or `date:month` of a column with dates; None for one group.
    A missing value is a group of its own, called "".
    """

    def __init__(self, by: str | None) -> None:
        self.numbers: dict[str, int] = {} if by else {"": 0}
        self.by = by
        self._column = Column(by or "")
        self._dates, _colon, unit = (by or "").rpartition(":")
        self._length = _PERIODS.get(unit, 0) if self._dates else 0
        self._dated = Column(self._dates)

    @property
    def names(self) -> list[str]:
        """The names of the groups so far."""
        return list(self.numbers)

    def number(self, record: Record) -> int:
        """The number of a record's group. Raises KorpusError if the record lacks the column."""
        if self.by is None:
            return 0
        return self.numbers.setdefault(self._name(record), len(self.numbers))

    def _name(self, record: Record) -> str:
        key = self._column.key(record)
        is_date = key is None and self._length > 0
        if is_date:
            key = self._dated.key(record)
        if key is None:
            raise KorpusError(
                _("document {id!r} has no column {column!r}").format(
                    id=record.get("id"), column=self._dates if is_date else self.by
                ),
                _("its columns are {columns}").format(columns=", ".join(record)),
            )
        value = record[key]
        if is_missing(value):
            return ""
        text = as_text(value)
        if text is None:
            raise KorpusError(
                _("document {id!r}: {column} is a list or an object, which makes no group").format(
                    id=record.get("id"), column=key
                ),
                _("choose another column"),
            )
        if not is_date:
            return normalize("NFC", text.strip())
        found = period(text)
        if found is None or len(found) < self._length:
            raise KorpusError(
                _("document {id!r}: {column} {value!r} is not a date").format(
                    id=record.get("id"), column=key, value=text
                ),
                _("expected a date such as 2025-03-31"),
            )
        return "-".join(f"{part:02}" for part in found[: self._length])


def quotas(sizes: list[int], size: int | float, seed: int) -> list[int]:
    """How many of each group to take, in proportion to `sizes`, by largest remainders.

    `size`: their number in all, or as a float their share. Chance decides between equal remainders.
    """
    dice = random.Random(seed).random
    total = sum(sizes)
    share = size if isinstance(size, float) else min(1.0, size / total) if total else 0.0
    wanted = round(total * share) if isinstance(size, float) else min(size, total)
    exact = [count * share for count in sizes]
    found = [int(number) for number in exact]
    rest = sorted(range(len(sizes)), key=lambda n: (found[n] - exact[n], dice()))
    for group in rest[: wanted - sum(found)]:
        found[group] += 1
    return found


def chosen(codes: "array[int]", sizes: list[int], wanted: list[int], seed: int) -> bytearray:
    """Choose rows at random, so many of each group: 1 for a row that is chosen, else 0.

    `codes`: the group of each row. `sizes`: how many rows each group has.
    """
    dice = random.Random(seed).random
    left, needed = list(sizes), list(wanted)
    found = bytearray(len(codes))
    for row, code in enumerate(codes):
        if dice() * left[code] < needed[code]:
            found[row] = 1
            needed[code] -= 1
        left[code] -= 1
    return found


def named(names: Iterable[str], most: int = 5) -> str:
    """The first names of groups, for messages."""
    listed = [name or _("no value") for name in names]
    return ", ".join(listed[:most]) + (" …" if len(listed) > most else "")
