"""Apply a fitted model to documents on a cluster (infer). Workers get the model by its content."""

from collections.abc import Iterable, Iterator
from functools import partial

from korpus.files.model_files import Model
from korpus.models.term_model import TermModel, counting
from korpus.records import Counts, Record
from korpus.spark.documents import Documents
from korpus.spark.rows_out import ClusterTable, table_of


def infer(documents: Documents, *, model: Model) -> ClusterTable:
    """The plan of `korpus.infer`."""
    columns = model.transform(()).columns
    log_counts = model.log_counts if isinstance(model, TermModel) else None
    return table_of(columns, partial(_transformed, model), documents, log_counts)


def _transformed(
    model: Model, documents: Iterable[Record], *, counts: Counts | None = None
) -> Iterator[Record]:
    with counting(Counts() if counts is None else counts):
        rows = list(model.transform(documents))
    yield from rows
