"""Topic weights of documents under fixed topics: the basis of LDA's inference and perplexity."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

_MAX_UPDATES, _TOLERANCE = 100, 1e-3
_MAX_CELLS = 4_000_000  # non-zero counts × topics in one chunk: 32 MB per array


def fold_in(counts: "csr_matrix", word_weight: "Array", alpha: "Array") -> "Array":
    """P(topic | document) under LDA by variational inference with fixed topics.

    Hoffman, Blei & Bach (2010), algorithm 2, E step: γ = α + Σ n φ with φ ∝ β exp(ψ(γ)), starting
    at γ = 1, until the mean change of γ per topic is below 0.001, at most 100 updates. Each
    document is treated by itself.

    `counts`: CSR, documents × terms. `word_weight` (k × terms): β, which is exp E[log β] for
    variational Bayes and the mean of β for Gibbs sampling. `alpha` (k, or documents × k): the
    prior. Returns float64, documents × k; a document without terms gets the mean of the prior.
    """
    import numpy

    by_term = numpy.ascontiguousarray(word_weight.T)
    k = by_term.shape[1]
    prior = numpy.broadcast_to(alpha, (counts.shape[0], k))
    chunks = _chunks(counts, _MAX_CELLS // k)
    gammas = [_gamma(counts[rows], by_term, prior[rows]) for rows in chunks]
    gamma = numpy.concatenate([numpy.empty((0, k)), *gammas])
    topics: Array = gamma / gamma.sum(axis=1, keepdims=True)
    return topics


def _chunks(counts: "csr_matrix", size: int) -> Iterator[slice]:
    """Rows in chunks of at most `size` non-zero counts, but at least one row."""
    import numpy

    start = 0
    while start < counts.shape[0]:
        limit = counts.indptr[start] + size
        end = max(start + 1, int(numpy.searchsorted(counts.indptr, limit)))
        yield slice(start, end)
        start = end


def _gamma(counts: "csr_matrix", by_term: "Array", alpha: "Array") -> "Array":
    import numpy
    from scipy.sparse import csr_matrix
    from scipy.special import psi

    gamma = numpy.ones(alpha.shape)
    moving = numpy.arange(counts.shape[0])
    for _update in range(_MAX_UPDATES):
        chunk = counts[moving]
        old = gamma[moving]
        topic = numpy.exp(psi(old) - psi(old.sum(axis=1, keepdims=True)))
        rows = numpy.repeat(numpy.arange(len(moving)), numpy.diff(chunk.indptr))
        norm = numpy.einsum("ij,ij->i", topic[rows], by_term[chunk.indices])
        shares = csr_matrix(
            (chunk.data / (norm + 1e-100), chunk.indices, chunk.indptr), chunk.shape
        )
        new = alpha[moving] + topic * (shares @ by_term)
        gamma[moving] = new
        moving = moving[abs(new - old).mean(axis=1) >= _TOLERANCE]
        if not len(moving):
            break
    return gamma
