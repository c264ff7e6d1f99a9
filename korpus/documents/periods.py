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
    (?:(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*
    (?P<after>[AP]M)?\s*(?:Z|UTC|KST|[+-]\d\d:?\d\d)?)?\s*""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_YEAR = re.compile(r"\s*(\d{4})\s*년?\s*", re.ASCII)
_LONGEST = 40  # characters
_DIGITS = re.compile(r"\s*(?:19|20)\d{6}\s*", re.ASCII)


def period(text: str) -> Period | None:
    """The period that a text names; None if it is no date. Time zones are left out.

    Eight digits are a date if they can be one, four are a year.
    """
    if len(text) > _LONGEST:
        return None
    if days := eight_digits(text):
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
    hour, minute = int(found["hour"]), int(found["minute"])
    half = (found["half"] or found["after"] or "").upper()
    if half:
        hour = hour % 12 + (12 if half in ("오후", "PM") else 0)
    if len(parts) < 3 or hour > 23 or minute > 59:
        return None
    return (*parts, hour, minute, *([int(found["second"])] if found["second"] else []))


def eight_digits(text: str) -> Period | None:
    """The date that eight digits are: 20190503. None if they cannot be one."""
    if _DIGITS.fullmatch(text):
        digits = text.strip()
        parts = [int(digits[:4]), int(digits[4:6]), int(digits[6:])]
        return tuple(parts) if _exists(parts) else None
    return None


def compare(value: Period, given: Period) -> int | None:
    """-1, 0 or 1 as `value` is before, within or after the period `given`.

    None if `value` is the longer of the two and holds both sides: 2019 and 2019-05.
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
