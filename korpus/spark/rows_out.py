"""Records and rows of tables that are computed on the cluster, and may be written there."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from korpus import files
from korpus.records import Counts, Record, Records, Row, Table
from korpus.spark.documents import Documents
from korpus.spark.task import good_documents
from korpus.spark.work import Work, run


class ClusterRecords(Records):
    """Records; `work` gives their lines of JSON."""

    def __init__(self, work: Work) -> None:
        super().__init__(lambda: files.parse_records(iter(work)))
        self.work = work


@dataclass
class ClusterTable(Table):
    """A table; `work` gives its rows as lines of JSON."""

    work: Work | None = None


def table_of(
    columns: list[str],
    stage: Callable[..., Iterable[Record]],
    documents: Documents,
    log_counts: Callable[[Counts], None] | None = None,
) -> ClusterTable:
    """The table whose rows a stage gives. `log_counts`: called with its counts at the end."""
    work = run(stage, documents, decode=good_documents, encode=files.json_line)
    work.log_counts = log_counts

    def rows() -> Iterator[Row]:
        for record in files.parse_records(iter(work)):
            yield tuple(map(record.get, columns))

    return ClusterTable(columns, rows, work=work)


def lines_of(value: Any) -> Work | None:
    """The lines of records or of a table of the cluster; None for others."""
    return value.work if isinstance(value, ClusterRecords | ClusterTable) else None
