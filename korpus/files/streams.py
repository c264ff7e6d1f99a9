"""Opening a source as bytes: a path or standard input, plain, gzip or zstd."""

import contextlib
import gzip
import io
import os
import select
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from isal import igzip, isal_zlib

from korpus.errors import KorpusError

STDIN = "-"
COMPRESSED = (".gz", ".zst")
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_SNIFFED, _SNIFFED_LINES = 1 << 14, 20  # bytes and lines that tell the format
_KEPT = 64 << 20  # bytes of a compressed file kept in memory
_PATIENCE = 0.1  # seconds without more from a pipe that make a pause
_SPOOL = 32 << 20  # bytes of standard input kept in memory before they go to a temporary file


def source_name(source: str) -> str:
    """A source as messages and records name it; a name in CP949 bytes is read as CP949."""
    if source == STDIN:
        return "standard input"
    raw = os.fsencode(source)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp949", "replace")


@contextlib.contextmanager
def open_source(source: str) -> Iterator[BinaryIO]:
    """The bytes of a source, decompressed by what they start with, as a peekable stream.

    Raises KorpusError where it cannot be opened or its compression is broken.
    """
    with contextlib.ExitStack() as stack:
        with reading(source):
            raw: BinaryIO = (
                cast(BinaryIO, io.BufferedReader(_Pipe(sys.stdin.buffer), 1 << 16))
                if source == STDIN
                else stack.enter_context(Path(source).open("rb"))
            )
            start = peek(raw, 4)
        if start.startswith(_GZIP):
            # Several times as fast as the standard library's.
            raw = stack.enter_context(io.BufferedReader(igzip.IGzipFile(fileobj=raw), 1 << 18))  # type: ignore[no-untyped-call]
        elif start.startswith(_ZSTD):
            import pyarrow

            raw = stack.enter_context(
                io.BufferedReader(pyarrow.CompressedInputStream(raw, "zstd"), 1 << 18)
            )
        with reading(source):
            yield raw


@contextlib.contextmanager
def reading(source: str) -> Iterator[None]:
    """Turns what can go wrong while reading `source` into a KorpusError."""
    name = source_name(source)
    try:
        yield
    except FileNotFoundError:
        raise KorpusError(f"{name}: no such file", "check the path, or run: ls") from None
    except (EOFError, isal_zlib.error, gzip.BadGzipFile) as error:  # type: ignore[misc]
        raise KorpusError(
            f"{name}: broken compressed file ({error})", "fetch or compress it again"
        ) from None
    except OSError as error:
        if error.filename is None and "compressed" in str(error):
            raise KorpusError(
                f"{name}: broken compressed file ({error})", "fetch or compress it again"
            ) from None
        raise KorpusError(f"{name}: cannot be read ({error.strerror or error})") from None


@contextlib.contextmanager
def rewindable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The same bytes with `seek(0)`: a pipe is copied to a temporary file.

    What is compressed and not long is kept in memory, not to be decompressed twice.
    """
    if stream.seekable():
        if isinstance(getattr(stream, "raw", None), gzip.GzipFile):
            kept = stream.read(_KEPT)
            stream.seek(0)
            if len(kept) < _KEPT:
                stream = io.BytesIO(kept)
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as spool:
        while chunk := stream.read(1 << 20):
            spool.write(chunk)
        spool.seek(0)
        yield cast(BinaryIO, spool)


def peek(stream: BinaryIO, size: int = 1 << 16) -> bytes:
    """The first bytes, left in the stream (of a pipe, those that are there)."""
    return cast(io.BufferedReader, stream).peek(size)[:size]


class Place(NamedTuple):
    """How far a source was read: at which byte, of how many there are."""

    at: int
    of: int


def place(stream: BinaryIO) -> Place | None:
    """How far a stream was read; None where nobody knows its end, as of a pipe."""
    if stream.closed:  # by its reader, at the end
        return None
    raw = getattr(stream, "raw", None)
    if isinstance(raw, gzip.GzipFile):
        stream = cast(BinaryIO, raw.fileobj)
    if isinstance(stream, io.BytesIO):
        return Place(stream.tell(), len(stream.getbuffer()))
    if isinstance(getattr(stream, "raw", None), io.FileIO):
        return Place(stream.tell(), os.fstat(stream.fileno()).st_size)
    return None


def pauses(stream: BinaryIO) -> bool:
    """Whether the next read would have to wait for whoever writes to standard input."""
    raw = getattr(stream, "raw", None)
    return isinstance(raw, _Pipe) and raw.pauses()


class _Pipe(io.RawIOBase):
    """Standard input, with enough read ahead to tell what it is however slowly it comes."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.start = b""
        while len(self.start) < _SNIFFED and (line := stream.readline(_SNIFFED)):
            self.start += line
            plain = self.start.lstrip()
            if plain.startswith((b"{", _GZIP, _ZSTD)) or plain.count(b"\n") >= _SNIFFED_LINES:
                break

    def readable(self) -> bool:
        return True

    def pauses(self) -> bool:
        try:
            return not self.start and not select.select([self.stream], [], [], _PATIENCE)[0]
        except (OSError, ValueError):  # Windows cannot tell
            return True

    def readinto(self, buffer: Any) -> int:
        data, self.start = self.start[: len(buffer)], self.start[len(buffer) :]
        if not data:
            data = cast(io.BufferedReader, self.stream).read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)
