"""Cut values into groups: dates into years … days, numbers into bins."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from korpus.documents.periods import Period, period, period_at_start
from korpus.errors import KorpusError
from korpus.messages import _

# How many parts of a date each needs: year, month, day.
UNITS = {"year": 1, "quarter": 2, "month": 2, "week": 3, "day": 3}
_NUMBER = r"-?\d+(?:\.\d+)?"
_BIN = re.compile(rf"(?P<low>{_NUMBER})?-(?P<high>{_NUMBER})?|(?P<only>{_NUMBER})", re.ASCII)
_MOST_PERIODS = 10_000
_DIGITS, _LONGEST = re.compile(r"[0-9]+"), 20  # of a number in a name


class NotCut(Exception):
    """A value that belongs to no group: the problem, with {column} and {value}, and a hint, perhaps
    with {quoted}, the column as conditions write it."""


class Bin(NamedTuple):
    """An interval of numbers with both its ends."""

    name: str
    low: float
    high: float


class Dates:
    """Cuts dates into periods: 2025, 2025-Q1, 2025-03, 2025-W09 (ISO 8601) or 2025-03-01."""

    def __init__(self, unit: str) -> None:
        self.unit = unit

    def __call__(self, text: str) -> str:
        """The period of a date. Raises NotCut."""
        found = period(text) or period_at_start(text)
        if found is None:
            raise NotCut(
                _("{column} {value!r} is not a date"),
                _(
                    "expected a date such as 2025-03-31; to leave such rows out: "
                    "korpus where '{quoted} >= 0001-01-01'"
                ),
            )
        if len(found) < UNITS[self.unit]:
            raise NotCut(
                _("{column} {value!r} is not a date"),
                _("expected a date such as 2025-03-31, or a longer period, as year"),
            )
        return period_name(found, self.unit)


class Bins:
    """Cuts numbers into bins; a number goes into the first bin that has it."""

    def __init__(self, bins: list[Bin]) -> None:
        self.bins = bins

    def __call__(self, text: str) -> str:
        """The name of the bin of a number. Raises NotCut."""
        try:
            number = float(text.replace(",", ""))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise NotCut(
                _("{column} {value!r} is not a number"),
                _("bins such as 1-4,5-7,8-10 need numbers"),
            )
        for name, low, high in self.bins:
            if low <= number <= high:
                return name
        raise NotCut(
            _("{column} {value!r} is in none of the bins"),
            _("add one (8- means 8 and more), or leave such documents out with korpus where"),
        )


def cut_of(text: str) -> Dates | Bins | None:
    """What cuts values as `month` or `1-4,5-7,8-10` says; None if the text says neither."""
    if text in UNITS:
        return Dates(text)
    bins: list[Bin] = []
    for part in text.split(","):
        found = _BIN.fullmatch(part.strip())
        if found is None:
            return None
        low, high = (found["only"] or found[end] for end in ("low", "high"))
        made = Bin(part.strip(), float(low or -math.inf), float(high or math.inf))
        if part.strip() == "-" or made.low > made.high:
            return None
        bins.append(made)
    return Bins(bins)


def order_of(by: str, order: Sequence[str] = ()) -> Callable[[str], tuple[int, float, str]]:
    """The sort key of the groups of a column.

    Those of `order` come first, as listed; then bins as listed, and others as `natural` says.
    """
    cut = cut_of(by.rpartition(":")[2]) if ":" in by else None
    listed = [made.name for made in cut.bins] if isinstance(cut, Bins) else []
    places = {name: float(place) for place, name in enumerate(dict.fromkeys([*order, *listed]))}
    return lambda name: (0, places[name], name) if name in places else natural(name)


def natural(name: str) -> tuple[int, float, str]:
    """A sort key: numbers by value, then words, with the numbers in them by value (9점 before
    10점), and missing values last. A group called nan is a word."""
    try:
        value = float(name)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return (1, value, name)
    return (2 if name else 3, 0.0, f"{_DIGITS.sub(_padded, name)}\0{name}")


def _padded(digits: re.Match[str]) -> str:
    return digits[0].zfill(_LONGEST)


def period_name(found: Period, unit: str) -> str:
    """The name of the period of a date, which has at least the parts that `UNITS` asks for."""
    if unit == "quarter":
        return f"{found[0]:04}-Q{(found[1] + 2) // 3}"
    if unit == "week":
        year, week, _day = date(*found[:3]).isocalendar()
        return f"{year:04}-W{week:02}"
    year, *rest = found[: UNITS[unit]]
    return "-".join([f"{year:04}", *(f"{part:02}" for part in rest)])


def all_periods(first: str, last: str, unit: str) -> list[str]:
    """The names of all periods from the first to the last. Raises KorpusError if they are many."""
    day, names = period_start(first, unit), [first]
    while names[-1] != last:
        if len(names) == _MOST_PERIODS:
            raise KorpusError(
                _("from {first} to {last} are more than {limit} periods").format(
                    first=first, last=last, limit=f"{_MOST_PERIODS:,}"
                ),
                _("choose a longer one, as --every year, or leave out dates that are wrong"),
            )
        day += timedelta(days={"year": 366, "quarter": 92, "month": 31, "week": 7, "day": 1}[unit])
        name = period_name((day.year, day.month, day.day), unit)
        names.append(name)
        day = period_start(name, unit)
    return names


def period_start(name: str, unit: str) -> date:
    """The first day of a period."""
    year, *rest = name.split("-")
    if unit == "week":
        return date.fromisocalendar(int(year), int(rest[0][1:]), 1)
    if unit == "quarter":
        return date(int(year), 3 * int(rest[0][1:]) - 2, 1)
    return date(int(year), *(*map(int, rest), 1, 1)[:2])
