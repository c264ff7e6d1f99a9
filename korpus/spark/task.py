"""What a worker of Spark runs on a partition: a stage, on the batches that one machine would have.

Counts, documents set aside and errors are rows beside the records. Spark's accumulators would count
a task twice that is repeated.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from korpus import files
from korpus.errors import KorpusError
from korpus.messages import in_language
from korpus.records import Record
from korpus.spark.logs import Log, logged
from korpus.spark.rows import (
    BAD,
    COUNTS,
    ERROR,
    IDS,
    LOGS,
    REJECTS,
    SEEN,
    Written,
    item_rows,
    packed_row,
    row,
)
from korpus.workers.pool import Pool
from korpus.workers.task import Answer, Job

_END = object()
_kept: "dict[str, Guarded]" = {}  # of this process: that of the last stage
_bad: list[Record] = []  # rows of this task that `good_documents` could not read


def good_documents(batch: Any) -> Iterator[Record]:
    """The documents of a batch. Its bad rows are sent to the driver when the task ends."""
    return files.documents(batch, _bad)


class Batches(Iterator[Any]):
    """Batches. `seen`: documents in those so far. `first`: the number of the last batch's first.

    `logs`: what was logged while they were read.
    """

    def __init__(self, found: Iterator[tuple[int, Any]]) -> None:
        self._found = found
        self.seen = self.first = 0
        self.logs: list[Log] = []

    def notes(self) -> Iterator[Any]:
        """Rows with the bad rows that this task has met, if any, and with the logs."""
        if _bad:
            yield packed_row(BAD, _bad)
            _bad.clear()  # the next task begins anew
        if self.logs:
            yield packed_row(LOGS, self.logs)

    def __next__(self) -> Any:
        with logged(self.logs):
            self.first, batch = next(self._found)
        self.seen += len(batch) if isinstance(batch, list) else batch.documents
        return batch


@dataclass(frozen=True)
class Task:
    """A stage and its input. `take`: see `korpus.spark.documents`.

    `language`, `level`: of the messages and the log of the worker.
    """

    job: Job[Any, Any]
    take: Callable[[Iterator[Any]], Iterator[tuple[int, Any]]]
    language: str
    level: int

    def __call__(self, rows: Iterator[Any]) -> Iterator[Any]:
        """What the stage gives for the batches of a partition, as rows."""
        logging.getLogger("korpus").setLevel(self.level)
        batches, written = Batches(self.take(rows)), Written()
        with in_language(self.language):
            try:
                for batch in self.found(batches):
                    written.add(batch)
                    yield batch
            except KorpusError as error:
                yield packed_row(ERROR, error)
        if written.ids:
            yield row(IDS, bytes(written.ids))
        yield from batches.notes()
        yield packed_row(SEEN, (batches.seen, written.lines))

    def found(self, batches: Batches) -> Iterator[Any]:
        """The rows of a stage that streams; its counts come last."""
        job = self.job
        counts = job.make_counts()
        for batch in batches:
            items = list(job.here([batch], counts=counts))
            yield from item_rows(items, encoded=job.encode is not None)
        yield packed_row(COUNTS, counts)


@dataclass(frozen=True)
class GuardedTask(Task):
    """A stage that runs in a process beside this one, which is replaced if a document hangs it.

    `key`: of this run. That process, and its analyzer, stay for the next partition.
    """

    key: str = ""
    timeout: float = 0
    retire: int | None = None

    def found(self, batches: Batches) -> Iterator[Any]:
        """The rows of the stage, with the documents that it sets aside."""
        counts = self.job.make_counts()
        kept = _kept.get(self.key)
        if kept is None:
            for other in _kept.values():
                other.end()
            _kept.clear()
            kept = _kept[self.key] = Guarded(self.job, self.timeout, self.retire)
        try:
            for answer in kept.answers(batches):
                counts.update(answer.counts)
                yield from item_rows(answer.found, encoded=self.job.encode is not None)
                if answer.rejects:
                    yield packed_row(REJECTS, answer.rejects)
        except BaseException:
            _kept.pop(self.key, kept).end()
            raise
        yield packed_row(COUNTS, counts)


@dataclass
class Guarded:
    """A process that answers the batches of one partition after the other."""

    job: Job[Any, Any]
    timeout: float
    retire: int | None
    ahead: Iterator[Any] = field(default_factory=lambda: iter(()))
    next: Any = _END
    fed: int = 0

    def __post_init__(self) -> None:
        pool = Pool[Any, Any](self.job, 1, self.timeout)
        pool.retire = self.retire
        self._answers: Any = pool.answers(self._feed(), None)

    def answers(self, batches: Iterator[Any]) -> Iterator[Answer[Any]]:
        """The answers for some batches, in their order."""
        self.ahead, self.fed = batches, 0
        self.next = next(batches, _END)
        got = 0
        while self.next is not _END or got < self.fed:
            _at, _batch, answer = next(self._answers)
            got += 1
            yield answer

    def _feed(self) -> Iterator[Any]:
        """The batches; None where the partition ends, so that all answers are given."""
        while True:
            batch = self.next
            if batch is _END:
                yield None
                continue
            self.next = next(self.ahead, _END)
            self.fed += 1
            yield batch

    def end(self) -> None:
        """End the process."""
        self._answers.close()
