"""Run a stage on a cluster, as `korpus.workers` does on this machine."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from korpus import files
from korpus.errors import KorpusError
from korpus.files import traffic
from korpus.messages import language
from korpus.records import Counts, Record, log_repeats
from korpus.spark.documents import Documents
from korpus.spark.logs import Log
from korpus.spark.rows import (
    BAD,
    COUNTS,
    ENCODED,
    ERROR,
    ID_SIZE,
    IDS,
    ITEMS,
    LOGS,
    REJECTS,
    SCHEMA,
    SEEN,
)
from korpus.spark.session import failure
from korpus.spark.task import GuardedTask, Task, good_documents
from korpus.workers.sending import unpacked
from korpus.workers.task import Addable, Decode, Encode, Item, Job, Stage

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

logger = logging.getLogger("korpus")

_NOTES = f"kind between {REJECTS} and {SEEN}"


class Work:
    """A stage that runs on a cluster. Iterating gives its items or their bytes, in order.

    All of it is computed before the first item is given, so that errors come before any output.
    """

    schema = SCHEMA

    def __init__(self, documents: Documents, task: Task, counts: Addable | None) -> None:
        self.documents = documents
        self.cluster = documents.cluster
        self.counts = counts
        self.rejects: list[Record] = []
        self.seen = self.written = 0
        rows = documents.rows
        self._frame = self.cluster.hold(rows.frame.mapInArrow(task, self.schema))
        self.log_counts: Callable[[Any], None] | None = None  # called when all is computed

    @cached_property
    def frame(self) -> "DataFrame":
        """The rows of the stage, computed. Raises what the stage raised, the first of it."""
        found = collected(self._frame.filter(_NOTES).select("kind", "data"))
        bad: list[Record] = []
        logs: list[Log] = []
        for kind, data in found:
            value = unpacked(data)
            if kind == ERROR:
                raise value
            if kind == REJECTS:
                self.rejects += value
            elif kind == BAD:
                bad += value
            elif kind == LOGS:
                logs += value
            elif kind == COUNTS and self.counts is not None:
                self.counts.update(value)
            elif kind == SEEN:
                self.seen += value[0]
                self.written += value[1]
        self.documents.were_read(bad, logs)
        # Not added: a plan may read its documents twice.
        traffic.flow(traffic.inputs, self.documents.sources[0]).records = self.seen
        if self.log_counts is not None:
            self.log_counts(self.counts)
        return self._frame

    def log_repeated(self) -> None:
        """Log how many of the first documents have the id of an earlier one."""
        places = f"sequence(1, length(data), {ID_SIZE})"
        log_repeated(
            self.frame.filter(f"kind = {IDS}").selectExpr(
                f"explode(transform({places}, at -> substring(data, at, {ID_SIZE}))) as id"
            )
        )

    def compute(self) -> None:
        """Compute all of it. Raises what the stage raised, the first of it."""
        _frame = self.frame

    @property
    def encoded(self) -> "DataFrame":
        """Rows of the column `value`: one or several lines, without the last line end."""
        return self.frame.filter(f"kind = {ENCODED}").selectExpr("cast(data as string) value")

    def __iter__(self) -> Iterator[Any]:
        chosen = self.frame.filter(f"kind <= {ITEMS}").select("kind", "data")
        for kind, data in streamed(chosen):
            if kind == ENCODED:
                yield bytes(data) + b"\n"
            else:
                yield from unpacked(data)


def log_repeated(ids: "DataFrame") -> None:
    """Log how many rows of the column `id` repeat an earlier one, of so many as one machine has."""
    counts = ids.limit(files.MOST_IDS).selectExpr("count(*)", "count(distinct id)")
    ((every, distinct),) = collected(counts)
    log_repeats(every - distinct)


@contextmanager
def failing() -> Iterator[None]:
    """Raise KorpusError if a job of Spark fails here."""
    try:
        yield
    except KorpusError:
        raise
    except Exception as error:
        raise failure(error) from error


def collected(frame: "DataFrame") -> list[Any]:
    """The rows of a DataFrame. Raises KorpusError if the job fails."""
    try:
        return [tuple(row) for row in frame.collect()]
    except Exception as error:
        raise failure(error) from error


def streamed(frame: "DataFrame") -> Iterator[Any]:
    """The rows of a DataFrame, of which those of one partition are held. Raises KorpusError."""
    try:
        for row in frame.toLocalIterator(prefetchPartitions=True):
            yield tuple(row)
    except GeneratorExit:
        raise
    except Exception as error:
        raise failure(error) from error


def run(
    stage: Stage[Item],
    documents: Documents,
    *,
    decode: Decode[Any],
    encode: Encode[Item] | None = None,
    counts: Addable | None = None,
) -> Work:
    """Run a stage; see `korpus.workers.run`. Nothing is computed before it is asked for."""
    stage(())
    counts = Counts() if counts is None else counts
    job = Job[Any, Item](stage, decode, encode, type(counts))
    return Work(documents, Task(job, documents.rows.take, language(), logger.level), counts)


def supervise(
    stage: Stage[Item],
    documents: Documents,
    *,
    decode: Decode[Any],
    encode: Encode[Item] | None = None,
    timeout: float = 0,
    retire: int | None = None,
    counts: Addable | None = None,
) -> Work:
    """Run a stage with deadlines; see `korpus.workers.supervise`."""
    stage((), counts=Counts(), rejects=None)
    counts = Counts() if counts is None else counts
    task = GuardedTask(
        Job[Any, Item](stage, decode, encode, guarded=True),
        documents.rows.take,
        language(),
        logger.level,
        uuid4().hex,
        timeout,
        retire,
    )
    return Work(documents, task, counts)


def parts(documents: Documents) -> Work:
    """What the stage of the documents gives, for what has no plan of its own."""
    return run(documents.stage, documents, decode=good_documents)
