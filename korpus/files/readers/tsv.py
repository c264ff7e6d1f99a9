"""Tab-separated values without quoting: a quote is a character like any other."""

from collections.abc import Iterator

from korpus.files.readers.bad_rows import BadRows
from korpus.files.readers.chunk import Shape
from korpus.files.readers.header import header_line, table_header
from korpus.files.readers.text_rows import (
    Syntax,
    ordered,
    text_chunking,
    text_reader,
    wrong_width,
)
from korpus.messages import _
from korpus.records import Record


def _header(lines: Iterator[str], name: str, row: int) -> Shape:
    for _number in range(row - 1):
        next(lines, None)
    fields = _fields(header_line(lines, name, row))
    return Shape("tsv", "\t", table_header(fields, name, row))


def _rows(lines: Iterator[str], shape: Shape, bad: BadRows) -> Iterator[Record]:
    header, width, in_order = shape.header, len(shape.header), ordered(shape)
    usual = -1 if bad.damaged else width  # of rows that need no look at their fields
    for number, line in enumerate(lines, bad.first):
        fields = _fields(line)
        if len(fields) == usual:
            yield dict(zip(header, in_order(fields), strict=False))
        elif len(fields) == width:
            if unreadable := bad.undecodable(fields, number):
                yield from bad.row("bytes", unreadable, number, number)
            else:
                yield dict(zip(header, in_order(fields), strict=False))
        elif fields != [""]:
            hint = _("a quoted table, as spreadsheets write it, is read with --input-format csv")
            error = wrong_width(bad.name, number, fields, width, hint)
            yield from bad.row("width", error, number, number)


def _fields(line: str) -> list[str]:
    return line.rstrip("\r\n").split("\t")


_SYNTAX = Syntax("\n", _header, _rows)
read = text_reader(_SYNTAX)
chunking = text_chunking(_SYNTAX)
