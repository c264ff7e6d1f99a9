"""Counts on a cluster: workers count by key, Spark adds up, and the sums come to this machine."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from korpus.files.writers import json_bytes
from korpus.messages import language
from korpus.spark.documents import Documents
from korpus.spark.rows import COUNTS, packed_row
from korpus.spark.task import Batches, Task
from korpus.spark.work import Work, logger, streamed
from korpus.workers.task import Decode, Job, Stage

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_COUNTED = 100  # the kind of rows that are counts
_MOST = 1 << 19  # counts that a task holds before it sends them
_ROWS = 1 << 14  # of counts, in a batch
SUMS = ("a", "b", "c")

# A key, which JSON can express, and up to three numbers that are added up.
Count = tuple[Any, int, int, int]


@dataclass(frozen=True)
class CountTask(Task):
    """A stage that counts. `split`: the counts of its counter. `size`: how many it holds."""

    split: Callable[[Any], Iterable[Count]] = iter
    size: Callable[[Any], int] = len

    def found(self, batches: Batches) -> Iterator[Any]:
        """Rows of counts; what else the stage counted comes last."""
        counts = self.job.make_counts()
        for batch in batches:
            for _item in self.job.here([batch], counts=counts):
                pass
            if self.size(counts) > _MOST:
                yield from _rows(self.split(counts))
        yield from _rows(self.split(counts))
        yield packed_row(COUNTS, counts)

    def __call__(self, rows: Iterator[Any]) -> Iterator[Any]:
        """The same columns for all rows."""
        import pyarrow

        for batch in super().__call__(rows):
            if batch.num_columns > 2:
                yield batch
                continue
            none = pyarrow.nulls(batch.num_rows, pyarrow.int64())
            columns = [*batch.columns, pyarrow.nulls(batch.num_rows, pyarrow.binary())]
            yield pyarrow.RecordBatch.from_arrays(
                [*columns, none, none, none], ["kind", "data", "key", *SUMS]
            )


SCHEMA = "kind int, data binary, key binary, a long, b long, c long"


def _rows(counts: Iterable[Count]) -> Iterator[Any]:
    import pyarrow

    rows = list(counts)
    for at in range(0, len(rows), _ROWS):
        keys, *numbers = zip(*rows[at : at + _ROWS], strict=True)
        yield pyarrow.RecordBatch.from_arrays(
            [
                pyarrow.array([_COUNTED] * len(keys), pyarrow.int32()),
                pyarrow.nulls(len(keys), pyarrow.binary()),
                pyarrow.array(list(map(json_bytes, keys)), pyarrow.binary()),
                *(pyarrow.array(column, pyarrow.int64()) for column in numbers),
            ],
            ["kind", "data", "key", *SUMS],
        )


class Counting(Work):
    """A stage that counts on a cluster."""

    schema = SCHEMA

    def sums(self) -> "DataFrame":
        """The columns `key`, `a`, `b`, `c`: a row per key. Raises what the stage raised."""
        counted = self.frame.filter(f"kind = {_COUNTED}")
        return counted.groupBy("key").agg(dict.fromkeys(SUMS, "sum")).toDF("key", *SUMS)

    def keyed(self, where: str = "true") -> Iterator[Count]:
        """The keys and their numbers, in no order; `where`: a condition on a, b and c."""
        for key, *numbers in streamed(self.sums().filter(where)):
            yield orjson.loads(bytes(key)), *numbers


def count(
    stage: Stage[Any],
    documents: Documents,
    *,
    decode: Decode[Any],
    counts: Any,
    split: Callable[[Any], Iterable[Count]],
    size: Callable[[Any], int],
) -> Counting:
    """Run a stage that counts in `counts`.

    `split` takes the counts out of a counter of a task: what it leaves there is added up in
    `counts`. `size`: how many counts a counter holds.
    """
    stage(())
    job = Job[Any, Any](stage, decode, None, type(counts))
    task = CountTask(job, documents.rows.take, language(), logger.level, split, size)
    return Counting(documents, task, counts)
