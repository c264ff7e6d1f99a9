"""Tab-separated values without quoting: a quote is a character like any other."""

from collections.abc import Iterator

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
    fields = _fields(header_line(lines, name, row))
    return Shape("tsv", "\t", table_header(fields, name, row))


def _rows(lines: Iterator[str], shape: Shape, name: str, first: int) -> Iterator[Record]:
    header, width, in_order = shape.header, len(shape.header), ordered(shape)
    for number, line in enumerate(lines, first):
        fields = _fields(line)
        if len(fields) == width:
            yield dict(zip(header, in_order(fields), strict=False))
        elif fields != [""]:
            hint = _("a quoted table, as spreadsheets write it, is read with --input-format csv")
            raise wrong_width(name, number, fields, width, hint)


def _fields(line: str) -> list[str]:
    return line.rstrip("\r\n").split("\t")


_SYNTAX = Syntax("\n", _header, _rows)
read = text_reader(_SYNTAX)
chunking = text_chunking(_SYNTAX)
