"""Measures of association of two terms a and b, from counts of how often they occur together.

All take arrays of the same shape (or numbers) and return floats: `joint`, in how many of all units
a and b are together; `a`, `b`, in how many each is; `total`, the number of units. A unit is a pair
of tokens in a window, a sentence or a document. The counts make the contingency table

            b                not b
    a       joint            a - joint                  a
    not a   b - joint        total - a - b + joint      total - a
            b                total - b                  total

and `expected` = a · b / total is what chance alone would give for joint. Logarithms have base 2 in
PMI, NPMI and logDice, and base e in G².
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray
    Counts = numpy.ndarray | int | float


class Measure(NamedTuple):
    """A measure: its function of joint, a, b and total, and its name in full.

    `is_overlap`: whether it compares occurrences only, without `total`.
    """

    function: "Callable[[Counts, Counts, Counts, Counts], Array]"
    title: str
    is_overlap: bool = False


def expected(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """The joint count that independent terms would have: a · b / total."""
    _joint, a, b, total = _floats(joint, a, b, total)
    return _ratio(a * b, total)


def pmi(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """Pointwise mutual information: log2(joint / expected). Church & Hanks (1990).

    -inf where the terms are never together.
    """
    import numpy

    with numpy.errstate(divide="ignore"):
        found: Array = numpy.log2(_ratio(*_floats(joint, expected(joint, a, b, total))))
    return found


def npmi(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """Normalized PMI: pmi / -log2(joint / total), from -1 (never together) to 1. Bouma (2009)."""
    import numpy

    joint, total = _floats(joint, total)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        found = pmi(joint, a, b, total) / -numpy.log2(_ratio(joint, total))
    return numpy.where(joint == 0, -1.0, numpy.where(joint == total, 1.0, found))


def t_score(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """The t-score: (joint - expected) / √joint. Church, Gale, Hanks & Hindle (1991).

    -inf where the terms are never together.
    """
    import numpy

    (joint,) = _floats(joint)
    return _ratio(joint - expected(joint, a, b, total), numpy.sqrt(joint))


def g2(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """The log-likelihood ratio G² = 2 Σ O ln(O / E) over the four cells. Dunning (1993).

    Signed, so that a ranking has attraction first: negative where the terms are together less
    often than expected. The published statistic is the absolute value.
    """
    import numpy
    from scipy.special import xlogy

    observed, expect = _tables(joint, a, b, total)
    found = 2 * xlogy(observed, _ratio(observed, expect)).sum(axis=0)
    return _signed(numpy.maximum(found, 0.0), joint, a, b, total)


def chi2(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """Pearson's χ² = Σ (O - E)² / E over the four cells, without Yates's correction.

    Manning & Schütze (1999, 5.3.3). Signed as `g2` is.
    """
    observed, expect = _tables(joint, a, b, total)
    found = _ratio((observed - expect) ** 2, expect).sum(axis=0)
    return _signed(found, joint, a, b, total)


def dice(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """Dice's coefficient: 2 · joint / (a + b), from 0 to 1. Dice (1945)."""
    joint, a, b = _floats(joint, a, b)
    return _ratio(2 * joint, a + b)


def log_dice(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """logDice: 14 + log2(dice), at most 14, whatever the size of the corpus. Rychlý (2008)."""
    import numpy

    with numpy.errstate(divide="ignore"):
        found: Array = 14 + numpy.log2(dice(joint, a, b, total))
    return found


def delta_p(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """ΔP of b given a: P(b | a) - P(b | not a), from -1 to 1. Gries (2013).

    0 where a is in every unit or in none, as there is nothing to compare.
    """
    import numpy

    joint, a, b, total = _floats(joint, a, b, total)
    found = _ratio(joint, a) - _ratio(b - joint, total - a)
    return numpy.where((a == 0) | (a == total), 0.0, found)


def delta_p_back(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """ΔP of a given b: P(a | b) - P(a | not b), from -1 to 1. Gries (2013)."""
    return delta_p(joint, b, a, total)


def min_sensitivity(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """Minimum sensitivity: min(P(b | a), P(a | b)), from 0 to 1. Pedersen & Bruce (1996)."""
    import numpy

    joint, a, b = _floats(joint, a, b)
    return _ratio(joint, numpy.maximum(a, b))


def jaccard(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """Jaccard's coefficient: joint / (a + b - joint), from 0 to 1. Jaccard (1901)."""
    joint, a, b = _floats(joint, a, b)
    return _ratio(joint, a + b - joint)


def cosine(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    """The cosine of two sets: joint / √(a · b), from 0 to 1. Ochiai (1957)."""
    import numpy

    joint, a, b = _floats(joint, a, b)
    return _ratio(joint, numpy.sqrt(a * b))


# The measures by their names in options and columns, which `collocations` and `network` share.
MEASURES = {
    "g2": Measure(g2, "log-likelihood ratio G²"),
    "chi2": Measure(chi2, "Pearson's χ²"),
    "t": Measure(t_score, "t-score"),
    "pmi": Measure(pmi, "pointwise mutual information"),
    "npmi": Measure(npmi, "normalized PMI"),
    "dice": Measure(dice, "Dice's coefficient", is_overlap=True),
    "logdice": Measure(log_dice, "logDice", is_overlap=True),
    "delta_p": Measure(delta_p, "ΔP of the second term given the first"),
    "delta_p_back": Measure(delta_p_back, "ΔP of the first term given the second"),
    "min_sensitivity": Measure(min_sensitivity, "minimum sensitivity", is_overlap=True),
    "jaccard": Measure(jaccard, "Jaccard's coefficient", is_overlap=True),
    "cosine": Measure(cosine, "cosine of the two sets of units", is_overlap=True),
}


def _floats(*counts: "Counts") -> "list[Array]":
    import numpy

    return [numpy.asarray(count, dtype=float) for count in counts]


def _ratio(above: "Array", below: "Array") -> "Array":
    """The quotient, 0 where nothing is divided by nothing."""
    import numpy

    with numpy.errstate(divide="ignore", invalid="ignore"):
        found = above / below
    return numpy.where((above == 0) & (below == 0), 0.0, found)


def _tables(joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "tuple[Array, Array]":
    """The four cells of the contingency table, and what is expected of each."""
    import numpy

    joint, a, b, total = numpy.broadcast_arrays(*_floats(joint, a, b, total))
    not_a, not_b = total - a, total - b
    observed = numpy.stack([joint, a - joint, b - joint, not_a - b + joint])
    expect = numpy.stack([_ratio(x * y, total) for x in (a, not_a) for y in (b, not_b)])
    return observed, expect


def _signed(found: "Array", joint: "Counts", a: "Counts", b: "Counts", total: "Counts") -> "Array":
    import numpy

    return numpy.where(numpy.asarray(joint) < expected(joint, a, b, total), -found, found)
