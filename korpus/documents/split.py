"""Long text in pieces that an analyzer takes well: its cost grows faster than their length."""

import re
from collections.abc import Iterator

# A sentence's end and what closes a quotation after it, before a blank.
_SENTENCE_END = re.compile(r"[.!?…。][\"'”’)\]]*(?= )")


def pieces(line: str, longest: int) -> Iterator[str]:
    """A line cut into pieces of at most `longest` characters. Streams.

    It is cut behind the last sentence that fits, else at the last blank, else where it must be;
    a line that is not longer stays as it is.
    """
    start = 0
    while len(line) - start > longest:
        end = start + longest
        sentences = [found.end() for found in _SENTENCE_END.finditer(line, start, end)]
        if sentences:
            end = sentences[-1]
        elif (blank := line.rfind(" ", start + 1, end)) > 0:
            end = blank
        yield line[start:end]
        start = end
    yield line[start:]


def spaced(line: str, longest: int) -> str:
    """A line with a blank in every run without one that is longer than `longest` characters."""
    if len(line) <= longest:
        return line
    return re.sub(rf"\S{{{longest}}}(?=\S)", r"\g<0> ", line)
