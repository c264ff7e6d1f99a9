"""The whole text of a stream."""

from typing import BinaryIO

from korpus.files.sources import detect, rewindable


def whole_text(stream: BinaryIO, name: str, encoding: str | None) -> str:
    """All text of a stream, with line ends as they are."""
    with rewindable(stream) as seekable:
        found = detect(seekable, name, encoding, by_line=False)
        return seekable.read().decode(found)
