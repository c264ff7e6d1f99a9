"""Opening a source as bytes: a path or standard input, plain, gzip or zstd."""

import contextlib
import io
import os
import select
import sys
import tempfile
from collections.abc import Iterator
from gzip import BadGzipFile
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from isal import isal_zlib

from korpus.errors import KorpusError
from korpus.files.packed import GZIP, ZSTD, Unpacked

STDIN = "-"
LONGEST_LINE = 256 << 20  # bytes; what is longer is no text, or in another format
COMPRESSED = (".gz", ".zst")
_SNIFFED, _SNIFFED_LINES = 1 << 14, 20  # bytes and lines that tell the format
_KEPT = 64 << 20  # bytes of a compressed file kept in memory
_PATIENCE = 0.1  # seconds without more from a pipe that make a pause
_BUFFER = 1 << 18  # bytes
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
        if start.startswith((GZIP, ZSTD)):
            unpacked = Unpacked(raw, start, source_name(source))
            raw = stack.enter_context(cast(BinaryIO, io.BufferedReader(unpacked, _BUFFER)))
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
    except (EOFError, isal_zlib.error, BadGzipFile) as error:  # type: ignore[misc]
        raise KorpusError(
            f"{name}: broken compressed file ({error})", "fetch or compress it again"
        ) from None
    except OSError as error:
        if error.filename is None and "compress" in str(error):
            raise KorpusError(
                f"{name}: broken compressed file ({error})", "fetch or compress it again"
            ) from None
        raise KorpusError(f"{name}: cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:  # its encoding was found by reading all of it
        raise KorpusError(
            f"{name}: changed while it was read", "read it when nobody writes to it"
        ) from None


@contextlib.contextmanager
def rewindable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The same bytes with `seek(0)`: a pipe is copied to a temporary file.

    What is compressed and not long is kept in memory, not to be decompressed twice.
    """
    if stream.seekable():
        if isinstance(getattr(stream, "raw", None), Unpacked):
            kept = stream.read(_KEPT)
            stream.seek(0)
            if len(kept) < _KEPT:
                stream = io.BytesIO(kept)
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as spool:
        while chunk := stream.read(1 << 20):
            with spooling():
                spool.write(chunk)
        with spooling():
            spool.seek(0)
        yield cast(BinaryIO, spool)


@contextlib.contextmanager
def spooling() -> Iterator[None]:
    """Turns what can go wrong with a temporary file into a KorpusError."""
    try:
        yield
    except OSError as error:
        raise KorpusError(
            f"no place for a temporary file in {tempfile.gettempdir()} ({error.strerror or error})",
            "free some space, or name another folder: export TMPDIR=FOLDER",
        ) from None


def too_long(name: str, line: int) -> KorpusError:
    """The error for a line of more than LONGEST_LINE."""
    return KorpusError(
        f"{name}: line {line} is longer than {LONGEST_LINE >> 20} MiB",
        "is it text, with a document a line? one text a file is read with --whole-file",
    )


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
    if isinstance(raw, Unpacked):
        stream = raw.packed
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
            if plain.startswith((b"{", GZIP, ZSTD)) or plain.count(b"\n") >= _SNIFFED_LINES:
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
