"""Rows that MLlib learns from: of each document the counts or weights of its terms."""

import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from korpus.documents.kept import Columns
from korpus.errors import UsageError
from korpus.messages import _, language
from korpus.models.weighting import Weighting
from korpus.spark.documents import Documents
from korpus.spark.rows import COUNTS, packed_row
from korpus.spark.task import Batches, Task, good_documents
from korpus.spark.vocabulary import Vocabulary
from korpus.spark.work import Work, logger, streamed
from korpus.tokens import Part, Provenance, known_term_counts
from korpus.workers.sending import unpacked
from korpus.workers.task import Job

if TYPE_CHECKING:
    import numpy
    from pyspark.sql import DataFrame
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

_LEARNED = 101  # the kind of rows that MLlib learns from
_ID = ("utf-8", "surrogatepass")  # an id may hold an unpaired surrogate
COLUMNS = ("at", "id", "tokens", "kept", "vector")


@dataclass(frozen=True)
class PartTask(Task):
    """A stage that gives parts of documents, of which `columns_of` makes the columns of rows.

    Called with a part and the number of its first document.
    """

    columns_of: Callable[[Part, int], Sequence[Any]] = lambda part, at: ()

    def found(self, batches: Batches) -> Iterator[Any]:
        """The kind, no data, and the columns; what the stage counted comes last."""
        import pyarrow

        counts = self.job.make_counts()
        for batch in batches:
            at = batches.first
            for part in cast("Iterator[Part]", self.job.here([batch], counts=counts)):
                columns = self.columns_of(part, at)
                rows = len(columns[0])
                kinds = pyarrow.array([_LEARNED] * rows, pyarrow.int32())
                none = pyarrow.nulls(rows, pyarrow.binary())
                yield _batch([kinds, none, *columns])
                at += len(part.ids)
        yield packed_row(COUNTS, counts)

    def __call__(self, rows: Iterator[Any]) -> Iterator[Any]:
        """The same columns for all rows."""
        import pyarrow

        types: list[Any] | None = None
        for batch in super().__call__(rows):
            if batch.num_columns > 2:
                yield batch
                continue
            if types is None:
                empty = Part([], [], array("i"), array("i"), set())
                types = [column.type for column in self.columns_of(empty, 0)]
            nulls = [pyarrow.nulls(batch.num_rows, one) for one in types]
            yield _batch([*batch.columns, *nulls])


def _batch(columns: Sequence[Any]) -> Any:
    import pyarrow

    names = [f"c{number}" for number in range(len(columns))]
    return pyarrow.RecordBatch.from_arrays(list(columns), names)


class Learned(Work):
    """Rows of documents with the columns of a schema."""

    def __init__(self, documents: Documents, columns_of: Any, schema: Any) -> None:
        self.schema = schema
        job = Job[Any, Part](documents.stage, good_documents, None)
        take = documents.rows.take
        task = PartTask(job, take, language(), logger.level, columns_of)
        super().__init__(documents, task, None)

    def rows(self, *columns: str, partitions: int = 1) -> "DataFrame":
        """Columns of the rows, in so many partitions, at least as many as the cluster has cores.

        They and their rows' order do not depend on which task was done first.
        """
        number = max(self.cluster.session.sparkContext.defaultParallelism, partitions)
        chosen = self.frame.filter(f"kind = {_LEARNED}").select("at", *columns)
        ordered = chosen.repartition(number, "at").sortWithinPartitions("at")
        return self.cluster.hold(ordered, in_memory=True)


@dataclass(frozen=True)
class VectorColumns:
    """The columns `COLUMNS` of a part. `idf`: of the terms, for weights in the place of counts."""

    terms: list[str]
    idf: "Array | None" = None

    def __call__(self, part: Part, at: int) -> list[Any]:
        """The columns: number, id, tokens that the vocabulary has, kept columns, vector."""
        import numpy
        import pyarrow

        counts, ids, _read = known_term_counts([part] if part.ids else [], self.terms)
        tokens = numpy.asarray(counts.sum(axis=1)).ravel()
        values = counts if self.idf is None else Weighting().weigh(counts, self.idf)[1]
        names = list(part.columns)
        cells: list[bytes | None] = [None] * len(ids)
        if names:
            rows = zip(*part.columns.values(), strict=True)
            cells = [json.dumps(dict(zip(names, row, strict=True))).encode() for row in rows]
        return [
            pyarrow.array(range(at, at + len(ids)), pyarrow.int64()),
            pyarrow.array([one.encode(*_ID) for one in ids], pyarrow.binary()),
            pyarrow.array(tokens, pyarrow.int64()),
            pyarrow.array(cells, pyarrow.binary()),
            _vectors(values),
        ]


def _vectors(values: "csr_matrix") -> Any:
    """Sparse vectors as MLlib stores them in a column."""
    import numpy
    import pyarrow

    rows, width = values.shape
    offsets = pyarrow.array(values.indptr, pyarrow.int32())
    indices = pyarrow.array(values.indices, pyarrow.int32())
    numbers = pyarrow.array(values.data.astype(numpy.float64), pyarrow.float64())
    return pyarrow.StructArray.from_arrays(
        [
            pyarrow.array(numpy.zeros(rows, numpy.int8)),
            pyarrow.array(numpy.full(rows, width, numpy.int32)),
            pyarrow.ListArray.from_arrays(offsets, indices),
            pyarrow.ListArray.from_arrays(offsets, numbers),
        ],
        names=["type", "size", "indices", "values"],
    )


def vectors(
    documents: Documents, terms: list[str], idf: "Array | None" = None, *, partitions: int = 1
) -> "DataFrame":
    """A row of `COLUMNS` per document. `idf`: for weights in the place of counts.

    `partitions`: the least number of them.
    """
    from pyspark.ml.linalg import VectorUDT
    from pyspark.sql.types import BinaryType, IntegerType, LongType, StructField, StructType

    types = [IntegerType(), BinaryType(), LongType(), BinaryType(), LongType(), BinaryType()]
    names = ("kind", "data", *COLUMNS)
    fields = [StructField(*one) for one in zip(names, [*types, VectorUDT()], strict=True)]
    learned = Learned(documents, VectorColumns(terms, idf), StructType(fields))
    return learned.rows(*COLUMNS[1:], partitions=partitions)


@dataclass
class Fitted:
    """What a topic model keeps of its documents; see `FittedDocuments`."""

    ids: list[str]
    lengths: "Array"
    terms: list[str]
    term_frequency: "Array"
    found: Provenance
    columns: Columns = field(default_factory=dict)

    def provenance(self) -> Provenance:
        """What the header of the model records about them."""
        return self.found


def located(
    rows: "DataFrame", found: Vocabulary, place: Callable[["csr_matrix"], "Array"]
) -> tuple[Fitted, "Array"]:
    """The documents in their order, and where `place` puts them (float64, documents × k).

    `place` is called by workers, with vectors of documents. The result is held on this machine.
    """
    import numpy

    task = PlaceTask(len(found.terms), place)
    ats, lengths, places = [numpy.empty(0, int)], [numpy.empty(0, int)], []
    ids: list[str] = []
    kept: list[bytes | None] = []
    for (data,) in streamed(rows.mapInArrow(task, "data binary")):
        at, some_ids, tokens, cells, placed = unpacked(data)
        ats.append(at)
        lengths.append(tokens)
        ids += [one.decode(*_ID) for one in some_ids]
        kept += cells
        places.append(placed)
    order = numpy.argsort(numpy.concatenate(ats), kind="stable")
    columns: Columns = {}
    for row in order.tolist() if any(kept) else ():
        for name, cell in json.loads(kept[row] or b"{}").items():
            columns.setdefault(name, []).append(cell)
    fitted = Fitted(
        [ids[row] for row in order.tolist()],
        numpy.concatenate(lengths)[order].astype(numpy.int32),
        found.terms,
        found.frequency,
        found.provenance,
        columns,
    )
    return fitted, numpy.concatenate(places)[order]


@dataclass(frozen=True)
class PlaceTask:
    """The places of the documents of a partition; `width`: the number of terms."""

    width: int
    place: Callable[["csr_matrix"], "Array"]

    def __call__(self, rows: Iterator[Any]) -> Iterator[Any]:
        """A row of packed places per batch."""
        import numpy
        from scipy.sparse import csr_matrix

        for batch in rows:
            if not batch.num_rows:
                continue
            at, ids, tokens, cells, vector = batch.columns
            _type, _size, indices, values = vector.flatten()
            sizes = numpy.asarray(indices.value_lengths().fill_null(0))
            ends = numpy.concatenate([[0], numpy.cumsum(sizes)])
            flat = (values.flatten().to_numpy(), indices.flatten().to_numpy(), ends)
            found = csr_matrix(flat, shape=(batch.num_rows, self.width))
            placed = self.place(found).astype(numpy.float32)
            answer = (at.to_numpy(), ids.to_pylist(), tokens.to_numpy(), cells.to_pylist(), placed)
            yield packed_data(answer)


def packed_data(value: object) -> Any:
    """A batch of one row, whose column `data` is a value of Python."""
    import pyarrow

    from korpus.workers.sending import packed

    data = pyarrow.array([bytes(packed(value))], pyarrow.binary())
    return pyarrow.RecordBatch.from_arrays([data], ["data"])


def refuse(method: str, given: dict[str, bool]) -> None:
    """Raises UsageError for options that were given, of which Spark's method has none."""
    for option, is_given in given.items():
        if is_given:
            raise UsageError(
                _("{option} does not go with --on: Spark's {method} has nothing like it").format(
                    option=option, method=method
                ),
                _("leave {option} out, or leave --on out").format(option=option),
            )
