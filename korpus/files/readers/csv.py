"""CSV with any of the usual delimiters, as Python's csv module reads it in strict mode."""

import csv
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from korpus.errors import KorpusError
from korpus.files.readers.bad_rows import BadRows
from korpus.files.readers.chunk import Shape
from korpus.files.readers.header import header_line, no_such_row, table_header
from korpus.files.readers.text_rows import (
    Syntax,
    ordered,
    text_chunking,
    text_reader,
    wrong_width,
)
from korpus.files.sources import delimiter_of
from korpus.messages import _
from korpus.records import Record

# Characters. A field may be a whole book; the csv module's own limit is 128 KiB.
_LONGEST_FIELD = 1 << 26


def _header(lines: Iterator[str], name: str, row: int) -> Shape:
    skipped = csv.reader(lines)  # a row above the header may have several lines
    if row > 1 and len(list(islice(skipped, row - 1))) < row - 1:
        raise no_such_row(name, row)
    first = header_line(lines, name, row)
    delimiter = delimiter_of(first)
    try:
        fields: list[str] = next(_reader(chain([first], lines), delimiter), [])
    except csv.Error as error:
        raise _broken(name, max(1, row), error) from None
    return Shape("csv", delimiter, table_header(fields, name, row))


def _rows(lines: Iterator[str], shape: Shape, bad: BadRows) -> Iterator[Record]:
    header, width, in_order = shape.header, len(shape.header), ordered(shape)
    usual = -1 if bad.damaged else width  # of rows that need no look at their fields
    line = bad.first
    while True:
        first = line
        reader = _reader(lines, shape.delimiter)
        try:
            for fields in reader:
                if len(fields) == usual and fields:
                    yield dict(zip(header, in_order(fields), strict=False))
                elif fields:
                    last = first + reader.line_num - 1
                    if len(fields) != width:
                        error = wrong_width(
                            bad.name, line, fields, width, _("the text needs quotes")
                        )
                        yield from bad.row("width", error, line, last)
                    elif unreadable := bad.undecodable(fields, line):
                        yield from bad.row("bytes", unreadable, line, last)
                    else:
                        yield dict(zip(header, in_order(fields), strict=False))
                line = first + reader.line_num
            break
        except csv.Error as reason:
            going_on = bad.after(line, first + reader.line_num - 1)
            yield from bad.row("quotes", _broken(bad.name, line, reason), line, going_on - 1)
            line = going_on
            lines = bad.lines_from(line)


def _reader(lines: Iterator[str], delimiter: str) -> Any:
    csv.field_size_limit(_LONGEST_FIELD)
    return csv.reader(lines, strict=True, delimiter=delimiter)


def _broken(name: str, line: int, error: csv.Error) -> KorpusError:
    unclosed = "unexpected end of data" in str(error) or "field larger" in str(error)
    reason = _("a quote opens that never closes") if unclosed else str(error)
    return KorpusError(
        _("{name}: line {line}: {reason}").format(name=name, line=line, reason=reason),
        _(
            'quotes inside a quoted field are doubled (""); a table without quoting: '
            "--input-format tsv"
        ),
    )


_SYNTAX = Syntax("", _header, _rows, quoted=True)
read = text_reader(_SYNTAX)
chunking = text_chunking(_SYNTAX)
