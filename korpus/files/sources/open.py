"""Open a source as bytes: a path or standard input, plain, gzip or zstd."""

import contextlib
import io
import os
import re
import stat
import sys
from collections.abc import Iterator
from functools import partial
from gzip import BadGzipFile
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast
from unicodedata import normalize

from isal import isal_zlib

from korpus.errors import KorpusError
from korpus.files import traffic
from korpus.files.sources.archives import open_member, split_member
from korpus.files.sources.decompress import GZIP, ZSTD, Decompressed
from korpus.files.sources.end_marks import ended_early
from korpus.files.sources.pipe import StandardInput, is_pipe
from korpus.files.sources.spool import spooled
from korpus.messages import _

_FILE_NAME = re.compile(r"\.[A-Za-z]\w{0,7}$")  # how it ends
_WORD = re.compile("[가-힣]+[.?!]*")

STDIN = "-"
LONGEST_LINE = 256 << 20  # bytes; a longer line is not text, or in another format
_KEPT = 64 << 20  # decompressed bytes kept in memory
_BUFFER = 1 << 18  # bytes
_PIPE_BUFFER = 1 << 16  # bytes
_PEEKED = 1 << 16  # bytes of a file that are enough to tell its format
_SPOOL = 32 << 20  # bytes of standard input kept in memory before they go to a temporary file


def source_name(source: str) -> str:
    """The name of a source for messages and records; bytes that are not UTF-8 are read as CP949."""
    if source == STDIN:
        return _("standard input")
    raw = os.fsencode(source)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp949", "replace")


@contextlib.contextmanager
def open_source(source: str) -> Iterator[BinaryIO]:
    """Open a source as a peekable stream of bytes, decompressed if its first bytes say so.

    Raises KorpusError if it cannot be opened, its compression is broken, or it is a pipe from a
    command that wrote nothing.
    """
    traffic.flow(traffic.inputs, source)
    with contextlib.ExitStack() as stack:
        with source_errors(source):
            raw: BinaryIO = (
                cast(BinaryIO, io.BufferedReader(StandardInput(sys.stdin.buffer), _PIPE_BUFFER))
                if source == STDIN
                else stack.enter_context(_opened(source))
            )
            start = peek(raw, 4)
        if not start and is_pipe(raw):
            ended_early()
        if start.startswith((GZIP, ZSTD)):
            content = Decompressed(raw, start, source_name(source))
            raw = stack.enter_context(cast(BinaryIO, io.BufferedReader(content, _BUFFER)))
        with source_errors(source):
            yield raw


@contextlib.contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    """A file, up to the length it has now.

    Raises KorpusError if at the end it has been cut or replaced, or written without growing: what a
    file has grown by is not read.
    """
    try:
        raw = _AsLongAsNow(path)
    except (FileNotFoundError, NotADirectoryError):
        found = split_member(path)
        if found is None:
            raise
        archive, member = found
        with open_member(archive, member, source_name(archive)) as content:
            yield content
        return
    with io.BufferedReader(raw, _PEEKED) as stream:
        yield cast(BinaryIO, stream)
    if raw.length:
        try:
            now = Path(path).stat()
        except FileNotFoundError:
            raise _changed(source_name(path)) from None
        has_grown = now.st_size > raw.length
        is_unwritten = now.st_size == raw.length and now.st_mtime_ns == raw.written
        if (now.st_dev, now.st_ino) != raw.identity or not (has_grown or is_unwritten):
            raise _changed(source_name(path))


class _AsLongAsNow(io.FileIO):
    """A file to read; of a regular file, nothing that is added later.

    `length`: 0 if unknown. `written`: when it was last written, in nanoseconds.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path, "rb")
        found = os.fstat(self.fileno())
        self.length = found.st_size if stat.S_ISREG(found.st_mode) else 0
        self.identity = (found.st_dev, found.st_ino)
        self.written = found.st_mtime_ns

    def readinto(self, buffer: Any) -> int:
        """See io.RawIOBase."""
        if self.length:
            buffer = memoryview(buffer)[: max(0, self.length - self.tell())]
        return super().readinto(buffer)

    def readall(self) -> bytes:
        """See io.RawIOBase."""
        return b"".join(iter(lambda: self.read(1 << 20), b"")) if self.length else super().readall()

    def read(self, size: int | None = -1) -> bytes:
        """See io.RawIOBase."""
        if self.length:
            left = max(0, self.length - self.tell())
            size = left if size is None or size < 0 else min(size, left)
        return super().read(-1 if size is None else size)


@contextlib.contextmanager
def source_errors(source: str) -> Iterator[None]:
    """Turn the errors of reading `source` into KorpusError."""
    name = source_name(source)
    try:
        yield
    except FileNotFoundError:
        hint = _("check the path, or run: ls")
        if is_text(name):
            hint = _("check the path, or give a text through a pipe: echo '…' | korpus …")
        raise KorpusError(_("{name}: no such file").format(name=name), hint) from None
    except (EOFError, isal_zlib.error, BadGzipFile) as error:  # type: ignore[misc]
        raise _broken_compression(name, error) from None
    except OSError as error:
        if error.filename is None and "compress" in str(error):
            raise _broken_compression(name, error) from None
        raise KorpusError(
            _("{name}: cannot be read ({reason})").format(name=name, reason=error.strerror or error)
        ) from None
    except UnicodeDecodeError:  # all of it was valid when its encoding was detected
        raise _changed(name) from None


def is_text(argument: str) -> bool:
    """Whether an argument is a text: with spaces, or a word of Hangul; no file, no file's name."""
    looks_so = " " in argument.strip() or _WORD.fullmatch(normalize("NFC", argument))
    try:
        return bool(looks_so) and not Path(argument).exists() and not _FILE_NAME.search(argument)
    except OSError:  # too long for the name of a file
        return True


def _changed(name: str) -> KorpusError:
    return KorpusError(
        _("{name}: changed while it was read").format(name=name),
        _("read it when no other program writes to it"),
    )


def _broken_compression(name: str, error: Exception) -> KorpusError:
    return KorpusError(
        _("{name}: broken compressed file ({reason})").format(name=name, reason=error),
        _("fetch or compress it again"),
    )


@contextlib.contextmanager
def rewindable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The same bytes with `seek(0)`: a pipe is copied to a temporary file.

    Up to 64 MiB of decompressed content stay in memory, so that they are decompressed only once.
    """
    if stream.seekable():
        if isinstance(getattr(stream, "raw", None), Decompressed):
            kept = stream.read(_KEPT)
            stream.seek(0)
            if len(kept) < _KEPT:
                size = compressed_size(stream)
                stream = _Kept(kept)
                stream.compressed = size or 0
        yield stream
        return
    with contextlib.closing(spooled(iter(partial(stream.read, 1 << 20), b""), _SPOOL)) as copy:
        yield copy


def too_long(name: str, line: int) -> KorpusError:
    """The error for a line of more than LONGEST_LINE bytes."""
    return KorpusError(
        _("{name}: line {line} is longer than {limit} MiB").format(
            name=name, line=line, limit=LONGEST_LINE >> 20
        ),
        _("expected one document per line; use --whole-file for one document per file"),
    )


def peek(stream: BinaryIO, size: int = _PEEKED) -> bytes:
    """The first bytes without consuming them (from a pipe, those that have arrived)."""
    if isinstance(stream, io.BufferedReader):
        return stream.peek(size)[:size]
    place = stream.tell()  # of a copy, which can seek
    start = stream.read(size)
    stream.seek(place)
    return start


class Position(NamedTuple):
    """How far a source was read: `at` of `of` bytes."""

    at: int
    of: int


def position(stream: BinaryIO) -> Position | None:
    """How far a stream was read; None if its size is unknown, as for a pipe."""
    if stream.closed:  # by its reader, at the end
        return None
    raw = getattr(stream, "raw", None)
    if isinstance(raw, Decompressed):
        stream = raw.compressed
    if isinstance(stream, io.BytesIO):
        return Position(stream.tell(), len(stream.getbuffer()))
    if isinstance(getattr(stream, "raw", None), io.FileIO):
        return Position(stream.tell(), os.fstat(stream.fileno()).st_size)
    return None


def compressed_size(stream: BinaryIO) -> int | None:
    """The size of a source in bytes, as far as it was read, if it is compressed; else None."""
    raw = getattr(stream, "raw", None)
    if isinstance(raw, Decompressed):
        return max(raw.size, raw.source.count)
    return stream.compressed if isinstance(stream, _Kept) else None


class _Kept(io.BytesIO):
    """The content of a compressed source of `compressed` bytes."""

    compressed = 0


def would_block(stream: BinaryIO) -> bool:
    """Whether reading standard input would block."""
    raw = getattr(stream, "raw", None)
    return isinstance(raw, StandardInput) and raw.would_block()


def comes_from_pipe(stream: BinaryIO) -> bool:
    """Whether an open source is a pipe, also if it is decompressed."""
    raw = getattr(stream, "raw", None)
    return is_pipe(raw.compressed if isinstance(raw, Decompressed) else stream)
