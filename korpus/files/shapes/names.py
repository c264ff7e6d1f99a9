"""Numbers for the names of people: of speakers, and where others mention them."""

import pickle
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress

from korpus.files.readers import Reading
from korpus.files.sources import spool_errors
from korpus.records import BadRow, Record

_LONGEST_NAME = 100  # characters
_INSIDE_WORD = re.compile(r"[A-Za-z0-9_]{2}")
_UNKNOWN = re.compile(r"\w{1,100}?(?=님\b|님[^\w]|님\w{1,3}\b|\b)")


def masked(rows: Iterator[Record], column: str, reading: Reading) -> Iterator[Record]:
    """Documents with numbers for the names of speakers and for all that follows an @.

    All rows are read before the first is given, by way of a temporary file, as a person may be
    mentioned before saying something.
    """
    with spool_errors():
        spool = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        for row in rows:
            if type(row) is not BadRow and row.get(column):
                row[column] = reading.number(str(row[column]))
            with spool_errors():
                pickle.dump(row, spool)
        with spool_errors():
            spool.seek(0)
        with suppress(EOFError):
            while True:
                yield _without_names(pickle.load(spool), column, reading)
    finally:
        with suppress(OSError):  # closing flushes once more
            spool.close()


def _without_names(row: Record, column: str, reading: Reading) -> Record:
    if type(row) is BadRow:
        return row
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
