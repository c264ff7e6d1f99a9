"""Marks in JSON Lines on a pipe, which show the next command whether its input is complete.

When a command of a pipeline fails or is killed, the next one only sees the end of its input. So
korpus puts one space before the first record that it writes to a pipe, and one space before the
line end of the last record. A stream without records is two spaces and no line end. To JSON readers
this is insignificant white space, and the number of lines stays the same. A command that finishes
with documents set aside has written a complete stream; one that fails writes no end mark.

If the input begins with a mark, the reader compares the numbers of start and end marks: a stream
that was sorted, or several streams one after the other, are complete too. Input that begins
without a mark is not checked.
"""

import logging
from collections.abc import Iterable
from typing import BinaryIO

from korpus.errors import KorpusError
from korpus.messages import _

logger = logging.getLogger("korpus")

NO_RECORDS = b"  "
_is_partial_allowed = False


def allow_partial_input(allowed: bool = True) -> None:
    """Set whether input from a pipe that ended early is accepted, with a message (default: no)."""
    global _is_partial_allowed
    _is_partial_allowed = allowed


def ended_early() -> None:
    """Raises KorpusError because input ended early, or logs it if that is allowed."""
    if not _is_partial_allowed:
        raise KorpusError(
            _("input ended early: the command before it stopped"),
            _("if head, grep or sort in between left lines out on purpose, add --allow-partial"),
        )
    logger.warning(_("input ended early: the command before it stopped; going on without the rest"))


class EndMarks:
    """The marks in the lines of a pipe so far."""

    def __init__(self) -> None:
        self.starts = 0
        self.ends = 0

    def add(self, lines: Iterable[bytes]) -> None:
        """Count the marks in lines. Lines without a space at either end may be left out."""
        for line in lines:
            content = line.lstrip(b" ")
            # Each stream without records before this line has added two spaces.
            self.starts += content.startswith(b"{") and (len(line) - len(content)) & 1
            self.ends += line.rstrip(b"\r\n").endswith(b"} ")

    def check(self, last: bytes, is_whole: bool) -> None:
        """Raises KorpusError if the input ended early.

        `last`: the rest of the input after the last line end, if any; `is_whole`: it is valid JSON.
        """
        if not last.strip(b" "):
            self.starts += len(last) & 1  # a start mark alone
            is_cut = False
        else:
            self.add([last])
            is_cut = self.starts > 0 and not (is_whole and last.endswith(b"} "))
        if is_cut or self.starts > self.ends:
            ended_early()


def write_marked(stream: BinaryIO, pieces: Iterable[bytes]) -> None:
    """Write JSON Lines with marks. The last line so far is held back until another one follows.

    `pieces`: one or several whole lines each. If they raise, the held line is written without a
    mark.
    """
    held = b""
    is_started = False
    try:
        for piece in pieces:
            if not piece:
                continue
            if not is_started:
                stream.write(b" ")
                is_started = True
            stream.write(held)
            start = piece.rfind(b"\n", 0, -1) + 1
            stream.write(memoryview(piece)[:start])
            held = piece[start:]
    except Exception:
        stream.write(held)
        raise
    stream.write(held[:-1] + b" \n" if is_started else NO_RECORDS)
