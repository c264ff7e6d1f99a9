"""Compressed inputs, as far as they do not unpack to what nobody can have meant."""

import io
import os
import re
import stat
import sys
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from isal import igzip

from korpus.errors import KorpusError, UsageError

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
# Text shrinks to a third or a tenth, to a fiftieth where it says the same all the time.
_HARMLESS, _USUAL = 256 << 20, 200  # bytes unpacked, and as a multiple of the packed ones
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)
_LEAST_ROWS, _MOST_ROWS = 256, 4096  # of a batch
_most: int | None = None


def limit_size(text: str) -> None:
    """Set the most bytes that a compressed input may have unpacked: 500M, 2G, 1T; 0: any.

    Without it that is 256 MiB, or 200 times the packed size where that is more, which no text
    reaches that was not made to. Raises UsageError.
    """
    global _most
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"--max-size {text} is not a size", "such as 500M, 20G or 1T; 0: any")
    number, unit = match.groups()
    size = float(number) * 1024 ** " KMGT".index((unit or " ").upper())
    _most = int(min(size, sys.maxsize)) or sys.maxsize


def check_size(name: str, packed: int, unpacked: int) -> None:
    """Raises KorpusError where a compressed input of so many bytes unpacks to too many."""
    most = max(_HARMLESS, packed * _USUAL) if _most is None else _most
    if unpacked > most:
        raise KorpusError(
            f"{name}: {packed:,} bytes unpack to more than {most / (1 << 20):,.0f} MiB",
            "if that is what it should hold, allow more: --max-size 100G",
        )


def check_zip(stream: BinaryIO, name: str) -> None:
    """Raises KorpusError where the parts of a zip file are too large together."""
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
    check_size(name, sum(p.compress_size for p in parts), sum(p.file_size for p in parts))
    stream.seek(0)


def parquet_batches(file: Any, size: int, name: str) -> Iterator[Any]:
    """The batches of rows of a pyarrow ParquetFile of `size` bytes. Streams.

    Raises KorpusError where they are too large: packed, or as each row has the text that the file
    has once for many.
    """
    import pyarrow

    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    check_size(name, size, sum(group.total_byte_size for group in groups))
    # No row is larger than what is there of its columns; large batches are but little faster.
    largest = max((group.total_byte_size for group in groups), default=0)
    least = 1 if size * _USUAL < _HARMLESS else _LEAST_ROWS
    rows = min(_MOST_ROWS, max(least, (_HARMLESS >> 2) // max(largest, 1)))
    count = 0
    for batch in file.iter_batches(batch_size=rows):
        for column in batch.columns:
            is_dictionary = pyarrow.types.is_dictionary(column.type)
            count += (column.dictionary_decode() if is_dictionary else column).nbytes
        check_size(name, size, count)
        yield batch


class Unpacked(io.RawIOBase):
    """What a gzip or zstd stream holds. `start`: its first bytes; `name` stands in messages.

    Reading raises KorpusError where that is too much.
    """

    def __init__(self, packed: BinaryIO, start: bytes, name: str) -> None:
        self.packed = packed
        self.name = name
        self.size = _size(packed)
        self.count = 0
        self.source = _Counted(packed)
        self.is_gzip = start.startswith(GZIP)
        self.inner: Any
        if self.is_gzip:
            # Several times as fast as the standard library's.
            self.inner = igzip.IGzipFile(fileobj=self.source)  # type: ignore[no-untyped-call]
        else:
            import pyarrow

            self.inner = pyarrow.CompressedInputStream(self.source, "zstd")

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """A gzip file can be read again from its start."""
        return self.is_gzip and self.packed.seekable()

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
        if self.count > _HARMLESS or _most is not None:
            check_size(self.name, max(self.size, self.source.count), self.count)
        return len(data)


class _Counted(io.RawIOBase):
    """A stream that counts what was read of it."""

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


def _size(stream: BinaryIO) -> int:
    """How large a file is; 0 for a pipe."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0
