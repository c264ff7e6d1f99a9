"""Topics of documents by topics that are fixed: what LDA inference and perplexity rest on."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from korpus.models.topics.topic_model import TopicModel

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_UPDATES, _SETTLED = 100, 1e-3
_CELLS = 4_000_000  # non-zero counts × topics worked on at once: 32 MB an array


def fold_in(model: TopicModel, counts: Any) -> "Array":
    """P(topic | document) under an LDA model by variational inference, its topics fixed.

    Hoffman, Blei & Bach (2010), algorithm 2, E step: γ = α + Σ n φ with φ ∝ β exp(ψ(γ)), from γ = 1
    until γ moves by less than 0.001 a topic, at most 100 times. β is what the engine infers by:
    exp E[log β] of variational Bayes, the mean of β of Gibbs sampling. Each document by itself.

    `counts`: CSR, documents × the model's terms. Returns float64, documents × k; a document without
    terms has the prior's mean.
    """
    import numpy

    alpha = model.inference["alpha"]
    weight = model.inference.get("word_weight", model.topic_term)
    by_term = numpy.ascontiguousarray(weight.T)
    parts = _parts(counts, _CELLS // len(alpha))
    gammas = [numpy.empty((0, len(alpha))), *(_gamma(part, by_term, alpha) for part in parts)]
    gamma = numpy.concatenate(gammas)
    topics: Array = gamma / gamma.sum(axis=1, keepdims=True)
    return topics


def _parts(counts: Any, cells: int) -> Iterator[Any]:
    import numpy

    start = 0
    while start < counts.shape[0]:
        room = counts.indptr[start] + cells
        end = max(start + 1, int(numpy.searchsorted(counts.indptr, room)))
        yield counts[start:end]
        start = end


def _gamma(counts: Any, by_term: "Array", alpha: "Array") -> "Array":
    import numpy
    from scipy.sparse import csr_matrix
    from scipy.special import psi

    gamma = numpy.ones((counts.shape[0], len(alpha)))
    moving = numpy.arange(counts.shape[0])
    for _ in range(_UPDATES):
        part = counts[moving]
        old = gamma[moving]
        topic = numpy.exp(psi(old) - psi(old.sum(axis=1, keepdims=True)))
        rows = numpy.repeat(numpy.arange(len(moving)), numpy.diff(part.indptr))
        norm = numpy.einsum("ij,ij->i", topic[rows], by_term[part.indices])
        shares = csr_matrix((part.data / (norm + 1e-100), part.indices, part.indptr), part.shape)
        new = alpha + topic * (shares @ by_term)
        gamma[moving] = new
        moving = moving[abs(new - old).mean(axis=1) >= _SETTLED]
        if not len(moving):
            break
    return gamma
