"""Numbers for the names of people: of speakers, and where others mention them."""

import re
from collections import deque
from collections.abc import Iterator

from korpus.files.readers import Reading, json_lines
from korpus.files.sources.spool import spooled
from korpus.files.writers.jsonl import json_line
from korpus.records import BadRow, Record

_LONGEST_NAME = 100  # characters
_INSIDE_WORD = re.compile(r"[A-Za-z0-9_]{2}")
_UNKNOWN = re.compile(r"\w{1,100}?(?=님\b|님[^\w]|님\w{1,3}\b|\b)")


def masked(rows: Iterator[Record], column: str, reading: Reading) -> Iterator[Record]:
    """Documents with numbers for the names of speakers and for all that follows an @.

    All rows are read before the first is given, by way of a temporary file, as a person may be
    mentioned before saying something.
    """
    bad: deque[Record] = deque()

    def lines() -> Iterator[bytes]:
        for row in rows:
            if type(row) is BadRow:
                bad.append(row)
                yield json_line({})
                continue
            if row.get(column):
                row[column] = reading.number(str(row[column]))
            yield json_line({"row": row})

    with spooled(lines()) as spool:
        for line in json_lines(spool, ""):
            yield _without_names(line["row"], column, reading) if line else bad.popleft()


def _without_names(row: Record, column: str, reading: Reading) -> Record:
    for key, value in row.items():
        if key != column and isinstance(value, str) and "@" in value:
            row[key] = _without_mentions(value, reading)
    return row


def _without_mentions(text: str, reading: Reading) -> str:
    """Text with numbers for the names behind @: of several that begin alike, for the longest.

    A word behind @ that nobody has as a name gets a number too, unless it is part of an e-mail
    address.
    """
    parts: list[str] = []
    start = 0
    while at := text.find("@", start) + 1:
        ends = range(min(at + _LONGEST_NAME, len(text)), at, -1)
        end = next((end for end in ends if _is_name(text, at, end, reading.names)), at)
        if end == at and not text[at - 2 : at - 1].isalnum():
            unknown = _UNKNOWN.match(text, at)
            end = unknown.end() if unknown else at
        parts += [text[start:at], reading.number(text[at:end]) if end > at else ""]
        start = end
    return "".join(parts) + text[start:]


def _is_name(text: str, start: int, end: int, names: dict[str, str]) -> bool:
    """Whether a part of a text is a name, and not the start of a longer word in Latin letters."""
    return text[start:end] in names and not _INSIDE_WORD.fullmatch(text[end - 1 : end + 1])
