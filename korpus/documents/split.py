"""Split long text for analyzers: their time grows faster than the length of the text."""

import re
from collections.abc import Iterator

# The end of a sentence with closing quotes and brackets, before a space.
_SENTENCE_END = re.compile(r"[.!?…。][\"'”’)\]]*(?= )")


def pieces(line: str, longest: int) -> Iterator[str]:
    """Cut a line into pieces of at most `longest` characters. Streams.

    Each cut is after the last sentence that fits, else before the last space, else at `longest`.
    """
    start = 0
    while len(line) - start > longest:
        end = start + longest
        sentences = [found.end() for found in _SENTENCE_END.finditer(line, start, end)]
        if sentences:
            end = sentences[-1]
        elif (space := line.rfind(" ", start + 1, end)) > 0:
            end = space
        yield line[start:end]
        start = end
    yield line[start:]


def spaced(line: str, longest: int) -> str:
    """Insert spaces so that no run without white space is longer than `longest` characters."""
    if len(line) <= longest:
        return line
    return re.sub(rf"\S{{{longest}}}(?=\S)", r"\g<0> ", line)
