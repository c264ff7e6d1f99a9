"""Models applied to documents: infer and classify predict. Workers get the model by its content."""

from collections.abc import Iterable, Iterator
from functools import partial

from korpus.files.model_files import Model
from korpus.models.classify import classify_predict as predict
from korpus.models.term_model import TermModel, counting
from korpus.records import Counts, Record
from korpus.spark.documents import Documents
from korpus.spark.rows_out import ClusterRecords, ClusterTable, records_of, table_of


def infer(documents: Documents, *, model: Model) -> ClusterTable:
    """The plan of `korpus.infer`."""
    columns = model.transform(()).columns
    log_counts = model.log_counts if isinstance(model, TermModel) else None
    return table_of(columns, partial(_transformed, model), documents, log_counts)


def classify_predict(
    documents: Documents, *, model: Model, active: int | None
) -> "ClusterRecords | Iterable[Record]":
    """The plan of `korpus.classify_predict`. The least sure of all are those of each batch."""
    found = records_of(partial(_predicted, model, active), documents)
    if active is None:
        return found
    return sorted(found, key=lambda record: float(record["probability"]))[:active]


def _transformed(
    model: Model, documents: Iterable[Record], *, counts: Counts | None = None
) -> Iterator[Record]:
    with counting(Counts() if counts is None else counts):
        rows = list(model.transform(documents))
    yield from rows


def _predicted(
    model: Model, active: int | None, documents: Iterable[Record], *, counts: Counts | None = None
) -> Iterator[Record]:
    yield from predict(documents, model, active=active)
