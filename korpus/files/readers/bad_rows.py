"""Rows that cannot be read: set aside as they are, or an error that stops the run."""

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import orjson

from korpus.errors import KorpusError
from korpus.files.sources import ESCAPED
from korpus.messages import _
from korpus.records import BadRow, Record

_MOST_READ_AGAIN = 10  # times the lines of the text
_ESCAPES = re.compile(f"[{ESCAPED}]")


class BadRows:
    """What the reader of a text does with its bad rows.

    `lines()` gives the lines of the text, the first of which is number `first`; it is called only
    when there is a bad row. `strict`: raise the error instead. `held`: a list for the bad rows,
    which otherwise are yielded. `damaged`: the text has escaped bytes.
    """

    def __init__(
        self,
        lines: Callable[[], Sequence[str]],
        name: str,
        first: int,
        *,
        strict: bool = True,
        held: list[Record] | None = None,
        damaged: bool = False,
    ) -> None:
        self.name = name
        self.first = first
        self.strict = strict
        self.held = held
        self.damaged = damaged
        self._lines = lines
        self._again = 0

    @cached_property
    def lines(self) -> Sequence[str]:
        """The lines of the text."""
        return self._lines()

    def row(self, kind: str, error: KorpusError, line: int, last: int) -> Iterator[BadRow]:
        """Set the row on the lines `line` to `last` aside. Raises the error if `strict`."""
        if self.strict:
            raise error
        raw = "".join(self.lines[line - self.first : last - self.first + 1]).rstrip("\r\n")
        bad = bad_row(kind, error, line, raw)
        if self.held is None:
            yield bad
        else:
            self.held.append(bad)

    def after(self, line: int, last: int) -> int:
        """The number of the line to go on with after a row on `line` that was read to `last`.

        A quote in it may have swallowed other rows, so that these are read again, unless that has
        been done too often.
        """
        self._again += last - line
        return (line if self._again <= _MOST_READ_AGAIN * len(self.lines) else last) + 1

    def lines_from(self, line: int) -> Iterator[str]:
        """The lines of the text from number `line`."""
        return map(self.lines.__getitem__, range(line - self.first, len(self.lines)))

    def undecodable(self, fields: Sequence[str], line: int) -> KorpusError | None:
        """The error for a row that cannot be decoded; None if it can."""
        if not self.damaged or not any(map(_ESCAPES.search, fields)):
            return None
        return KorpusError(
            _("{name}: line {line}: bytes that the encoding lacks").format(
                name=self.name, line=line
            )
        )


def bad_row(kind: str, error: KorpusError, line: int | None, raw: str) -> BadRow:
    """A row that is set aside; `raw` may have escaped bytes, which are shown as `\\xff`."""
    shown = _ESCAPES.sub(lambda match: f"\\x{ord(match[0]) & 0xFF:02x}", raw)
    place = {} if line is None else {"line": line}
    row = BadRow({**place, "raw": shown, "error": kind, "reason": error.message})
    row.hint = error.hint
    return row


def raw_json(value: object) -> str:
    """A value as JSON to set it aside, or as Python shows it if JSON cannot hold it."""
    try:
        return orjson.dumps(value, default=str).decode()
    except TypeError:  # half a character, or lists nested too deeply
        with contextlib.suppress(RecursionError):
            return ascii(value)
    return "…"
