"""Records that are read again, from a temporary file."""

import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from korpus.files.readers import json_lines
from korpus.files.sources import spool_errors
from korpus.files.writers import json_line
from korpus.records import Record, Records


class Kept(Records):
    """Records of a source that can be read once. The first to read them fills the file."""

    def __init__(self, records: Iterable[Record]) -> None:
        super().__init__(self._records)
        self._source = iter(records)
        self._starts: array[int] | None = None

    def __enter__(self) -> Self:
        """Open the file."""
        with spool_errors():
            self._file = tempfile.TemporaryFile()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with suppress(OSError):  # closing flushes once more
            self._file.close()

    def at(self, numbers: Iterable[int]) -> Iterator[Record]:
        """See Records. Only these are parsed."""
        starts = self._starts
        if starts is None:
            return super().at(numbers)
        return json_lines(map(self._line, map(starts.__getitem__, numbers)), "")

    def _line(self, start: int) -> bytes:
        self._file.seek(start)
        return self._file.readline()

    def _records(self) -> Iterator[Record]:
        if self._starts is not None:
            self._file.seek(0)
            yield from json_lines(self._file, "")
            return
        starts = array("Q")
        place = 0
        for record in self._source:
            line = json_line(record)
            with spool_errors():
                self._file.write(line)
            starts.append(place)
            place += len(line)
            yield record
        with spool_errors():
            self._file.flush()
        self._starts = starts
