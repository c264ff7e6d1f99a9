"""Measures of how characteristic terms are of topics (topics × terms)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


def frex(topic_term: "Array", counts: "Array", weight: float = 0.5) -> "Array":
    """Frequency and exclusivity (Bischof & Airoldi 2012), as R's stm computes them.

    1 / (w / F + (1 - w) / E). F: the rank of a term's probability in the topic, E: that of its
    exclusivity, the topic's part of the probabilities of all topics, both from 0 to 1, ties with
    their mean. Exclusivity is shrunk towards 1 / topics (`shrunk`). `counts`: occurrences per term.
    """
    import numpy
    from scipy.stats import rankdata

    sums = topic_term.sum(axis=0)
    even = numpy.full_like(topic_term, 1 / len(topic_term))
    exclusive = numpy.divide(topic_term, sums, out=even, where=sums > 0)
    terms = topic_term.shape[1]
    frequency_rank = rankdata(topic_term, axis=1) / terms
    exclusive_rank = rankdata(shrunk(exclusive, counts), axis=1) / terms
    found: Array = 1 / (weight / frequency_rank + (1 - weight) / exclusive_rank)
    return found


def shrunk(shares: "Array", counts: "Array") -> "Array":
    """Columns of shares that sum to 1, shrunk towards equal ones (Hausser & Strimmer 2009).

    By λ = Σ p (1 - p) / ((n - 1) Σ (p - 1 / k)²), from 0 to 1; 1 for a single occurrence.
    """
    import numpy

    even = 1 / len(shares)
    away = ((shares - even) ** 2).sum(axis=0)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        found = (shares * (1 - shares)).sum(axis=0) / (counts - 1) / away
    weight = numpy.where(counts <= 1, 1, numpy.where(away > 0, found, 0)).clip(0, 1)
    result: Array = weight * even + (1 - weight) * shares
    return result


def lift(topic_term: "Array", counts: "Array") -> "Array":
    """A term's probability in a topic by that in all documents (Taddy 2012), as stm computes it."""
    found: Array = topic_term / (counts / counts.sum())
    return found
