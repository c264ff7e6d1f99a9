"""Compare the value of a column with a value of an expression, as numbers, dates or text."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from korpus.documents.periods import compare, is_impossible, of_digits, period
from korpus.documents.searches import containing, matching
from korpus.errors import UsageError
from korpus.messages import _

_NUMBER = re.compile(r"\s*[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?(?:[eE][+-]?\d{1,3})?\s*", re.A)
_LONGEST = 300  # characters of a number
_YEAR = re.compile(r"(?:19|20)\d\d", re.A)
_YEAR_AND_MONTH = re.compile(r"(?:19|20)\d\d\.(?:0[1-9]|1[0-2])", re.A)
_REMEMBERED = 1 << 12  # values
_ORDERS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
_SEARCHES: dict[str, Callable[[str], Callable[[str], bool]]] = {"~": containing, "/": matching}


def is_missing(value: object) -> bool:
    """Whether a value says nothing: null, NaN, or text that is empty or blank."""
    if type(value) is str:
        return not value or value.isspace()
    return value is None or value != value


class Comparison:
    """Compares values with `given`.

    `operator`: = (one of the given), < <= > >=, ~ (contains) or / (matches a regular expression),
    which take one. A list passes if one of its items does.
    Raises UsageError for a bad regular expression, and for an order by a date that does not exist.
    """

    def __init__(self, operator: str, given: Sequence[str]) -> None:
        self.ignores_lists = operator in _ORDERS
        self.literals = [] if operator in _SEARCHES else [Literal(value) for value in given]
        self._test: Callable[[str], bool | None]
        if operator in _SEARCHES:
            self._test = _SEARCHES[operator](given[0])
        elif operator in _ORDERS:
            if self.literals[0].number is None and is_impossible(given[0]):
                raise UsageError(
                    _("there is no date {value!r}").format(value=given[0]),
                    _("dates are written as 2019, 2019-05 or 2019-05-03"),
                )
            self._test = lru_cache(_REMEMBERED)(self.literals[0].orders(_ORDERS[operator]))
        else:
            self._test = lru_cache(_REMEMBERED)(_equal_to_one(self.literals))

    def __call__(self, value: Any) -> bool | None:
        """Whether a value passes; None if it cannot be compared."""
        if type(value) is str:
            return self._test(value)
        if type(value) is list:
            return None if self.ignores_lists else any(map(self, value))
        text = as_text(value)
        return None if text is None else self._test(text)


def _equal_to_one(literals: "list[Literal]") -> Callable[[str], bool]:
    """The function that tells whether a text is the same text, number or date as a literal."""
    texts = {literal.text for literal in literals}
    keyed: dict[object, list[Literal]] = {}
    for literal in literals:
        for key in (literal.number, literal.period):
            if key is not None:
                keyed.setdefault(key, []).append(literal)

    def test(text: str) -> bool:
        if text in texts or (not text.isascii() and normalize("NFC", text) in texts):
            return True
        if not keyed:
            return False
        days = period(text) or ()
        keys = (number(text), *(days[:length] for length in range(1, len(days) + 1)))
        return any(literal.order(text) == 0 for key in keys for literal in keyed.get(key, ()))

    return test


class Literal:
    """A value of an expression: text that may be a number, a date, or either.

    `disguised`: the first number that was taken for a date; `worded`: the first that was ordered as
    text, beside a word.
    """

    def __init__(self, given: str) -> None:
        self.text = normalize("NFC", given)
        self.number = number(given)
        self.period = period(given)
        self.is_year = bool(_YEAR.fullmatch(given) or _YEAR_AND_MONTH.fullmatch(given))
        self.disguised: str | None = None
        self.worded: str | None = None

    def orders(self, passes: Callable[[int], bool]) -> Callable[[str], bool | None]:
        """The function that tells whether a text comes before or after, as `passes` says."""

        def decide(text: str) -> bool | None:
            order = self.order(text)
            return None if order is None else passes(order)

        return decide

    def order(self, text: str) -> int | None:
        """-1, 0 or 1 as a text is less than, equal to or greater than this; None if neither."""
        if self.number is None and self.period is None:
            if self.worded is None and number(text) is not None:
                self.worded = text
            text = normalize("NFC", text)
            return (text > self.text) - (text < self.text)
        if self.is_year and _is_disguised(text):
            self.disguised = self.disguised or text
            value = None
        else:
            value = number(text) if self.number is not None else None
        if value is not None:
            assert self.number is not None
            return (value > self.number) - (value < self.number)
        days = period(text) if self.period is not None else None
        return None if days is None or self.period is None else compare(days, self.period)


def _is_disguised(text: str) -> bool:
    """Whether a number is taken for a date beside a year: 20190503, 2019.05."""
    return len(of_digits(text) or ()) > 2 or _YEAR_AND_MONTH.fullmatch(text.strip()) is not None


def number(text: str) -> int | float | None:
    """The number that a text is, also with commas at thousands; None if it is not a number."""
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    digits = text.strip().replace(",", "")
    try:
        return int(digits)
    except ValueError:
        pass
    try:
        return float(digits)
    except ValueError:  # a sign or an exponent alone
        return None


def as_text(value: Any) -> str | None:
    """A value of a cell as text; None for a list or an object."""
    if type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is float and value.is_integer() and abs(value) < 2**63:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    return value.isoformat() if isinstance(value, date) else None
