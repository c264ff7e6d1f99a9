"""The stage tfidf: tokens → a model of term weights, and its tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self

from korpus.checks import check_least
from korpus.documents.groups import heading
from korpus.elsewhere import elsewhere
from korpus.errors import UsageError
from korpus.files.model_files import ArraySpec, Header
from korpus.messages import _
from korpus.models.term_model import TermModel
from korpus.models.weighting import Weighting
from korpus.records import Record, Row, Table
from korpus.tokens import DocumentTermMatrix, Part, document_term_matrix

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray


_COLUMNS = ["term", "tf", "df", "idf", "tfidf"]


@dataclass(kw_only=True, eq=False, repr=False)
class TfidfModel(TermModel):
    """A fitted TF-IDF model.

    `df` (int64) and `idf` (float64): one value per term. `fitted`: the counts of the fitted
    documents; they are not written to the model file, so a loaded model has None.
    """

    kind: ClassVar[str] = "tfidf"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = {
        "df": ("int64", "v"),
        "idf": ("float64", "v"),
    }

    df: "Array"
    idf: "Array"
    fitted: DocumentTermMatrix | None = None

    @property
    def weighting(self) -> Weighting:
        """The variant of TF-IDF."""
        return Weighting(**{field.name: self.options[field.name] for field in fields(Weighting)})

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """See `Model.restored`."""
        model = super().restored(header, arrays)
        try:
            _weighting = model.weighting
        except UsageError as error:
            raise ValueError(error.message) from None
        return model

    def table(self, *, top: int | None = None, overall: bool = False) -> Table:
        """The weights of the fitted documents' terms.

        `top`: number of terms per document, or in all with `overall` (default: all). `overall`: one
        ranking of all terms by the sum of their weights.
        Columns out: `id` (or the column of the groups), `term`, `tf` (in the variant chosen), `df`,
        `idf`, `tfidf`, largest first, documents in input order; with `overall` no `id`, and `tf`
        and `tfidf` are sums.
        Raises UsageError for a `top` below 1 or for a model loaded from a file.
        """
        matrix = self._fitted()
        columns, by = [*_COLUMNS], self.options.get("by")
        name = heading(by, columns) if by else "id"
        return self._table(matrix.ids, matrix.counts, top, overall, name)

    def weights(self) -> "tuple[csr_matrix, list[str]]":
        """The TF-IDF matrix of the fitted documents (CSR, documents × terms) and their ids."""
        matrix = self._fitted()
        return self.weigh(matrix.counts)[1], matrix.ids

    def weigh(self, counts: "csr_matrix") -> "tuple[csr_matrix, csr_matrix]":
        """Term frequencies and normalised TF-IDF of counts (CSR, documents × terms), as CSR."""
        return self.weighting.weigh(counts, self.idf)

    def transform(self, records: Iterable[Record]) -> Table:
        """The weights of new documents' terms, with the idf of the fitted documents.

        Columns in and errors: see `korpus.infer`. Columns out: see `table`.
        """
        counts, ids = self._known_counts(records)
        return self._table(ids, counts, None, False)

    def table_of(self, ids: list[str], counts: "csr_matrix", top: int | None) -> Table:
        """The weights of the terms of documents (CSR, documents × terms); see `table`."""
        return self._table(ids, counts, top, False)

    def _fitted(self) -> DocumentTermMatrix:
        if self.fitted is None:
            raise UsageError(
                _("a model loaded from a file does not hold the documents it was fitted on"),
                _("give it documents: korpus infer MODEL FILE"),
            )
        return self.fitted

    def _table(
        self,
        ids: list[str],
        counts: "csr_matrix",
        top: int | None,
        overall: bool,
        name: str = "id",
    ) -> Table:
        check_least("--top", top, 1, _("leave it out to get all terms"))
        tf, weights = self.weigh(counts)
        if overall:
            return Table(_COLUMNS, lambda: self._overall_rows(tf, weights, top))
        return Table([name, *_COLUMNS], lambda: self._document_rows(ids, tf, weights, top))

    def _document_rows(
        self, ids: list[str], tf: "csr_matrix", weights: "csr_matrix", top: int | None
    ) -> Iterator[Row]:
        import numpy

        terms, df, idf = self.terms, self.df.tolist(), self.idf.tolist()
        for i, document_id in enumerate(ids):
            span = slice(weights.indptr[i], weights.indptr[i + 1])
            columns, values, frequencies = weights.indices[span], weights.data[span], tf.data[span]
            for index in numpy.lexsort((columns, -values))[:top].tolist():
                column = int(columns[index])
                yield (
                    document_id,
                    terms[column],
                    float(frequencies[index]),
                    df[column],
                    idf[column],
                    float(values[index]),
                )

    def _overall_rows(
        self, tf: "csr_matrix", weights: "csr_matrix", top: int | None
    ) -> Iterator[Row]:
        import numpy

        terms, df, idf = self.terms, self.df.tolist(), self.idf.tolist()
        frequencies = numpy.asarray(tf.sum(axis=0)).ravel().tolist()
        sums = numpy.asarray(weights.sum(axis=0)).ravel()
        for column in numpy.lexsort((numpy.arange(len(terms)), -sums))[:top].tolist():
            yield terms[column], frequencies[column], df[column], idf[column], float(sums[column])


@elsewhere
def tfidf(
    documents: Iterable[Record] | Iterable[Part],
    *,
    tf: str = "raw",
    idf: str = "smooth",
    log_base: str = "e",
    norm: str = "l2",
    by: str | None = None,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    max_features: int | None = None,
) -> TfidfModel:
    """Fit a TF-IDF model: tfidf = tf · idf, each document scaled to norm 1. Needs the whole input.

    The model's `table` has the weights of these documents. The defaults are scikit-learn's.
    With c the count of a term in a document, m the largest count in that document, n the number of
    documents, df the document frequency, and log to the base `log_base` (e, 2 or 10):
    `tf`: raw c; binary 1; log 1 + log c; augmented 0.5 + 0.5 c / m.
    `idf`: smooth log((1 + n) / (1 + df)) + 1; plain log(n / df) + 1; add-one log(n / (1 + df));
    inverse 1 / df; none 1.
    `norm`: none, l1 or l2. `by`: groups of documents as documents, see `korpus.freq`.
    `min_df`, `max_df`, `max_features`: see `document_term_matrix`.

    Columns in: `id`, `tokens`. Raises UsageError for an unknown variant, KorpusError if no term is
    left.
    """
    weighting = Weighting(tf, idf, log_base, norm)
    matrix = document_term_matrix(
        documents, by=by, min_df=min_df, max_df=max_df, max_features=max_features
    )
    df = matrix.document_frequency
    options: dict[str, Any] = {**asdict(weighting), "min_df": min_df, "max_df": max_df}
    if by:
        options["by"] = by
    if max_features is not None:
        options["max_features"] = max_features
    return TfidfModel(
        terms=matrix.terms,
        options=options,
        provenance=matrix.provenance(),
        df=df,
        idf=weighting.idf_of(df, len(matrix.lengths)),
        fitted=matrix,
    )
