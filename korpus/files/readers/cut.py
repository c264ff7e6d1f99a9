"""Split text into chunks at row boundaries."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from korpus.files.readers.chunk import Shape

_QUOTE = b'"'
_QUOTED = re.compile(rb'"[^"]*+"')


class Cutter:
    """Cuts text in UTF-8 into chunks of whole rows.

    `quoted`: quoted fields may contain line ends. Quotes are read as Python's csv module does in
    strict mode: a quote opens a field only at its start, elsewhere it is a character.
    `any_line_end`: CR and CR LF end a line as LF does.
    """

    def __init__(self, shape: Shape, *, quoted: bool, any_line_end: bool) -> None:
        self.quoted = quoted
        self.any_line_end = any_line_end
        self.delimiter = shape.delimiter
        # A blank line is a row where a row has one unquoted field.
        self.blank_rows = not quoted and len(shape.header) <= 1

    def cut(
        self, read: Callable[[int], bytes], size: int, longest: int | None = None
    ) -> Iterator[tuple[bytes, int]]:
        """Whole rows of about `size` bytes, and how many rows they are. Streams.

        Of a row of more than `longest` bytes, only the first line is taken: a quote opened there
        that never closes.
        """
        held = b""
        # If no row ends, the next read is twice as long, so that long rows take linear time.
        while more := read(max(size, len(held))):
            held += more
            plain, limit = self._regular(held)
            end = self._last_end(plain, limit)
            if not end and longest and len(held) > longest:
                end = held.find(b"\n") + 1
            if end:
                yield held[:end], self._count_rows(plain[:end])
                held = held[end:]
        if held:
            yield held, self._count_rows(self._regular(held)[0])

    def count_lines(self, data: bytes) -> int:
        """The number of lines of a chunk."""
        ends = data.count(b"\n")
        if not self.any_line_end:
            return ends + (not data.endswith(b"\n"))
        if b"\r" in data:
            ends += data.count(b"\r") - data.count(b"\r\n")
        return ends + (not data.endswith((b"\n", b"\r")))

    def _count_rows(self, plain: bytes) -> int:
        """The number of rows: lines that are not blank, not counting quoted line ends."""
        if self.quoted and _QUOTE in plain:
            plain = _QUOTED.sub(_QUOTE, plain)
        if self.blank_rows:
            return self.count_lines(plain)
        # Usually no line is blank, which can be told without splitting the lines.
        if plain[:1] in b"\r\n" or b"\n\n" in plain or b"\r" in plain:
            lines = plain.splitlines() if self.any_line_end else plain.split(b"\n")
            return sum(bool(line.strip(b"\r")) for line in lines)
        return self.count_lines(plain)

    def _last_end(self, plain: bytes, limit: int) -> int:
        """The end of the last row that is surely complete; 0 if there is none."""
        if not self.any_line_end:
            return plain.rfind(b"\n") + 1
        for mark in (b"\n", b"\r"):
            end, odd = limit, 0
            while (at := plain.rfind(mark, 0, end)) >= 0:
                odd ^= self.quoted and plain.count(_QUOTE, at, end) & 1
                # A \r at the very end may be the first half of \r\n.
                if not odd and (mark == b"\n" or at + 1 < len(plain)):
                    return at + 1
                end = at
        return 0

    def _regular(self, data: bytes) -> tuple[bytes, int]:
        """The data with stray quotes replaced (same length), and the offset of the last unclosed
        quoted field. Formats without quoting are returned as they are.
        """
        if not self.quoted or _QUOTE not in data:
            return data, len(data)
        regular, quoted = _patterns(self.delimiter)
        limit = _matched(regular, data)
        if limit < len(data) and data[limit - 1 : limit].strip(self.delimiter.encode() + b'\r\n"'):
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
    """Two patterns for CSV.

    The first matches text in which quotes come in pairs, the opening one at the start of a field or
    after another quote. The second matches a quoted field, closed or not, and the character before.
    """
    before = re.escape(delimiter.encode()) + rb"\r\n"
    regular = rb'[^"]*+(?:(?<![^%b"])"[^"]*+"[^"]*+)*+' % before
    quoted = rb'[%b]"[^"]*+(?:""[^"]*+)*+(?:"|\Z)' % before
    return re.compile(regular), re.compile(quoted)


def _matched(pattern: re.Pattern[bytes], data: bytes) -> int:
    match = pattern.match(data)
    assert match is not None  # it matches the empty string too
    return match.end()
