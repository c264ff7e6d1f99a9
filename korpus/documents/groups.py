"""Groups of records by the value of a column, and shares of groups."""

import random
from array import array
from collections.abc import Callable, Iterable
from typing import Any
from unicodedata import normalize

from korpus.documents.comparisons import as_text, is_missing
from korpus.documents.conditions import Column
from korpus.documents.periods import period, period_at_start
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, listed
from korpus.records import Record

_PERIODS = {"year": 1, "month": 2}  # how much of a date is the group


class Groups:
    """Numbers the groups of records in the order in which they appear.

    `by`: a column, or `date:year` or `date:month` of a column with dates; None for one group.
    A missing value is a group of its own, called "". `text_of`: makes text of a value; None if it
    makes no group.
    """

    def __init__(self, by: str | None, text_of: Callable[[Any], str | None] = as_text) -> None:
        self.numbers: dict[str, int] = {} if by else {"": 0}
        self.by = by
        self._text_of = text_of
        self._column = Column(by or "")
        self._dates, _colon, self._unit = (by or "").rpartition(":")
        self._dated = Column(self._dates)

    @property
    def names(self) -> list[str]:
        """The names of the groups so far."""
        return list(self.numbers)

    def number(self, record: Record) -> int:
        """The number of a record's group. Raises KorpusError if the record lacks the column."""
        if self.by is None:
            return 0
        return self.numbers.setdefault(self.name(record), len(self.numbers))

    def name(self, record: Record) -> str:
        """The name of a record's group. Raises KorpusError if the record lacks the column."""
        key, column = self._column.key(record), self.by
        is_date = key is None and self._dates != ""
        if is_date:
            key = self._dated.key(record)
            column = self._dates if self._unit in _PERIODS else self.by
        if key is None:
            raise KorpusError(
                _("document {id!r} has no column {column!r}").format(
                    id=record.get("id"), column=column
                ),
                _("its columns are {columns}").format(columns=", ".join(record)),
            )
        if is_date and self._unit not in _PERIODS:
            raise UsageError(
                _("--by {by}: unknown period {period!r}").format(by=self.by, period=self._unit),
                _("one of: {names}").format(names=", ".join(_PERIODS)),
            )
        value = record[key]
        if is_missing(value):
            return ""
        text = self._text_of(value)
        if text is None:
            raise KorpusError(
                _("document {id!r}: {column} is a list or an object, which makes no group").format(
                    id=record.get("id"), column=key
                ),
                _("choose another column"),
            )
        if not is_date:
            return normalize("NFC", text.strip())
        found = period(text) or period_at_start(text)
        length = _PERIODS[self._unit]
        if found is None or len(found) < length:
            raise KorpusError(
                _("document {id!r}: {column} {value!r} is not a date").format(
                    id=record.get("id"), column=key, value=text
                ),
                _("expected a date such as 2025-03-31"),
            )
        return "-".join(f"{part:02}" for part in found[:length])


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
    return listed((name or _("no value") for name in names), most)
