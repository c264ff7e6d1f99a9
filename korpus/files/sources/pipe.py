"""Standard input, read ahead far enough to tell its format however slowly it arrives."""

import io
import os
import stat
from typing import IO, Any, BinaryIO, cast

from korpus.files.sources.decompress import GZIP, ZSTD

_SNIFFED, _SNIFFED_LINES = 1 << 14, 20  # bytes and lines that are enough to tell the format
_PATIENCE = 0.1  # seconds without data that count as a pause


class StandardInput(io.RawIOBase):
    """Standard input as a raw stream. Blocks until enough has arrived to tell its format."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.start = b""
        while len(self.start) < _SNIFFED and (line := stream.readline(_SNIFFED)):
            self.start += line
            plain = self.start.lstrip()
            if plain.startswith((b"{", GZIP, ZSTD)) or plain.count(b"\n") >= _SNIFFED_LINES:
                break

    def readable(self) -> bool:
        """See io.RawIOBase."""
        return True

    def fileno(self) -> int:
        """See io.RawIOBase."""
        return self.stream.fileno()

    def would_block(self) -> bool:
        """Whether no data arrives within a tenth of a second."""
        import select

        try:
            return not self.start and not select.select([self.stream], [], [], _PATIENCE)[0]
        except (OSError, ValueError):  # Windows can select sockets only
            return True

    def readinto(self, buffer: Any) -> int:
        """See io.RawIOBase."""
        data, self.start = self.start[: len(buffer)], self.start[len(buffer) :]
        if not data:
            data = cast(io.BufferedReader, self.stream).read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def is_pipe(stream: IO[Any]) -> bool:
    """Whether a stream is a pipe or a socket to another process, not a file or a terminal."""
    try:
        mode = os.fstat(stream.fileno()).st_mode
    except (OSError, ValueError, AttributeError):  # it has no descriptor, or is closed
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
