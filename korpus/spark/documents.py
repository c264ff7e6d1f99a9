"""Sources as a DataFrame, from whose rows workers make the batches that one machine would read."""

import logging
import os
from collections.abc import Callable, Iterator
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from korpus import files
from korpus.elsewhere import Elsewhere
from korpus.errors import KorpusError, UsageError
from korpus.files import traffic
from korpus.files.batches import Batch
from korpus.files.documents_in import has_ids
from korpus.files.found import Found, find_files, is_many, is_table
from korpus.files.readers import Chunk, Reading
from korpus.files.shapes import NONE
from korpus.messages import _, language
from korpus.records import Record
from korpus.spark import taking
from korpus.spark.cluster import Cluster
from korpus.spark.logs import Log, log_again, logged
from korpus.spark.plans import FITTED, plan
from korpus.spark.store import MARK, Stored, is_old_name, is_remote, plain

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

logger = logging.getLogger("korpus")

_STDIN = "-"
_HEAD = 1 << 20  # bytes that tell how a file is read
_OF_LINES = (".jsonl", ".ndjson", ".csv", ".tsv", ".txt")  # whose start can be read alone
_WORTHWHILE = 1 << 22  # bytes of files that are parsed in more tasks than they have files

# From the rows of a partition: each batch, and the number of its first document in the source.
Take = Callable[[Iterator[Any]], Iterator[tuple[int, Batch]]]


class Rows(NamedTuple):
    """A DataFrame, and how a worker makes batches of the rows of one of its partitions."""

    frame: "DataFrame"
    take: Take


class Documents(Elsewhere):
    """The documents of sources that a cluster reads.

    `collect`: called with each row of a plan's documents that cannot be read. `stage`: what turns
    documents into the parts that a plan counts, with its options.
    """

    def __init__(
        self,
        cluster: Cluster,
        sources: list[str],
        reading: Reading,
        size: int,
        needs_text: bool,
        collect: Callable[[Record], None],
    ) -> None:
        if _STDIN in sources:
            raise UsageError(
                _("a cluster cannot read standard input"), _("name a file, or leave --on out")
            )
        for source in sources:
            if os.path.exists(source) and not (os.path.isfile(source) or os.path.isdir(source)):  # noqa: PTH110, PTH112, PTH113
                raise UsageError(
                    _("a cluster cannot read the pipe {name}").format(name=source),
                    _("name a file, or leave --on out"),
                )
        self.cluster = cluster
        self.sources = [plain(source) for source in sources]
        self.size = size
        self.stage: Any = None
        self.collect = collect
        self.reading = reading.fresh() if needs_text else reading.fresh()._replace(shape=NONE)
        self.needs_text = needs_text

    def planned(self, stage: str, options: dict[str, Any]) -> Any:
        """What the plan of this stage gives."""
        self.cluster.fits |= stage in FITTED
        return plan(stage)(self, **options)

    def parts(self, stage: Any) -> Self:
        """The same documents, for a plan that needs the options of `stage`."""
        found = copy(self)
        found.stage = stage
        return found

    def __iter__(self) -> Iterator[Any]:
        """The parts that the stage gives, for what has no plan."""
        return iter(self.planned("parts", {}))

    def were_read(self, bad: list[Record], logs: list[Log]) -> None:
        """Collect bad rows, and log what reading logged, but not what this machine has said.

        Does so only the first time: a plan may read its documents twice.
        """
        if not self.cluster.is_first_reading(self.sources):
            return
        for row in bad:
            self.collect(row)
        log_again([log for log in dict.fromkeys(logs) if log not in self.cluster.said])

    @cached_property
    def rows(self) -> Rows:
        """The DataFrame. Raises what reading the start of the sources raises."""
        before = {path: flow.records for path, flow in traffic.inputs.items()}
        try:
            with logged(self.cluster.said):
                return self._rows()
        finally:
            # The cluster reads all again; local copies of starts are no inputs.
            for path in [path for path in traffic.inputs if path not in before]:
                del traffic.inputs[path]
            for path, flow in traffic.inputs.items():
                flow.records = before[path]

    def _rows(self) -> Rows:
        if any(map(is_remote, self.sources)):
            return self._remote()
        for path in self.sources:
            self._restore(path)
        found = find_files(self.sources, self.reading)
        source = self.sources[0]
        is_one = len(self.sources) == 1 and (is_table(source) or not is_many(source))
        stored = [
            Stored(f"file:{os.path.abspath(one.path)}", one.name, os.path.getsize(one.path))  # noqa: PTH100, PTH202
            for one in found
            if one.error is None and os.path.isfile(one.path)  # noqa: PTH113
        ]
        if is_one and len(stored) == len(found):
            rows = self._split(stored, found[0].path, source)
            if rows:
                return rows
        return self._whole(found, stored, is_one)

    def _restore(self, path: str) -> None:
        """See `Store.restore`; no cluster is started for a folder that is there."""
        folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100
        if os.path.lexists(path) or not os.path.isdir(folder):  # noqa: PTH112
            return
        if any(is_old_name(one, name) for one in os.listdir(folder)):  # noqa: PTH208
            self.cluster.store.restore(f"file:{folder}/{name}")

    def _split(self, stored: list[Stored], first: str, name: str) -> Rows | None:
        """One file, or the parts of one table, whose blocks are read by tasks of their own."""
        suffixes = {os.path.splitext(one.url)[1].lower() for one in stored}  # noqa: PTH122
        stored = [one for one in stored if one.size]
        reading = self.reading
        if (
            len(suffixes) != 1
            or not stored
            or reading.path_columns
            or reading.whole_file
            or reading.encoding
            or reading.input_format not in (None, "jsonl", "parquet")
        ):
            return None
        if suffixes <= {".parquet"} and reading.input_format in (None, "parquet"):
            return self._parquet(stored, name)
        if suffixes <= {".jsonl", ".ndjson"} and reading.input_format in (None, "jsonl"):
            return self._lines(stored, first, name)
        return None

    def _lines(self, stored: list[Stored], first: str, name: str) -> Rows | None:
        """JSON Lines: Spark splits the files, and a count gives the number of each first line."""
        head = next(
            (
                chunk
                for chunk in files.read_batches(
                    first, self.reading, size=_HEAD, needs_text=self.needs_text
                )
            ),
            None,
        )
        if not isinstance(head, Chunk):
            return None  # a known source, whose rows are not independent of each other
        session = self.cluster.session
        frame = session.read.option("lineSep", "\n").text([one.url for one in stored])
        blank = "length(trim(both ' \t\r\x0b\x0c' from value)) = 0"
        block = ("_metadata.file_path", "_metadata.file_block_start")
        counts = (
            frame.selectExpr(f"{block[0]} p", f"{block[1]} b", f"{blank} as blank")
            .groupBy("p", "b")
            .agg({"*": "count", "blank": "count_if"})
            .collect()
        )
        firsts: dict[tuple[str, int], tuple[int, int]] = {}
        documents, lines, last = 0, 1, ""
        for path, start, total, blanks in sorted(_columns(counts)):
            lines = lines if path == last else 1
            firsts[path, start] = documents, lines
            documents, lines, last = documents + total - blanks, lines + total, path
        named = head._replace(data=b"", name=name)
        take = taking.Lines(named, firsts, self.size)
        return Rows(frame.selectExpr("cast(value as binary)", *block), take)

    def _parquet(self, stored: list[Stored], name: str) -> Rows:
        """Parquet: Spark splits the files, and knows the number of each row."""
        session = self.cluster.session
        frame = session.read.parquet(*[one.url for one in stored])
        counts = frame.selectExpr("_metadata.file_path p").groupBy("p").count().collect()
        firsts, before = {}, 0
        for path, total in sorted(map(tuple, counts)):
            firsts[path] = before
            before += total
        columns = [f"`{column.replace('`', '``')}`" for column in frame.columns]
        chosen = frame.selectExpr(
            *columns, "_metadata.file_path korpus_file", "_metadata.row_index korpus_row"
        )
        take = taking.Table(name, self.reading, self.needs_text, firsts, self.size)
        return Rows(chosen, take)

    def _whole(self, found: list[Found], stored: list[Stored], is_one: bool) -> Rows:
        """Files that are read from their start to their end: each by one task, if ids allow it."""
        is_folder = any(map(is_many, self.sources))
        several = not is_one and (len(found) > 1 or is_folder)
        together = len(found) == 1 or self._is_one_run(found)
        groups = [found] if together else [[one] for one in found]
        session = self.cluster.session
        frame = session.range(0, len(groups), 1, len(groups))
        source = self.sources[0] if len(found) == 1 and not is_folder else None
        cut = taking.Files(
            groups,
            several,
            source,
            self.reading,
            self.size,
            needs_text=self.needs_text,
            folder=os.getcwd(),  # noqa: PTH109
        )
        return self._spread(frame, cut, len(groups), sum(one.size for one in stored))

    def _spread(self, frame: "DataFrame", cut: Any, tasks: int, size: int) -> Rows:
        """Let the batches of few large files be parsed by many tasks."""
        most = self.cluster.session.sparkContext.defaultParallelism
        if tasks >= most or size < _WORTHWHILE:
            return Rows(frame, cut)
        packed = taking.Packed(cut, language(), logger.level)
        spread = frame.mapInArrow(packed, "at long, data binary").repartition(3 * most, "at")
        return Rows(spread, taking.packed_batches)

    def _is_one_run(self, found: list[Found]) -> bool:
        """Whether what is made of a file depends on those before it: numbers as ids, for one."""
        reading = self.reading
        if reading.mask_names or reading.drop_excluded:
            return True
        return not has_ids(found[0], reading)

    def _local_start(self, file: Stored) -> str:
        """A local copy of a remote file: of a long file of lines the first ones, of others all."""
        path = self.cluster.temporary(os.path.basename(file.url))  # noqa: PTH119
        if file.size <= _HEAD or not file.url.lower().endswith(_OF_LINES):
            self.cluster.store.download(file.url, path)
            return path
        data = self.cluster.store.start(file.url, _HEAD)
        with open(path, "wb") as stream:  # noqa: PTH123
            stream.write(data[: data.rfind(b"\n") + 1] or data)
        return path

    def _remote(self) -> Rows:
        """Files that only the cluster reaches."""
        store = self.cluster.store
        stored = [one for source in self.sources for one in store.files(source)]
        if not stored:
            raise KorpusError(
                _("{name}: no file in this folder can be read").format(name=self.sources[0])
            )
        source = self.sources[0]
        is_one = len(self.sources) == 1 and (
            not store.is_folder(source) or store.exists(f"{source.rstrip('/')}/{MARK}")
        )
        filled = [one for one in stored if one.size] or stored[:1]
        first = self._local_start(filled[0])
        if is_one and (rows := self._split(stored, first, source)):
            return rows
        session = self.cluster.session
        frame = session.read.format("binaryFile").load([one.url for one in stored])
        found = [Found(one.url, one.name, {}) for one in stored]
        if len(found) > 1 and self._is_one_run([Found(first, found[0].name, {})]):
            frame = frame.coalesce(1).sortWithinPartitions("path")
        names = {one.url: one.name for one in stored}
        cut = taking.Contents(
            names, not is_one, self.reading, self.size, needs_text=self.needs_text
        )
        return self._spread(
            frame.select("path", "content"), cut, len(stored), sum(one.size for one in stored)
        )


def _columns(counts: list[Any]) -> list[tuple[str, int, int, int]]:
    """Path, start, lines and blank lines of each block."""
    return [(row["p"], row["b"], row["count(1)"], row["count_if(blank)"]) for row in counts]
