"""Plain text: one document per line."""

from collections.abc import Iterator

from korpus.files.readers.bad_rows import BadRows
from korpus.files.readers.chunk import Shape
from korpus.files.readers.text_rows import Syntax, text_chunking, text_reader
from korpus.records import Record


def _header(lines: Iterator[str], name: str, row: int) -> Shape:
    return Shape("txt")


def _rows(lines: Iterator[str], shape: Shape, bad: BadRows) -> Iterator[Record]:
    if not bad.damaged:
        for line in lines:
            yield {"text": line.rstrip("\n")}
        return
    for number, line in enumerate(lines, bad.first):
        if unreadable := bad.undecodable([line], number):
            yield from bad.row("bytes", unreadable, number, number)
        else:
            yield {"text": line.rstrip("\n")}


_SYNTAX = Syntax(None, _header, _rows)
read = text_reader(_SYNTAX)
chunking = text_chunking(_SYNTAX)
