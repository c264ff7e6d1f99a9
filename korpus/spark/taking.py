"""What workers do with the rows of a partition: make the batches of documents of them."""

import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from korpus import files
from korpus.files.batches import Batch
from korpus.files.documents_in import documents_in
from korpus.files.found import Found
from korpus.files.readers import Chunk, Columns, Reading, as_documents, pick_columns
from korpus.messages import in_language
from korpus.records import Record, batches_of
from korpus.spark.logs import Log, log_again, logged
from korpus.workers.sending import packed, unpacked

logger = logging.getLogger("korpus")

_BYTES_PER_CHARACTER = 4
_PER_FILE = 1 << 40  # more documents than a file has


@dataclass(frozen=True)
class Lines:
    """Lines of JSON. `firsts`: by file and block, the documents before it and its first line."""

    head: Chunk
    firsts: dict[tuple[str, int], tuple[int, int]]
    size: int

    def __call__(self, batches: Iterator[Any]) -> Iterator[tuple[int, Batch]]:
        """The chunks of a partition."""
        places: dict[tuple[str, int], tuple[int, int]] = {}
        for batch in batches:
            lines = batch.column(0).to_pylist()
            blocks = zip(batch.column(1).to_pylist(), batch.column(2).to_pylist(), strict=True)
            at = 0
            for block, same in groupby(blocks):
                number = sum(1 for _one in same)
                place = places.get(block) or self.firsts[block]
                for chunk in self._chunks(lines[at : at + number], *place):
                    yield chunk.before, chunk
                    place = chunk.before + chunk.documents, chunk.line + chunk.data.count(b"\n")
                places[block] = place
                at += number

    def _chunks(self, lines: list[bytes], before: int, line: int) -> Iterator[Chunk]:
        limit = self.size * _BYTES_PER_CHARACTER
        if line == 1 and lines:
            lines[0] = lines[0].removeprefix(b"\xef\xbb\xbf")
        some: list[bytes] = []
        held = 0
        for one in [*lines, None]:
            if one is not None:
                some.append(one)
                held += len(one) + 1
            if some and (one is None or held >= limit):
                documents = sum(bool(each.strip()) for each in some)
                some.append(b"")
                data = b"\n".join(some)
                yield self.head._replace(data=data, before=before, line=line, documents=documents)
                before, line = before + documents, line + len(some) - 1
                some, held = [], 0


@dataclass(frozen=True)
class Table:
    """Rows of Parquet; the last two columns are the file and the number of the row in it."""

    name: str
    reading: Reading
    needs_text: bool
    firsts: dict[str, int]
    size: int

    def __call__(self, batches: Iterator[Any]) -> Iterator[tuple[int, Batch]]:
        """The documents of a partition, in lists."""
        columns: Columns | None = None
        for batch in batches:
            if not batch.num_rows:
                continue
            rows = batch.drop_columns(["korpus_file", "korpus_row"]).to_pylist()
            if columns is None:
                columns = self._columns(rows[0])
            paths = batch.column("korpus_file").to_pylist()
            numbers = batch.column("korpus_row").to_pylist()
            at = 0
            for path, same in groupby(paths):
                number = sum(1 for _one in same)
                first = self.firsts[path] + numbers[at]
                found = as_documents(
                    iter(rows[at : at + number]),
                    self.name,
                    partial(_picked, columns),
                    first,
                    strict=self.reading.strict,
                    is_part=True,
                )
                for some in batches_of(found, self.size):
                    yield first, some
                    first += len(some)
                at += number

    def _columns(self, row: Record) -> Columns:
        if not self.needs_text:
            return Columns("text" if "text" in row else None, self.reading.id_column or "id")
        return pick_columns(row, self.name, self.reading)


def _picked(columns: Columns, row: Record) -> Columns:
    return columns


@dataclass(frozen=True)
class Files:
    """Files that tasks read as one machine does. `source`: if all is one source, that.

    `folder`: the working folder of the driver, where relative paths begin.
    """

    groups: list[list[Found]]
    several: bool
    source: str | None
    reading: Reading
    size: int
    needs_text: bool
    folder: str

    def __call__(self, batches: Iterator[Any]) -> Iterator[tuple[int, Batch]]:
        """The batches of the files whose numbers are in the first column."""
        for batch in batches:
            for group in batch.column(0).to_pylist():
                number = group * _PER_FILE
                for one in self._batches(self.groups[group]):
                    yield number, one
                    number += len(one) if isinstance(one, list) else one.documents

    def _batches(self, group: list[Found]) -> Iterator[Batch]:
        if self.source is not None:
            found = files.read_batches(
                self._path(self.source),
                self.reading,
                size=self.size,
                needs_text=self.needs_text,
                steady=True,
            )
            return (batch for batch in found if batch is not None)
        group = [one._replace(path=self._path(one.path)) for one in group]
        reading = self.reading.fresh()
        is_part = len(self.groups) > 1
        return batches_of(documents_in(group, self.several, reading, is_part=is_part), self.size)

    def _path(self, path: str) -> str:
        """A path for this process: workers of a cluster have folders of their own."""
        return path if os.getcwd() == self.folder else os.path.join(self.folder, path)  # noqa: PTH109, PTH118


@dataclass(frozen=True)
class Contents:
    """Files whose bytes the rows hold, with their addresses. `names`: by address."""

    names: dict[str, str]
    several: bool
    reading: Reading
    size: int
    needs_text: bool

    def __call__(self, batches: Iterator[Any]) -> Iterator[tuple[int, Batch]]:
        """The batches of the files."""
        order = {url: number for number, url in enumerate(sorted(self.names))}
        reading = self.reading.fresh()
        number = 0
        with tempfile.TemporaryDirectory() as folder:
            for batch in batches:
                for url, content in zip(*(column.to_pylist() for column in batch), strict=True):
                    path = Path(folder, os.path.basename(url))  # noqa: PTH119
                    path.write_bytes(content)
                    found = [Found(str(path), self.names.get(url, url), {})]
                    before = number % _PER_FILE
                    documents = documents_in(
                        found, self.several, reading, is_part=len(self.names) > 1, before=before
                    )
                    number = order.get(url, 0) * _PER_FILE + before
                    for some in batches_of(documents, self.size):
                        yield number, some
                        number += len(some)
                    path.unlink()


@dataclass(frozen=True)
class Packed:
    """The batches that `take` makes, as rows for other tasks, with what was logged meanwhile.

    `language`, `level`: see `korpus.spark.task.Task`.
    """

    take: Callable[[Iterator[Any]], Iterator[tuple[int, Batch]]]
    language: str
    level: int

    def __call__(self, rows: Iterator[Any]) -> Iterator[Any]:
        """A row for each batch; what was logged after the last batch comes with none."""
        import pyarrow

        logger.setLevel(self.level)
        batches = self.take(rows)
        with in_language(self.language):
            while True:
                logs: list[Log] = []
                with logged(logs):
                    number, batch = next(batches, (0, None))
                if batch is None and not logs:
                    return
                data = packed((batch if isinstance(batch, list) else tuple(batch or ()), logs))
                yield pyarrow.RecordBatch.from_arrays(
                    [
                        pyarrow.array([number], pyarrow.int64()),
                        pyarrow.array([bytes(data)], pyarrow.binary()),
                    ],
                    ["at", "data"],
                )


def packed_batches(rows: Iterator[Any]) -> Iterator[tuple[int, Batch]]:
    """The batches in rows that `Packed` made. Logs what was logged then."""
    for batch in rows:
        for number, data in zip(*(column.to_pylist() for column in batch), strict=True):
            found, logs = unpacked(data)
            log_again(logs)
            if found:
                yield number, found if isinstance(found, list) else Chunk(*found)
