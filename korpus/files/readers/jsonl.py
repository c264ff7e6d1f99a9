"""JSON Lines: one object per line. Streams, also from a pipe that is still being written."""

import contextlib
import io
import json
import logging
import re
from collections.abc import Callable, Container, Iterable, Iterator
from functools import partial
from typing import BinaryIO

import orjson

from korpus.errors import KorpusError
from korpus.files import traffic
from korpus.files.readers.bad_rows import bad_row
from korpus.files.readers.chunk import Chunk, Chunking, Shape
from korpus.files.readers.parse_errors import PARSE_ERRORS, broken_json
from korpus.files.readers.reading import Reading
from korpus.files.sources import (
    LONGEST_LINE,
    EndMarks,
    bom_encoding,
    check_parsed,
    comes_from_pipe,
    compressed_size,
    detect_most,
    peek,
    rewindable,
    too_long,
    would_block,
)
from korpus.inputs import TEXT_COLUMNS, log_mended, mended
from korpus.messages import _
from korpus.records import BadRow, Record

logger = logging.getLogger("korpus")

_SHAPE = Shape("jsonl")
_BOM = b"\xef\xbb\xbf"
_SPACE = 0x20
_PIECE = 1 << 16  # bytes read at once
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The rows of a stream. Raises KorpusError for a broken line or a pipe that ended early."""
    for chunk in _cut(stream, name, reading, _PIECE, False):
        if chunk is not None:
            yield from _rows(chunk, None)


def json_lines(
    lines: Iterable[bytes],
    name: str,
    first: int = 1,
    *,
    strict: bool = True,
    texts: Container[str] = TEXT_COLUMNS,
) -> Iterator[Record]:
    """The rows of JSON Lines in UTF-8; the first line is number `first` of `name`.

    `strict`: raise KorpusError for a broken line, which otherwise becomes a BadRow. `texts`: the
    columns of the text, see `with_lone_surrogates`.
    """
    halves = 0
    loads = orjson.loads
    for number, line in enumerate(lines, first):
        try:
            row = loads(line)
        except PARSE_ERRORS as error:
            if not line.strip():
                continue
            reason = broken_json(error).msg
            parsed = with_lone_surrogates(line, texts)
            if parsed is None:
                broken = KorpusError(
                    _("{name}: line {line}: broken JSON ({reason})").format(
                        name=name, line=number, reason=reason
                    ),
                    _("each line is one object in UTF-8; another encoding: -e cp949"),
                )
                if strict:
                    raise broken from None
                yield _bad(broken, number, line)
                continue
            row, changed = parsed
            halves += changed
        if type(row) is not dict:
            message = _("{name}: line {line}: not a JSON object").format(name=name, line=number)
            try:
                row = as_row(row, message)
            except KorpusError as no_object:
                if strict:
                    raise
                row = _bad(no_object, number, line)
        yield row
    log_mended(halves, name)


def _bad(error: KorpusError, number: int, line: bytes) -> BadRow:
    text = line.rstrip(b"\r\n")
    try:
        shown = text.decode("utf-8", "surrogatepass")  # of another encoding, with escaped bytes
    except UnicodeDecodeError:
        shown = text.decode("utf-8", "backslashreplace")
    return bad_row("json", error, number, shown)


def as_row(value: object, message: str) -> Record:
    """A bare JSON string is a document. Raises KorpusError for anything else but an object."""
    if isinstance(value, dict):
        return value
    if isinstance(value, str):
        return {"text": value}
    raise KorpusError(message, _('expected {"text": "…"}'))


def _cut(
    stream: BinaryIO, name: str, reading: Reading, size: int, steady: bool
) -> Iterator[Chunk | None]:
    for chunk in _text_chunks(stream, name, reading, size, steady):
        if chunk is not None:
            check_parsed(name, chunk.data, compressed_size(stream))
            chunk = chunk._replace(strict=reading.strict)
        yield chunk


def _text_chunks(
    stream: BinaryIO, name: str, reading: Reading, size: int, steady: bool
) -> Iterator[Chunk | None]:
    is_marked = comes_from_pipe(stream) and peek(stream, 1) == b" "
    marks = EndMarks() if is_marked else None
    # JSON is UTF-8 by its standard, so no encoding is detected.
    if not reading.encoding and bom_encoding(peek(stream, 4)) in (None, "utf-8-sig"):
        traffic.encodings[name] = "utf-8"
        read = stream.read if steady else stream.read1  # type: ignore[attr-defined]
        pauses = (lambda: False) if steady else partial(would_block, stream)
        yield from _chunks(read, pauses, name, size, marks)
        return
    with rewindable(stream) as seekable:
        found, errors = detect_most(seekable, name, reading.encoding, strict=reading.strict)
        text = io.TextIOWrapper(seekable, found, errors, newline="\n")
        read = lambda size: text.read(size).encode("utf-8", "surrogatepass")  # noqa: E731
        yield from _chunks(read, lambda: False, name, size, marks)


def _chunks(
    read: Callable[[int], bytes],
    pauses: Callable[[], bool],
    name: str,
    size: int,
    marks: EndMarks | None,
) -> Iterator[Chunk | None]:
    """Chunks of about `size` bytes that end where a line ends; None where the source pauses."""
    pieces: list[bytes] = []
    held, line = 0, 1
    while data := read(size):
        pieces.append(data)
        held += len(data)
        paused = pauses()
        if (held < size and not paused) or b"\n" not in data:
            if held > LONGEST_LINE + size:
                raise too_long(name, line + sum(piece.count(b"\n") for piece in pieces))
            continue
        joined = b"".join(pieces)
        end = joined.rfind(b"\n") + 1
        chunk, lines = _chunk(joined[:end], name, line, marks)
        yield chunk
        line += lines
        pieces, held = [joined[end:]], len(joined) - end
        if paused:
            yield None
    rest = b"".join(pieces)
    end = rest.rfind(b"\n") + 1
    if end:
        chunk, lines = _chunk(rest[:end], name, line, marks)
        yield chunk
        line += lines
    last = rest[end:]
    if marks is not None:
        is_whole = _is_json(last)
        marks.check(last, is_whole)
        if marks.starts and not is_whole:  # partial input is allowed
            return
    if last:
        yield _chunk(last + b"\n", name, line, None)[0]


def _chunk(data: bytes, name: str, line: int, marks: EndMarks | None) -> tuple[Chunk, int]:
    """A chunk of whole lines, and how many lines it has."""
    data = data.removeprefix(_BOM) if line == 1 else data
    lines = io.BytesIO(data).readlines()
    # Faster than to search the data, which is long compared with the number of its lines.
    spaced = [line for line in lines if line[0] <= _SPACE or line[-2] <= _SPACE]
    if marks is not None and spaced:
        marks.add(spaced)
    blank = sum(line.isspace() for line in spaced)
    return Chunk(data, name, _SHAPE, line, len(lines) - blank), len(lines)


def _rows(chunk: Chunk, bad: list[Record] | None) -> Iterator[Record]:
    text, _id, more = chunk.columns
    texts = (text, *more) if text is not None else TEXT_COLUMNS
    lines = io.BytesIO(chunk.data)
    return json_lines(lines, chunk.name, chunk.line, strict=chunk.strict, texts=texts)


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except PARSE_ERRORS as error:
        broken_json(error)
        return False
    return True


def with_lone_surrogates(data: bytes, texts: Container[str]) -> tuple[object, int] | None:
    """Parse JSON with half characters, which orjson refuses, and mend it but for `texts`.

    Gives the value, and how many of its rows were changed; None if the JSON is broken.
    """
    if _LONE_SURROGATE.search(data):
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(data)
            whole = mended(value, texts)
            pairs = zip(value, whole, strict=True) if isinstance(value, list) else [(value, whole)]
            return whole, sum(before != after for before, after in pairs)
    return None


chunking = Chunking(_cut, _rows)
