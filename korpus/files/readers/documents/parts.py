"""The parts of a document: its text and tables, and what stands beside them.

A reader opens and closes boxes as it goes through a file. `Parts.text` then chooses what becomes
the text of the document.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from korpus.files.readers.reading import BESIDE, NOTES, Reading

BODY, TABLE, CELL = "body", "table", "cell"

_SPACES = re.compile(r"\s+")
Rows = list[list[str]]


class _Box(NamedTuple):
    """What is being read: lines of text, or Rows where a table stands; the line that is not ended;
    and of a table, its rows."""

    kind: str
    found: list[str | Rows]
    line: list[str]
    rows: Rows


class Parts:
    """The parts of one document, in the order of the file."""

    def __init__(self) -> None:
        self.beside: list[tuple[str, str]] = []  # kind, text
        self._boxes = [_box(BODY)]

    def open(self, kind: str) -> None:
        """Begin a table, a cell, a note …: what is added from now on belongs to it."""
        self.end_line()
        self._boxes.append(_box(kind))

    def row(self) -> None:
        """Begin a row of the table that is open."""
        if self._boxes[-1].kind == TABLE:
            self._boxes[-1].rows.append([])

    def add(self, text: str) -> None:
        """Add to the current line."""
        self._boxes[-1].line.append(text)

    def add_words(self, text: str | None) -> None:
        """Add text whose line ends mean no more than a space."""
        if text:
            self.add(_SPACES.sub(" ", text))

    def end_line(self) -> None:
        """End the current line, which is a paragraph unless it is blank."""
        box = self._boxes[-1]
        if box.line:
            text = "".join(box.line).strip()
            box.line.clear()
            if text:
                box.found.append(text)

    def close(self) -> None:
        """End what was opened last."""
        self.end_line()
        if len(self._boxes) == 1:  # a broken file closes more than it opens
            return
        box, outer = self._boxes.pop(), self._boxes[-1]
        if box.kind == CELL and outer.kind == TABLE:
            if not outer.rows:
                outer.rows.append([])
            outer.rows[-1].append(_flat(box.found))
        elif box.kind in BESIDE:
            beside = (box.kind, "\n".join(_lines(box.found)))
            # A header is stored once per section, a memo also where it is anchored.
            if beside[1] and (box.kind == NOTES or beside not in self.beside):
                self.beside.append(beside)
        else:
            outer.found.extend(box.found)  # of a table: its caption
            if rows := [row for row in box.rows if any(row)]:
                outer.found.append(rows)

    def text(self, reading: Reading) -> str:
        """The text of the document, as `reading` chooses. What is left out is counted there."""
        while len(self._boxes) > 1:
            self.close()
        self.end_line()
        body = self._boxes[0].found
        if reading.tables == "only":
            body = [part for part in body if not isinstance(part, str)]
        elif reading.tables == "skip":
            reading.counts["table"] += sum(not isinstance(part, str) for part in body)
            body = [part for part in body if isinstance(part, str)]
        lines = list(_lines(body))
        if reading.tables != "only":
            for kind, text in self.beside:
                if kind in reading.include:
                    lines.append(text)
                else:
                    reading.counts[kind] += 1
        return "\n".join(filter(None, lines))


def _box(kind: str) -> _Box:
    return _Box(kind, [], [], [])


def _lines(found: Iterable[str | Rows]) -> Iterable[str]:
    """Lines of text; a row of a table is a line with tabs between its cells."""
    for part in found:
        if isinstance(part, str):
            yield part
        else:
            yield from ("\t".join(row).rstrip("\t") for row in part)


def _flat(found: Iterable[str | Rows]) -> str:
    """The text of a cell in one line."""
    return _SPACES.sub(" ", " ".join(_lines(found))).strip()
