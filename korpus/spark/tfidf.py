"""TF-IDF: the vocabulary is counted first, and then each worker weighs its documents."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from korpus.checks import check_least
from korpus.errors import UsageError
from korpus.messages import _
from korpus.models.tfidf import TfidfModel
from korpus.models.weighting import Weighting
from korpus.records import Record, Row, Table
from korpus.spark.documents import Documents
from korpus.spark.rows_out import table_of
from korpus.spark.task import good_documents
from korpus.spark.vocabulary import Vocabulary, vocabulary
from korpus.spark.work import run
from korpus.tokens import DocumentTermMatrix, known_term_counts

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray


@dataclass(kw_only=True, eq=False, repr=False)
class ClusterTfidf(TfidfModel):
    """A model of TF-IDF whose fitted documents are on a cluster."""

    documents: Documents | None = None

    def table(self, *, top: int | None = None, overall: bool = False) -> Table:
        """The weights of the fitted documents' terms; see `TfidfModel.table`."""
        if self.documents is None:
            return super().table(top=top, overall=overall)
        check_least("--top", top, 1, _("leave it out to get all terms"))
        values = {name: getattr(self, name) for name in ("terms", "options", "provenance")}
        model = TfidfModel(**values, df=self.df, idf=self.idf)
        if overall:
            sums = Weights()
            for _item in run(
                partial(_added, model), self.documents, decode=good_documents, counts=sums
            ):
                pass
            return _overall(model, sums, top)
        columns = model.transform(()).columns
        return table_of(columns, partial(_weighed, model, top), self.documents)

    def weights(self) -> "tuple[csr_matrix, list[str]]":
        """Raises UsageError for documents of a cluster."""
        if self.documents is not None:
            raise UsageError(
                _("the matrix of documents on a cluster is not held on one machine"),
                _("leave --matrix out, or leave --on out"),
            )
        return super().weights()


class Weights:
    """Sums of term frequencies and weights by term."""

    def __init__(self) -> None:
        self.tf: Any = 0.0
        self.weight: Any = 0.0

    def update(self, other: "Weights") -> None:
        """Add those of other documents."""
        self.tf = self.tf + other.tf
        self.weight = self.weight + other.weight


def tfidf(
    documents: Documents,
    *,
    tf: str,
    idf: str,
    log_base: str,
    norm: str,
    by: str | None,
    min_df: int | float,
    max_df: int | float,
    max_features: int | None,
) -> TfidfModel:
    """The plan of `korpus.tfidf`. With `by`, the counts of the groups come to this machine."""
    weighting = Weighting(tf, idf, log_base, norm)
    found = vocabulary(documents, min_df=min_df, max_df=max_df, max_features=max_features, by=by)
    options: dict[str, Any] = {**asdict(weighting), "min_df": min_df, "max_df": max_df}
    if by:
        options["by"] = by
    if max_features is not None:
        options["max_features"] = max_features
    return ClusterTfidf(
        terms=found.terms,
        options=options,
        provenance=found.provenance,
        df=found.df,
        idf=weighting.idf_of(found.df, found.documents),
        fitted=_grouped(found, by) if by else None,
        documents=None if by else documents,
    )


def _grouped(found: Vocabulary, by: str) -> DocumentTermMatrix:
    """The groups as documents, in their order."""
    import json

    import numpy

    from korpus.documents.cuts import order_of

    names = sorted(found.cells, key=order_of(by))
    place = {term: number for number, term in enumerate(found.terms)}
    numbers: list[numpy.ndarray] = [numpy.empty(0, numpy.int32)]
    lengths: list[int] = []
    for name in names:
        cells = [(place[t], n) for t, n in found.cells[name].items() if t in place]
        terms, counts = numpy.array(cells, numpy.int64).reshape(-1, 2).T
        numbers.append(numpy.repeat(terms, counts).astype(numpy.int32))
        lengths.append(int(counts.sum()))
    encoded = json.dumps(names, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return DocumentTermMatrix(
        numpy.concatenate(numbers),
        numpy.array(lengths, numpy.int32),
        found.terms,
        [encoded],
        found.provenance["analyzer"],
        found.provenance["analysis"],
        found.provenance["tokens"],
        found.provenance["digest"],
    )


def _weighed(
    model: TfidfModel, top: int | None, documents: Iterable[Record], *, counts: Any = None
) -> Iterator[Record]:
    """The rows of documents."""
    found, ids, _read = known_term_counts(documents, model.terms)
    yield from model.table_of(ids, found, top)


def _added(
    model: TfidfModel, documents: Iterable[Record], *, counts: Weights | None = None
) -> Iterator[Record]:
    """Add up the weights of documents; yields nothing."""
    import numpy

    found, _ids, _read = known_term_counts(documents, model.terms)
    tf, weights = model.weigh(found)
    if counts is not None:
        own = Weights()
        own.tf, own.weight = (numpy.asarray(one.sum(axis=0)).ravel() for one in (tf, weights))
        counts.update(own)
    yield from ()


def _overall(model: TfidfModel, sums: Weights, top: int | None) -> Table:
    import numpy

    size = len(model.terms)
    frequencies = (numpy.zeros(size) + sums.tf).tolist()
    weights = numpy.zeros(size) + sums.weight
    df, idf = model.df.tolist(), model.idf.tolist()
    columns = [name for name in model.transform(()).columns if name != "id"]

    def rows() -> Iterator[Row]:
        for at in numpy.lexsort((numpy.arange(size), -weights))[:top].tolist():
            yield model.terms[at], frequencies[at], df[at], idf[at], float(weights[at])

    return Table(columns, rows)
