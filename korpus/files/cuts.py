"""Where text can be cut: behind the last of its lines, or of the records of a table, that ends."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from korpus.files.rows import Shape

_QUOTE = b'"'
_QUOTED = re.compile(rb'"[^"]*+"')


def cut(read: Callable[[int], bytes], size: int, shape: Shape) -> Iterator[tuple[bytes, int]]:
    """Whole rows of txt, csv or tsv in UTF-8, about `size` bytes together, and how many. Streams.

    A row is what `rows.shaped_rows` takes for one: in csv what Python's csv reader does in its
    strict mode, where a quote opens a field only at its start and else is a character.
    """
    held = b""
    # Where no row ends, twice as much is looked at next, so that a long one costs no more.
    while more := read(max(size, len(held))):
        held += more
        plain, limit = _regular(held, shape)
        if end := _last_end(plain, limit, shape):
            yield held[:end], _count_rows(plain[:end], shape)
            held = held[end:]
    if held:
        yield held, _count_rows(_regular(held, shape)[0], shape)


def count_lines(data: bytes, shape: Shape) -> int:
    """How many lines a piece has."""
    ends = data.count(b"\n")
    if shape.format == "tsv":
        return ends + (not data.endswith(b"\n"))
    if b"\r" in data:
        ends += data.count(b"\r") - data.count(b"\r\n")
    return ends + (not data.endswith((b"\n", b"\r")))


def _count_rows(plain: bytes, shape: Shape) -> int:
    """How many rows there are: lines that are not blank, but for quoted line ends."""
    if shape.format == "csv" and _QUOTE in plain:
        plain = _QUOTED.sub(_QUOTE, plain)
    if shape.format == "txt" or (shape.format == "tsv" and len(shape.header) == 1):
        return count_lines(plain, shape)
    # Most often none is blank, which one can tell without splitting them.
    if plain[:1] in b"\r\n" or b"\n\n" in plain or b"\r" in plain:
        lines = plain.split(b"\n") if shape.format == "tsv" else plain.splitlines()
        return sum(bool(line.strip(b"\r")) for line in lines)
    return count_lines(plain, shape)


def _last_end(plain: bytes, limit: int, shape: Shape) -> int:
    """Behind the last row that surely ends; 0 where none does."""
    if shape.format == "tsv":
        return plain.rfind(b"\n") + 1
    quoting = shape.format == "csv"
    for mark in (b"\n", b"\r"):
        end, odd = limit, 0
        while (at := plain.rfind(mark, 0, end)) >= 0:
            odd ^= quoting and plain.count(_QUOTE, at, end) & 1
            # Whether \n follows the last \r, nobody knows yet.
            if not odd and (mark == b"\n" or at + 1 < len(plain)):
                return at + 1
            end = at
    return 0


def _regular(data: bytes, shape: Shape) -> tuple[bytes, int]:
    """CSV in which every quote opens or closes a field or is doubled in one, as long as it was;
    and where the last field that is not closed begins. In other formats a quote is nothing special.
    """
    if shape.format != "csv" or _QUOTE not in data:
        return data, len(data)
    regular, quoted = _patterns(shape.delimiter)
    limit = _matched(regular, data)
    if limit < len(data) and data[limit - 1 : limit].strip(shape.delimiter.encode() + b'\r\n"'):
        parts: list[bytes] = []
        at = 0
        for match in quoted.finditer(b"\n" + data):
            start, end = match.start(), match.end() - 1  # the match has one character before
            parts += data[at:start].replace(_QUOTE, b"'"), data[start:end]
            at = end
        data = b"".join((*parts, data[at:].replace(_QUOTE, b"'")))
        limit = _matched(regular, data)
    return data, limit


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Text in which quotes come in pairs, the first where a field starts or where another quote is
    before it; and a quoted field, closed or not, with the character before it.
    """
    before = re.escape(delimiter.encode()) + rb"\r\n"
    regular = rb'[^"]*+(?:(?<![^%b"])"[^"]*+"[^"]*+)*+' % before
    quoted = rb'[%b]"[^"]*+(?:""[^"]*+)*+(?:"|\Z)' % before
    return re.compile(regular), re.compile(quoted)


def _matched(pattern: re.Pattern[bytes], data: bytes) -> int:
    match = pattern.match(data)
    assert match is not None  # it matches nothing too
    return match.end()
