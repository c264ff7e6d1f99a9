"""Repeated documents, for dedupe: equal texts meet by their digest, and one of each stays."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from korpus import files
from korpus.documents.compared import Compared, Prepared, no_dates
from korpus.documents.dedupe import check_dedupe, found_duplicates, log_dropped
from korpus.errors import KorpusError
from korpus.messages import in_language, language
from korpus.records import Counts, Record
from korpus.spark.documents import Documents
from korpus.spark.rows import ENCODED, ERROR, SEEN, packed_row
from korpus.spark.rows_out import ClusterRecords
from korpus.spark.task import Batches, Task, good_documents
from korpus.spark.work import Work, log_repeated, logger, streamed
from korpus.workers.task import Job

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_SCHEMA = (
    "kind int, data binary, number long, digest binary, key string, id string, compared string, "
    "flags int"
)
_SHORT, _UNDATED, _DATED = 1, 2, 4  # flags of a document
_ROWS = 512


@dataclass(frozen=True)
class _Preparing(Task):
    """Each document as its line, with what is compared of it."""

    prepare: Callable[[Record], Prepared] | None = None
    with_text: bool = False

    def __call__(self, rows: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        seen = 0
        batches = Batches(self.take(rows))
        pending: list[tuple[Any, ...]] = []
        assert self.prepare is not None
        logger.setLevel(self.level)
        with in_language(self.language):
            try:
                for batch in batches:
                    for number, record in enumerate(self.job.decode(batch), batches.first):
                        seen += 1
                        pending.append(self._row(number, record, self.prepare(record)))
                        if len(pending) == _ROWS:
                            yield _batch(pending)
                            pending = []
                if pending:
                    yield _batch(pending)
            except KorpusError as error:
                yield _with_nulls(packed_row(ERROR, error), pyarrow)
        for row in (*batches.notes(), packed_row(SEEN, (seen, 0))):
            yield _with_nulls(row, pyarrow)

    def _row(self, number: int, record: Record, found: Prepared) -> tuple[Any, ...]:
        flags = _SHORT * found.is_short | _UNDATED * found.is_undated | _DATED * found.has_column
        line = files.json_line(record).removesuffix(b"\n")
        text = found.text if self.with_text and found.digest is not None else None
        key = orjson.dumps(found.key).decode()
        return ENCODED, line, number, found.digest, key, record["id"], text, flags


def _batch(rows: list[tuple[Any, ...]]) -> Any:
    import pyarrow

    types = [
        *(pyarrow.int32(), pyarrow.binary(), pyarrow.int64(), pyarrow.binary()),
        *(pyarrow.string(), pyarrow.string(), pyarrow.string(), pyarrow.int32()),
    ]
    columns = map(list, zip(*rows, strict=True))
    arrays = [pyarrow.array(column, type) for column, type in zip(columns, types, strict=True)]
    return pyarrow.RecordBatch.from_arrays(arrays, _names())


def _names() -> list[str]:
    return [part.split()[0] for part in _SCHEMA.split(", ")]


def _with_nulls(batch: Any, pyarrow: Any) -> Any:
    empty = _batch([(0, b"", None, None, None, None, None, None)])
    columns = [*batch.columns, *empty.columns[2:]]
    return pyarrow.RecordBatch.from_arrays(columns, _names())


class _Prepared(Work):
    schema = _SCHEMA


class _Kept(Work):
    """The documents that stay, of those that were compared."""

    def __init__(self, compared: _Prepared, kept: "DataFrame") -> None:
        self.documents, self.cluster = compared.documents, compared.cluster
        self.compared = compared
        self.rejects, self.counts = [], None
        self.seen = 0
        self._kept = compared.cluster.hold(kept)

    @property
    def written(self) -> int:  # type: ignore[override]
        """How many documents stay."""
        return int(self._kept.count())

    def log_repeated(self) -> None:
        """Log how many have the id of an earlier one."""
        log_repeated(self._kept.select("id"))

    @property
    def frame(self) -> "DataFrame":
        """Their lines."""
        return self._kept.select("kind", "data")


def dedupe(
    documents: Documents,
    *,
    column: str | None,
    near: float | None,
    keep: str,
    min_length: int,
    date_column: str | None,
    groups: Callable[[Record], None] | None,
    counts: Counts | None,
) -> Iterable[Record]:
    """The plan of `korpus.dedupe`.

    Spark compares digests. With `near` the distinct texts are compared on this machine, which
    holds 700 bytes for each of them.
    """
    check_dedupe(near, keep, min_length, date_column)
    own = Counts() if counts is None else counts
    how = Compared(keep, min_length, date_column)
    job = Job[Any, Any](files.unchanged, good_documents, None)
    task = _Preparing(
        job, documents.rows.take, language(), logger.level, how.prepared, near is not None
    )
    work = _Prepared(documents, task, None)
    rows = work.frame.filter(f"kind = {ENCODED}")
    _count(rows, own, keep)
    ranked = rows.selectExpr(
        "*",
        "first_value(number) over (partition by coalesce(digest, encode(concat('#', number), "
        "'utf-8')) order by from_json(key, 'array<bigint>'), number) as kept",
    )
    ranked = documents.cluster.hold(ranked)
    nearly: dict[int, tuple[int, float]] = {}
    if near is not None:
        compared = ranked.filter("digest is not null").selectExpr(
            "number", "kept", "key", "compared", "min(number) over (partition by kept) as met"
        )
        ordered = compared.filter("number = kept").orderBy("met")
        ordered = ordered.select("number", "key", "compared")
        nearly = found_duplicates(
            near, keep, ((n, tuple(orjson.loads(k)), text) for n, k, text in streamed(ordered))
        )
    exact = ranked.filter("number <> kept").count()
    own["exact"] += exact
    own["near"] += len(nearly)
    if groups is not None:
        _list_groups(ranked, nearly, groups)
    kept = ranked.filter("number = kept")
    if nearly:
        session = documents.cluster.session
        gone = session.createDataFrame([(number,) for number in nearly], "number long")
        kept = kept.join(gone, "number", "left_anti")
    if counts is None:
        log_dropped(own, min_length)
    return ClusterRecords(_Kept(work, kept.orderBy("number").select("kind", "data", "id")))


def _count(rows: "DataFrame", counts: Counts, keep: str) -> None:
    """Count the documents. Raises KorpusError if none has the column of dates."""
    total = rows.count()
    counts["documents"] += total
    counts["short"] += rows.filter(f"flags & {_SHORT} > 0").count()
    if keep != "earliest" or not total:
        return
    counts["undated"] += rows.filter(f"flags & {_UNDATED} > 0").count()
    if not rows.filter(f"flags & {_DATED} > 0").count():
        lines = rows.filter(f"flags & {_UNDATED} > 0").orderBy("number").select("data").limit(1)
        for (data,) in streamed(lines):
            raise no_dates(orjson.loads(bytes(data)))


def _list_groups(
    ranked: "DataFrame",
    nearly: dict[int, tuple[int, float]],
    groups: Callable[[Record], None],
) -> None:
    """Call `groups` with the rows of each group, the one that stays first."""
    near_kept = {kept for kept, _share in nearly.values()}
    members = ranked.selectExpr(
        "number", "kept", "id", "data", "count(*) over (partition by kept) as size"
    )
    rows: dict[int, list[tuple[bool, int, Record]]] = {}
    for number, kept, id_, data, size in streamed(members):
        stays, share = nearly.get(kept, (kept, 1.0))
        if size == 1 and number not in nearly and number not in near_kept:
            continue
        is_kept = number == stays
        text = orjson.loads(bytes(data))["text"]
        row = {"group": "", "id": id_, "kept": is_kept, "similarity": share, "text": text}
        rows.setdefault(stays, []).append((not is_kept, number, row))
    for _kept, found in sorted(rows.items()):
        found.sort(key=lambda one: one[:2])
        name = found[0][2]["id"]
        for _is_gone, _number, row in found:
            groups({**row, "group": name})
