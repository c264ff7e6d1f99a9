"""JSON Lines: one object per line. Streams, also from a pipe that is still being written."""

import contextlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import BinaryIO

import orjson

from korpus.errors import KorpusError
from korpus.files.readers.chunk import Chunk, Chunking, Shape
from korpus.files.sources import (
    LONGEST_LINE,
    bom_encoding,
    detect,
    peek,
    rewindable,
    too_long,
    would_block,
)
from korpus.messages import _
from korpus.records import Record

_SHAPE = Shape("jsonl")
_BOM = b"\xef\xbb\xbf"
_BLANK_START = re.compile(rb"\n\s")
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def read(stream: BinaryIO, name: str, encoding: str | None) -> Iterator[Record]:
    """The rows of a stream. JSON is UTF-8 by its standard, so no encoding is detected."""
    if _is_utf8(stream, encoding):
        yield from json_lines(_limited_lines(stream, name), name)
    else:
        with rewindable(stream) as seekable:
            found = detect(seekable, name, encoding)
            text = io.TextIOWrapper(seekable, found, newline="\n")
            yield from json_lines((line.encode("utf-8", "surrogatepass") for line in text), name)


def json_lines(lines: Iterable[bytes], name: str, first: int = 1) -> Iterator[Record]:
    """The rows of JSON Lines in UTF-8; the first line is number `first` of `name`."""
    loads = orjson.loads
    for number, line in enumerate(lines, first):
        if number == 1:
            line = line.removeprefix(_BOM)
        try:
            row = loads(line)
        except orjson.JSONDecodeError as error:
            if not line.strip():
                continue
            row = _with_lone_surrogates(line)
            if row is None:
                raise KorpusError(
                    _("{name}: line {line}: broken JSON ({reason})").format(
                        name=name, line=number, reason=error.msg
                    ),
                    _("each line is one object in UTF-8; another encoding: -e cp949"),
                ) from None
        yield row if type(row) is dict else as_row(row, f"{name}: line {number}")


def as_row(value: object, position: str) -> Record:
    """A bare JSON string is a document. Raises KorpusError for anything else but an object."""
    if isinstance(value, dict):
        return value
    if isinstance(value, str):
        return {"text": value}
    raise KorpusError(
        _("{position}: not a JSON object").format(position=position), _('expected {"text": "…"}')
    )


def _cut(
    stream: BinaryIO, name: str, encoding: str | None, size: int, steady: bool
) -> Iterator[Chunk | None]:
    if not _is_utf8(stream, encoding):
        with rewindable(stream) as seekable:
            found = detect(seekable, name, encoding)
            text = io.TextIOWrapper(seekable, found, newline="\n")
            read = lambda size: text.read(size).encode("utf-8", "surrogatepass")  # noqa: E731
            yield from _chunks(read, lambda: False, name, size)
        return
    read = stream.read if steady else stream.read1  # type: ignore[attr-defined]
    pauses = (lambda: False) if steady else partial(would_block, stream)
    yield from _chunks(read, pauses, name, size)


def _chunks(
    read: Callable[[int], bytes], pauses: Callable[[], bool], name: str, size: int
) -> Iterator[Chunk | None]:
    line = 1
    for data in _whole_lines(read, pauses, name, size):
        if data is None:
            yield None
            continue
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        yield Chunk(data, name, _SHAPE, line, lines - _blank_lines(data))
        line += lines


def _whole_lines(
    read: Callable[[int], bytes], pauses: Callable[[], bool], name: str, size: int
) -> Iterator[bytes | None]:
    """Pieces of about `size` bytes that end where a line ends; None where the source pauses."""
    pieces: list[bytes] = []
    held = lines = 0
    while data := read(size):
        pieces.append(data)
        held += len(data)
        paused = pauses()
        if (held < size and not paused) or b"\n" not in data:
            if held > LONGEST_LINE + size:
                before = sum(piece.count(b"\n") for piece in pieces)
                raise too_long(name, lines + before + 1)
            continue
        joined = b"".join(pieces)
        lines += joined.count(b"\n")
        end = joined.rfind(b"\n") + 1
        yield joined[:end]
        pieces, held = [joined[end:]], len(joined) - end
        if paused:
            yield None
    if held:
        yield b"".join(pieces)


def _rows(chunk: Chunk) -> Iterator[Record]:
    return json_lines(io.BytesIO(chunk.data), chunk.name, chunk.line)


def _is_utf8(stream: BinaryIO, encoding: str | None) -> bool:
    return not encoding and bom_encoding(peek(stream, 4)) in (None, "utf-8-sig")


def _limited_lines(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """The lines of a stream. Raises KorpusError for a line longer than LONGEST_LINE."""
    for number, line in enumerate(iter(partial(stream.readline, LONGEST_LINE), b""), 1):
        if len(line) == LONGEST_LINE:
            raise too_long(name, number)
        yield line


def _blank_lines(data: bytes) -> int:
    """The number of blank lines. Usually there are none, which needs no splitting to find out."""
    if data[:1].isspace() or _BLANK_START.search(data):
        return sum(line.isspace() for line in io.BytesIO(data))
    return 0


def _with_lone_surrogates(line: bytes) -> object:
    """Parse JSON with unpaired surrogates (half of an emoji), which orjson refuses."""
    if _LONE_SURROGATE.search(line):
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(line)
    return None


chunking = Chunking(_cut, _rows)
