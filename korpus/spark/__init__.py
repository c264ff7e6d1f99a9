"""Running stages on Apache Spark: sources, tasks, plans of stages that count, outputs."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.spark.cluster import Cluster
    from korpus.spark.documents import Documents
    from korpus.spark.rows_out import lines_of
    from korpus.spark.session import failure, is_of_spark
    from korpus.spark.store import is_remote, plain
    from korpus.spark.work import Work, run, supervise
else:
    load_when_used(__name__)

__all__ = [
    "Cluster",
    "Documents",
    "Work",
    "failure",
    "is_of_spark",
    "is_remote",
    "lines_of",
    "plain",
    "run",
    "supervise",
]
