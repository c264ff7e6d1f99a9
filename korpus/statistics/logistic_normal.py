"""Shares of topics with a logistic normal prior: their mode and its curvature, many at once."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

_CELLS = 300_000  # documents × terms × topics of a batch: what stays in the processor's cache
_STEPS, _HALVINGS = 100, 30
_TOLERANCE = 1e-5  # of the last step's gain in log density: Newton's next would be its square
_TINY = 1e-300


class Batch(NamedTuple):
    """Documents of about the same size: their rows, and terms and counts (documents × terms).

    Documents with fewer terms are filled up with counts of 0.
    """

    rows: "Array"
    terms: "Array"
    counts: "Array"


class Laplace(NamedTuple):
    """Normal approximations of the posteriors of η, by document.

    `modes`: documents × (k − 1). `covariances`: of each. `expected`: documents × terms × k, the
    counts of a batch by topic. `evidence`: the log of the documents' probability, approximately.
    """

    modes: "Array"
    covariances: "Array"
    expected: "Array"
    evidence: "Array"


class Prior(NamedTuple):
    """Normal distributions of η: a mean per document (documents × (k − 1)), one covariance."""

    means: "Array"
    covariance: "Array"


class _State(NamedTuple):
    """Documents at some η: the log density, exp(η, 0) up to a factor, and P(term) times that."""

    density: "Array"
    weights: "Array"
    sums: "Array"


class _Documents(NamedTuple):
    """`words`: documents × terms × k, the probabilities of a document's terms by topic."""

    words: "Array"
    counts: "Array"
    tokens: "Array"
    means: "Array"
    precision: "Array"

    def only(self, rows: "Array") -> "_Documents":
        words, counts, tokens, means, precision = self
        return _Documents(words[rows], counts[rows], tokens[rows], means[rows], precision)

    def at(self, eta: "Array") -> _State:
        """Log density of η: Σ n log Σ θ β − (η − μ)' Σ⁻¹ (η − μ) / 2, with θ = softmax(η, 0)."""
        import numpy

        full = numpy.hstack([eta, numpy.zeros((len(eta), 1))])
        weights = numpy.exp(full - full.max(axis=1, keepdims=True))
        sums = numpy.matmul(self.words, weights[:, :, None])[:, :, 0] + _TINY
        apart = eta - self.means
        density = (self.counts * numpy.log(sums)).sum(axis=1)
        density -= self.tokens * numpy.log(weights.sum(axis=1))
        density -= ((apart @ self.precision) * apart).sum(axis=1) / 2
        return _State(density, weights, sums)

    def curvature(self, eta: "Array", state: _State) -> "tuple[Array, Array, Array]":
        """Gradient, negative Hessian, and a positive definite matrix in its place.

        The last is the negative Hessian for given topics of the tokens, as in EM.
        """
        import numpy

        theta = (state.weights / state.weights.sum(axis=1, keepdims=True))[:, :-1]
        ratios = (self.counts / state.sums)[:, None, :]
        topics = (state.weights * numpy.matmul(ratios, self.words)[:, 0])[:, :-1]
        even = self.tokens[:, None] * theta
        gradient = topics - even - (eta - self.means) @ self.precision
        parts = self.words[:, :, :-1] * state.weights[:, None, :-1]
        parts *= (numpy.sqrt(self.counts) / state.sums)[:, :, None]
        safe = self.precision - even[:, :, None] * theta[:, None, :]
        hessian = numpy.matmul(parts.transpose(0, 2, 1), parts) + safe
        diagonal = numpy.arange(theta.shape[1])
        hessian[:, diagonal, diagonal] += even - topics
        safe[:, diagonal, diagonal] += even
        return gradient, hessian, safe


def batches(counts: "csr_matrix", k: int) -> list[Batch]:
    """Documents (CSR, documents × terms) in batches, the shortest first."""
    import numpy

    sizes = numpy.diff(counts.indptr)
    order = numpy.argsort(sizes, kind="stable")
    return [_batch(counts, order[rows], sizes) for rows in _parts(sizes[order], k)]


def _parts(sizes: "Array", k: int) -> Iterator[slice]:
    start = 0
    while start < len(sizes):
        # the longest is at the end: halve until it fits
        end = min(len(sizes), start + max(1, _CELLS // (k * max(1, int(sizes[start])))))
        while end > start + 1 and (end - start) * k * int(sizes[end - 1]) > _CELLS:
            end = start + (end - start) // 2
        yield slice(start, end)
        start = end


def _batch(counts: "csr_matrix", rows: "Array", sizes: "Array") -> Batch:
    import numpy

    places = numpy.arange(max(1, int(sizes[rows].max())))
    inside = places < sizes[rows][:, None]
    at = (counts.indptr[rows][:, None] + places)[inside]
    terms = numpy.zeros(inside.shape, dtype=numpy.int64)
    own = numpy.zeros(inside.shape)
    terms[inside], own[inside] = counts.indices[at], counts.data[at]
    return Batch(rows, terms, own)


def laplace(batch: Batch, by_term: "Array", prior: Prior, start: "Array | None" = None) -> Laplace:
    """The posterior of η for each document of a batch, by Laplace's approximation.

    Blei & Lafferty (2007); Wang & Blei (2013); Roberts, Stewart & Airoldi (2016). Newton's method
    for all documents at once, each with its own step length.

    `by_term`: terms × k: P(term | topic). `prior`, `start`: of all documents, not of the batch
    only; it starts at the means of the prior otherwise.
    """
    import numpy

    means = prior.means[batch.rows]
    documents = _Documents(
        by_term[batch.terms],
        batch.counts,
        batch.counts.sum(axis=1),
        means,
        numpy.linalg.inv(prior.covariance),
    )
    modes = _modes(documents, means if start is None else start[batch.rows])
    state = documents.at(modes)
    _gradient, hessian, safe = documents.curvature(modes, state)
    factors = _factors(hessian, safe)
    inverses = numpy.linalg.inv(factors)
    spread = numpy.log(numpy.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    expected = documents.words * state.weights[:, None, :]
    expected *= (batch.counts / state.sums)[:, :, None]
    return Laplace(
        modes,
        numpy.matmul(inverses.transpose(0, 2, 1), inverses),
        expected,
        state.density - spread - numpy.linalg.slogdet(prior.covariance)[1] / 2,
    )


def _modes(documents: _Documents, start: "Array") -> "Array":
    import numpy

    found = start.copy()
    moving = numpy.arange(len(start))
    eta, state = start, documents.at(start)
    for _step in range(_STEPS):
        gradient, hessian, safe = documents.curvature(eta, state)
        steps = numpy.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
        gains = (gradient * steps).sum(axis=1)
        if (wrong := ~(gains >= 0)).any():  # not concave there: go up by the other matrix
            steps[wrong] = numpy.linalg.solve(safe[wrong], gradient[wrong][:, :, None])[:, :, 0]
            gains[wrong] = (gradient[wrong] * steps[wrong]).sum(axis=1)
        eta, state = _moved(documents, eta, state, steps, gains)
        found[moving] = eta
        far = gains > _TOLERANCE
        if not far.any():
            break
        if not far.all():
            moving, eta, documents = moving[far], eta[far], documents.only(far)
            state = _State(*(array[far] for array in state))
    return found


def _moved(
    documents: _Documents, eta: "Array", state: _State, steps: "Array", gains: "Array"
) -> "tuple[Array, _State]":
    """η after a step each, halved until the density grows by a part of the gain promised."""
    import numpy

    new, after = eta + steps, documents.at(eta + steps)
    slack = 1e-10 * abs(state.density)  # rounding
    length = 1.0
    for _halving in range(_HALVINGS):
        enough = state.density + 1e-4 * length * gains - slack
        short = numpy.flatnonzero(~(after.density >= enough))
        if not len(short):
            break
        length /= 2
        new[short] = eta[short] + length * steps[short]
        for array, values in zip(after, documents.only(short).at(new[short]), strict=True):
            array[short] = values
    return new, after


def _factors(matrices: "Array", safe: "Array") -> "Array":
    """Cholesky factors; of the matrix in its place for one that is not positive definite."""
    import numpy

    try:
        return numpy.linalg.cholesky(matrices)
    except numpy.linalg.LinAlgError:
        definite = numpy.linalg.eigvalsh(matrices)[:, 0] > 1e-8
        return numpy.linalg.cholesky(numpy.where(definite[:, None, None], matrices, safe))
