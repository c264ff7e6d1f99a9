"""The stage tfidf: tokens → term weights, in the variants that textbooks use.

The variants and their names follow Manning, Raghavan & Schütze, Introduction to Information
Retrieval (2008), section 6.4, and scikit-learn's documentation of TfidfTransformer.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from korpus.errors import UsageError
from korpus.records import Record, Row, Table
from korpus.tokens import DocumentTermMatrix, Part, document_term_matrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

Log = Callable[["Array"], "Array"]

# Inverse document frequency of terms in df of n documents.
IDF: dict[str, Callable[["Array", int, Log], "Array"]] = {
    "smooth": lambda df, n, log: log((1 + n) / (1 + df)) + 1,
    "plain": lambda df, n, log: log(n / df) + 1,
    "add-one": lambda df, n, log: log(n / (1 + df)),
    "inverse": lambda df, n, log: 1 / df,
    "none": lambda df, n, log: df * 0.0 + 1,
}
# Term frequency from counts and the greatest count in the same document.
TF: dict[str, Callable[["Array", "Array", Log], "Array"]] = {
    "raw": lambda count, greatest, log: count,
    "binary": lambda count, greatest, log: count * 0.0 + 1,
    "log": lambda count, greatest, log: log(count) + 1,
    "augmented": lambda count, greatest, log: 0.5 + 0.5 * count / greatest,
}
LOG_BASES = {"e": math.e, "2": 2.0, "10": 10.0}
NORMS = ("none", "l1", "l2")
# Those of scikit-learn; models of TF-IDF are fitted with them.
DEFAULTS = {"tf": "raw", "idf": "smooth", "log_base": "e", "norm": "l2"}


@dataclass
class TfidfModel:
    """A fitted TF-IDF model.

    `terms`: the vocabulary. `df` (int64) and `idf` (float64): one value a term. `options`: as
    given. `provenance`: the documents it was fitted on, see `DocumentTermMatrix.provenance`.
    """

    terms: list[str]
    df: "Array"
    idf: "Array"
    options: dict[str, Any]
    provenance: dict[str, Any]
    kind: ClassVar[str] = "tfidf"

    def header(self) -> dict[str, Any]:
        """What a model file says of this model."""
        return {"options": self.options, **self.provenance, "vocabulary": self.terms}

    def arrays(self) -> "dict[str, Array]":
        """What a model file holds."""
        return {"df": self.df, "idf": self.idf}

    def weigh(self, counts: Any) -> tuple[Any, Any]:
        """Term frequencies and normalised TF-IDF of counts (CSR, documents × terms), as CSR."""
        return weighed(counts, self.idf, self.options)


def tfidf(
    documents: Iterable[Record],
    *,
    top: int | None = None,
    overall: bool = False,
    tf: str = "raw",
    idf: str = "smooth",
    log_base: str = "e",
    norm: str = "l2",
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    max_features: int | None = None,
) -> Table:
    """Weigh the terms of each document by TF-IDF. Needs the whole input.

    Parameters: `top`, how many terms a document, or of the whole with `overall`; `overall`, one
    ranking of all terms by the sum of their weights. The others are those of `fit_tfidf`; the
    defaults are scikit-learn's.

    Columns in: `id`, `tokens`. Out: `id`, `term`, `tf` (by the scheme), `df`, `idf`, `tfidf`,
    greatest first, documents in order; with `overall` no `id`, and `tf` and `tfidf` are sums.
    Raises UsageError for an unknown scheme, KorpusError where no term is left.
    """
    model, matrix = fit_tfidf(
        documents,
        tf=tf,
        idf=idf,
        log_base=log_base,
        norm=norm,
        min_df=min_df,
        max_df=max_df,
        max_features=max_features,
    )
    return tfidf_table(model, matrix.ids, matrix.counts, top=top, overall=overall)


def fit_tfidf(
    documents: Iterable[Record] | Iterable[Part],
    *,
    tf: str = "raw",
    idf: str = "smooth",
    log_base: str = "e",
    norm: str = "l2",
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    max_features: int | None = None,
) -> tuple[TfidfModel, DocumentTermMatrix]:
    """Fit a TF-IDF model: tfidf = tf · idf, each document then scaled to norm 1.

    With c the count of a term in a document, m the greatest count there, n documents, df of
    which hold the term, and log to `log_base` (e, 2 or 10):
    `tf`: raw c; binary 1; log 1 + log c; augmented 0.5 + 0.5 c / m.
    `idf`: smooth log((1 + n) / (1 + df)) + 1; plain log(n / df) + 1; add-one log(n / (1 + df));
    inverse 1 / df; none 1.
    `norm`: none, l1 or l2. `min_df`, `max_df`, `max_features`: see `document_term_matrix`.
    Raises UsageError for an unknown scheme, KorpusError where no term is left.
    """
    for option, value, choices in (
        ("--tf", tf, TF),
        ("--idf", idf, IDF),
        ("--log-base", log_base, LOG_BASES),
        ("--norm", norm, NORMS),
    ):
        if value not in choices:
            raise UsageError(f"{option} {value} is unknown", f"one of: {', '.join(choices)}")
    matrix = document_term_matrix(
        documents, min_df=min_df, max_df=max_df, max_features=max_features
    )
    options = {"tf": tf, "idf": idf, "log_base": log_base, "norm": norm}
    model = tfidf_of(matrix, options)
    model.options |= {"min_df": min_df, "max_df": max_df, "max_features": max_features}
    return model, matrix


def tfidf_of(matrix: DocumentTermMatrix, options: dict[str, str]) -> TfidfModel:
    """The TF-IDF model of counts. `options`: `tf`, `idf`, `log_base` and `norm` of `fit_tfidf`."""
    df = matrix.document_frequency
    idf = IDF[options["idf"]](df.astype(float), len(matrix.lengths), _log(options["log_base"]))
    return TfidfModel(matrix.terms, df, idf, dict(options), matrix.provenance())


def weighed(counts: Any, idf: "Array", options: dict[str, Any]) -> tuple[Any, Any]:
    """Term frequencies and normalised TF-IDF, see `TfidfModel.weigh`; `options`: see `tfidf_of`."""
    frequencies = _frequencies(counts, options["tf"], _log(options["log_base"]))
    weights = _with_values(counts, frequencies.data * idf[counts.indices])
    return frequencies, _normalized(weights, options["norm"])


def tfidf_table(
    model: TfidfModel,
    ids: list[str],
    counts: Any,
    *,
    top: int | None = None,
    overall: bool = False,
) -> Table:
    """The rows of documents by a fitted model; see `tfidf`.

    `counts`: CSR matrix, documents × the model's terms. Raises UsageError for a top below 1.
    """
    if top is not None and top < 1:
        raise UsageError(f"--top {top} is less than 1", "leave it out to get every term")
    tf, weights = model.weigh(counts)
    if overall:
        columns = ["term", "tf", "df", "idf", "tfidf"]
        return Table(columns, lambda: _overall_rows(model, tf, weights, top))
    columns = ["id", "term", "tf", "df", "idf", "tfidf"]
    return Table(columns, lambda: _document_rows(model, ids, tf, weights, top))


def _log(base: str) -> Log:
    import numpy

    def log(values: "Array") -> "Array":
        logs: Array = numpy.log(values) / math.log(LOG_BASES[base])
        return logs

    return log


def _frequencies(counts: Any, tf: str, log: Log) -> Any:
    import numpy

    values = counts.data.astype(float)
    greatest = numpy.ones(1)
    if tf == "augmented" and counts.nnz:
        sizes = numpy.diff(counts.indptr)
        filled = sizes > 0
        greatest = numpy.maximum.reduceat(counts.data, counts.indptr[:-1][filled])
        greatest = numpy.repeat(greatest, sizes[filled])
    return _with_values(counts, TF[tf](values, greatest, log))


def _with_values(counts: Any, values: "Array") -> Any:
    """Other values in the places of a CSR matrix, whose structure is not copied."""
    import scipy.sparse

    return scipy.sparse.csr_matrix((values, counts.indices, counts.indptr), counts.shape)


def _normalized(weights: Any, norm: str) -> Any:
    """Each row scaled to norm 1; a row of zeros stays."""
    import numpy

    if norm == "none":
        return weights
    powers = weights.data**2 if norm == "l2" else abs(weights.data)
    norms = numpy.asarray(_with_values(weights, powers).sum(axis=1)).ravel()
    if norm == "l2":
        norms = numpy.sqrt(norms)
    norms[norms == 0] = 1
    weights.data /= numpy.repeat(norms, numpy.diff(weights.indptr))
    return weights


def _document_rows(
    model: TfidfModel, ids: list[str], tf: Any, weights: Any, top: int | None
) -> Iterator[Row]:
    import numpy

    terms, df, idf = model.terms, model.df.tolist(), model.idf.tolist()
    for i, document_id in enumerate(ids):
        span = slice(weights.indptr[i], weights.indptr[i + 1])
        columns, values, frequencies = weights.indices[span], weights.data[span], tf.data[span]
        for place in numpy.lexsort((columns, -values))[:top].tolist():
            column = int(columns[place])
            yield (
                document_id,
                terms[column],
                float(frequencies[place]),
                df[column],
                idf[column],
                float(values[place]),
            )


def _overall_rows(model: TfidfModel, tf: Any, weights: Any, top: int | None) -> Iterator[Row]:
    import numpy

    terms, df, idf = model.terms, model.df.tolist(), model.idf.tolist()
    frequencies = numpy.asarray(tf.sum(axis=0)).ravel().tolist()
    sums = numpy.asarray(weights.sum(axis=0)).ravel()
    for column in numpy.lexsort((numpy.arange(len(terms)), -sums))[:top].tolist():
        yield terms[column], frequencies[column], df[column], idf[column], float(sums[column])
