"""Dates as people write them, to any precision: 2019, 2019-05, 2019. 5. 3., 2019년 5월 3일."""

import re
from datetime import date

# Year, month, day, hour, minute, second: as many of them as are known.
Period = tuple[int, ...]

_DATE = re.compile(
    r"""\s*(?P<year>\d{4})\s*(?:[-./]|년)\s*(?P<month>\d{1,2})
    (?:\s*(?:[-./]|월)\s*(?P<day>\d{1,2}))?
    \s*[.월일]?\s*
    (?:\(?[월화수목금토일](?:요일)?\)?)?[T,\s]*
    (?:(?P<half>오전|오후|[AP]M)\s*)?
    (?:(?P<hour>\d{1,2})(?::(?=\d\d)|시\s*)
    (?:(?P<minute>\d{1,2})(?:(?::(?=\d\d)|분\s*)(?:(?P<second>\d{1,2})(?:[.,]\d+|초)?)?)?)?\s*
    (?P<after>[AP]M)?\s*(?:Z|UTC|KST|[+-]\d\d:?\d\d)?)?\s*""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_YEAR = re.compile(r"\s*(\d{4})\s*년?\s*", re.ASCII)
_START = re.compile(
    r"\s*[12]\d{3}(?:\s*[-./년]\s*\d{1,2}(?:\s*[-./월]\s*\d{1,2})?|\d{4}|\d\d|)(?!\d)", re.ASCII
)
_LONGEST = 40  # characters
_DIGITS = re.compile(r"\s*((?:19|20)\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*", re.ASCII)


def period(text: str) -> Period | None:
    """The period that a text names; None if it is no date. Time zones are left out.

    Digits are a date if they can be one (see `of_digits`), four are a year.
    """
    if len(text) > _LONGEST:
        return None
    if days := of_digits(text):
        return days
    if found := _YEAR.fullmatch(text):
        return (int(found[1]),)
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    parts = [int(part) for part in found.group("year", "month", "day") if part is not None]
    if not _exists(parts):
        return None
    if found["hour"] is None:
        return tuple(parts)
    clock = [int(part) for part in found.group("hour", "minute", "second") if part is not None]
    half = (found["half"] or found["after"] or "").upper()
    if half:
        clock[0] = clock[0] % 12 + (12 if half in ("오후", "PM") else 0)
    return _with_time(parts, clock)


def is_impossible(text: str) -> bool:
    """Whether a text has the form of a date that does not exist: 2019-13, 2019-02-30."""
    return len(text) <= _LONGEST and period(text) is None and _DATE.fullmatch(text) is not None


def period_at_start(text: str) -> Period | None:
    """The year, month and day with which a text begins: 2019-05-03 ~ 2019-05-05; None if none."""
    found = _START.match(text)
    return period(found[0]) if found else None


def of_digits(text: str) -> Period | None:
    """The period that 6, 8, 10, 12 or 14 digits are: 201905, 20190503, 201905031430.

    None if they cannot be one.
    """
    found = _DIGITS.fullmatch(text)
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part is not None]
    return _with_time(parts[:3], parts[3:]) if _exists(parts) else None


def _with_time(days: list[int], clock: list[int]) -> Period | None:
    """A date with its time; None if that is no time of a day."""
    if clock and (len(days) < 3 or clock[0] > 23 or any(part > 59 for part in clock[1:])):
        return None
    return (*days, *clock)


def compare(value: Period, given: Period) -> int | None:
    """-1, 0 or 1 as `value` is before, within or after the period `given`.

    None if `value` is less precise than `given` and contains it: 2019 against 2019-05.
    """
    length = min(len(value), len(given))
    if value[:length] != given[:length]:
        return -1 if value[:length] < given[:length] else 1
    return 0 if len(value) >= len(given) else None


def _exists(parts: list[int]) -> bool:
    try:
        date(parts[0], *(*parts[1:], 1, 1)[:2])
    except ValueError:
        return False
    return True
