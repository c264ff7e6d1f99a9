"""Text on top of a stream of bytes."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO

from korpus.files.writers.plain import NUL_REPLACEMENT


@contextmanager
def text_stream(stream: BinaryIO) -> Iterator[TextIO]:
    """A stream of text in UTF-8 on a stream of bytes, which stays open at the end."""
    text = _Text(stream, "utf-8", "replace", newline="")
    try:
        yield text
    finally:
        text.detach()


class _Text(io.TextIOWrapper):
    def write(self, text: str) -> int:
        return super().write(text.replace("\0", NUL_REPLACEMENT) if "\0" in text else text)
