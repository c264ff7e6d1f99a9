"""TF-IDF weights in the variants of textbooks.

The variants and their names follow Manning, Raghavan & Schütze, Introduction to Information
Retrieval (2008), section 6.4, and scikit-learn's documentation of TfidfTransformer.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from korpus.checks import check_choice

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

Log = Callable[["Array"], "Array"]

# Term frequency from a count, the largest count in the same document, and the logarithm.
TF: dict[str, Callable[["Array", "Array", Log], "Array"]] = {
    "raw": lambda count, largest, log: count,
    "binary": lambda count, largest, log: count * 0.0 + 1,
    "log": lambda count, largest, log: log(count) + 1,
    "augmented": lambda count, largest, log: 0.5 + 0.5 * count / largest,
}
# Inverse document frequency from df, the number of documents, and the logarithm.
IDF: dict[str, Callable[["Array", int, Log], "Array"]] = {
    "smooth": lambda df, n, log: log((1 + n) / (1 + df)) + 1,
    "plain": lambda df, n, log: log(n / df) + 1,
    "add-one": lambda df, n, log: log(n / (1 + df)),
    "inverse": lambda df, n, log: 1 / df,
    "none": lambda df, n, log: df * 0.0 + 1,
}
LOG_BASES = {"e": math.e, "2": 2.0, "10": 10.0}
NORMS = ("none", "l1", "l2")


@dataclass(frozen=True)
class Weighting:
    """A variant of TF-IDF; the defaults are scikit-learn's. For the names see `korpus.tfidf`.

    Raises UsageError for an unknown name.
    """

    tf: str = "raw"
    idf: str = "smooth"
    log_base: str = "e"
    norm: str = "l2"

    def __post_init__(self) -> None:
        for option, value, choices in (
            ("--tf", self.tf, TF),
            ("--idf", self.idf, IDF),
            ("--log-base", self.log_base, LOG_BASES),
            ("--norm", self.norm, NORMS),
        ):
            check_choice(option, value, choices)

    def idf_of(self, df: "Array", documents: int) -> "Array":
        """The inverse document frequency (float64) of terms with document frequencies `df`."""
        return IDF[self.idf](df.astype(float), documents, self._log)

    def weigh(self, counts: "csr_matrix", idf: "Array") -> "tuple[csr_matrix, csr_matrix]":
        """Term frequencies and normalised TF-IDF (both CSR, float64).

        `counts`: CSR, documents × terms. `idf`: one value per term.
        """
        frequencies = self._frequencies(counts)
        weights = _with_values(counts, frequencies.data * idf[counts.indices])
        return frequencies, self._normalized(weights)

    def _log(self, values: "Array") -> "Array":
        import numpy

        logs: Array = numpy.log(values) / math.log(LOG_BASES[self.log_base])
        return logs

    def _frequencies(self, counts: "csr_matrix") -> "csr_matrix":
        import numpy

        values = counts.data.astype(float)
        largest = numpy.ones(1)
        if self.tf == "augmented" and counts.nnz:
            sizes = numpy.diff(counts.indptr)
            filled = sizes > 0
            largest = numpy.maximum.reduceat(counts.data, counts.indptr[:-1][filled])
            largest = numpy.repeat(largest, sizes[filled])
        return _with_values(counts, TF[self.tf](values, largest, self._log))

    def _normalized(self, weights: "csr_matrix") -> "csr_matrix":
        """Each row scaled to norm 1; rows of zeros stay. Works in place."""
        import numpy

        if self.norm == "none":
            return weights
        powers = weights.data**2 if self.norm == "l2" else abs(weights.data)
        norms = numpy.asarray(_with_values(weights, powers).sum(axis=1)).ravel()
        if self.norm == "l2":
            norms = numpy.sqrt(norms)
        norms[norms == 0] = 1
        weights.data /= numpy.repeat(norms, numpy.diff(weights.indptr))
        return weights


def _with_values(counts: "csr_matrix", values: "Array") -> "csr_matrix":
    """A CSR matrix of the same structure, which is shared, with other values."""
    import scipy.sparse

    return scipy.sparse.csr_matrix((values, counts.indices, counts.indptr), counts.shape)
