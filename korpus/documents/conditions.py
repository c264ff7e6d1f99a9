"""Conditions on records, whose answer may be unknown: yes, no, or None where a value is missing."""

from collections.abc import Iterator
from typing import Any
from unicodedata import normalize

from korpus.documents.comparisons import Comparison, is_missing
from korpus.inputs import TEXT_COLUMNS
from korpus.records import Record

_NOWHERE = object()


class Column:
    """A column by its name, whose letters may be composed (NFC) or not (NFD)."""

    def __init__(self, name: str) -> None:
        self.name = normalize("NFC", name)

    def key(self, record: Record) -> str | None:
        """The name of the column in a record; None if it has none. `text` is its text column."""
        if self.name in record:
            return self.name
        for key in record:
            if not key.isascii() and normalize("NFC", key) == self.name:
                return key
        if self.name == "text":
            return next((usual for usual in TEXT_COLUMNS if usual in record), None)
        return None

    def value(self, record: Record) -> Any:
        """The value of the column in a record; None if it has none."""
        found = record.get(self.name, _NOWHERE)
        if found is _NOWHERE:
            key = self.key(record)
            return None if key is None else record[key]
        return found


class Test:
    """The test of one column. If `given` is empty, records without a value pass."""

    def __init__(self, column: Column, operator: str, given: list[str]) -> None:
        self.column = column
        self._asks_missing = "" in given
        self._compare = Comparison(operator, [value for value in given if value])

    def __call__(self, record: Record) -> bool | None:
        """Whether a record passes; None if its value is missing or cannot be compared."""
        value = self.column.value(record)
        if is_missing(value):
            return True if self._asks_missing else None
        return self._compare(value)

    def tests(self) -> Iterator["Test"]:
        """All tests inside."""
        yield self

    @property
    def disguised(self) -> str | None:
        """The first number that was taken for a date."""
        literals = self._compare.literals
        return next((found.disguised for found in literals if found.disguised), None)

    @property
    def worded(self) -> tuple[str, str] | None:
        """The first number that was ordered as text, and the word beside it."""
        literals = self._compare.literals
        return next(((found.worded, found.text) for found in literals if found.worded), None)


class All:
    """Conditions that all have to hold; no if one fails, even if another is unknown."""

    def __init__(self, parts: "list[Condition]") -> None:
        self.parts = parts

    def __call__(self, record: Record) -> bool | None:
        """Whether a record passes."""
        answer: bool | None = True
        for part in self.parts:
            found = part(record)
            if found is False:
                return False
            if found is None:
                answer = None
        return answer

    def tests(self) -> Iterator[Test]:
        """All tests inside."""
        for part in self.parts:
            yield from part.tests()


class Either(All):
    """Conditions of which one has to hold; yes if one does, even if another is unknown."""

    def __call__(self, record: Record) -> bool | None:
        """Whether a record passes."""
        answer: bool | None = False
        for part in self.parts:
            found = part(record)
            if found:
                return True
            if found is None:
                answer = None
        return answer


class Not:
    """The opposite of a condition; what is unknown stays so."""

    def __init__(self, part: "Condition") -> None:
        self.part = part

    def __call__(self, record: Record) -> bool | None:
        """Whether a record passes."""
        found = self.part(record)
        return None if found is None else not found

    def tests(self) -> Iterator[Test]:
        """All tests inside."""
        yield from self.part.tests()


Condition = Test | All | Not
