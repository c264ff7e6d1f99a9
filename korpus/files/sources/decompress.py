"""Decompress gzip and zstd with a size limit, against decompression bombs."""

import io
import os
import re
import stat
import struct
import sys
import zipfile
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from isal import igzip

from korpus.errors import KorpusError, UsageError
from korpus.messages import _

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
COMPRESSED = (".gz", ".zst")
# Text compresses 3-10 times, repetitive text up to 50 times.
ALWAYS_ALLOWED, USUAL_RATIO = 256 << 20, 200  # bytes; decompressed size / compressed size
# Of JSON: bytes that need no look, memory that is always allowed, and memory / size of plain JSON.
_SURE, _ALWAYS_PARSED, _USUAL_MEMORY = 8 << 20, 1 << 30, 20
_MEMORY = {b"[": 80, b"{": 200, b'"': 30, b",": 8}  # bytes in memory per character of JSON
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)
_limit: int | None = None


def limit_size(text: str) -> None:
    """Set the maximum decompressed size of an input: 500M, 2G, 1T; 0 means no limit.

    The default is 256 MiB or 200 times the compressed size, whichever is larger. Raises UsageError.
    """
    global _limit
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            _("--max-size {size} is not a size").format(size=text),
            _("such as 500M, 20G or 1T; 0 means no limit"),
        )
    number, unit = match.groups()
    size = float(number) * 1024 ** " KMGT".index((unit or " ").upper())
    _limit = int(min(size, sys.maxsize)) or sys.maxsize


def check_size(name: str, compressed: int, decompressed: int, always: int = ALWAYS_ALLOWED) -> None:
    """Raises KorpusError if `compressed` bytes hold too many `decompressed` bytes.

    `always`: how many they may hold in any case.
    """
    limit = max(always, compressed * USUAL_RATIO) if _limit is None else _limit
    if decompressed > limit:
        raise KorpusError(
            _("{name}: {size} bytes decompress to more than {limit} MiB").format(
                name=name, size=f"{compressed:,}", limit=f"{limit / (1 << 20):,.0f}"
            ),
            _("if this is expected, raise the limit: --max-size 100G"),
        )


def check_parsed(name: str, data: bytes, compressed: int | None) -> None:
    """Raises KorpusError if JSON would take far too much memory when it is parsed.

    `compressed`: the size of its source if that is compressed, else None. An empty list of two
    bytes takes 64, which text does not come near.
    """
    if len(data) < _SURE:
        return
    memory = sum(data.count(sign) * size for sign, size in _MEMORY.items())
    usual = len(data) * _USUAL_MEMORY if compressed is None else compressed * USUAL_RATIO
    limit = max(_ALWAYS_PARSED, usual) if _limit is None else _limit
    if memory > limit:
        raise KorpusError(
            _("{name}: its lists would take more than {limit} MiB of memory").format(
                name=name, limit=f"{limit / (1 << 20):,.0f}"
            ),
            _("if this is expected, raise the limit: --max-size 100G"),
        )


def check_zip(stream: BinaryIO, name: str, always: int = ALWAYS_ALLOWED) -> None:
    """Raises KorpusError if the members of a zip file are too large in total.

    Raises BadZipFile, or OSError, if it cannot be read.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
    except (NotImplementedError, ValueError, struct.error) as error:
        raise zipfile.BadZipFile(str(error)) from None
    compressed = sum(member.compress_size for member in members)
    check_size(name, compressed, sum(member.file_size for member in members), always)
    stream.seek(0)


def plain_suffix(path: str) -> str:
    """The suffix of a path in lower case, looking through .gz and .zst; "" if there is none."""
    suffixes = [suffix.lower() for suffix in PurePath(path).suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


class Decompressed(io.RawIOBase):
    """The content of a gzip or zstd stream.

    `start`: the first bytes of the stream; `name` is for messages. Reading raises KorpusError when
    the content exceeds the size limit.
    """

    def __init__(self, compressed: BinaryIO, start: bytes, name: str) -> None:
        self.compressed = compressed
        self.name = name
        self.size = _file_size(compressed)
        self.count = 0
        self.source = _Counted(compressed)
        self.is_gzip = start.startswith(GZIP)
        self.inner: Any
        if self.is_gzip:
            # Several times as fast as the standard library's.
            self.inner = igzip.IGzipFile(fileobj=self.source)  # type: ignore[no-untyped-call]
        else:
            import pyarrow

            self.inner = pyarrow.CompressedInputStream(self.source, "zstd")

    def readable(self) -> bool:
        """See io.RawIOBase."""
        return True

    def seekable(self) -> bool:
        """Whether it can be read again from the start: gzip files can."""
        return self.is_gzip and self.compressed.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """See io.RawIOBase."""
        self.count = int(self.inner.seek(offset, whence))
        return self.count

    def tell(self) -> int:
        """See io.RawIOBase."""
        return self.count

    def readinto(self, buffer: Any) -> int:
        """See io.RawIOBase."""
        data = self.inner.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        if self.count > ALWAYS_ALLOWED or _limit is not None:
            check_size(self.name, max(self.size, self.source.count), self.count)
        return len(data)


class _Counted(io.RawIOBase):
    """A stream that counts the bytes read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self.stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self.stream.seek(offset, whence)

    def tell(self) -> int:
        return self.stream.tell()

    def readinto(self, buffer: Any) -> int:
        size = cast(io.BufferedReader, self.stream).readinto(buffer)
        self.count += size
        return size


def _file_size(stream: BinaryIO) -> int:
    """The size of a regular file in bytes; 0 for a pipe."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0
