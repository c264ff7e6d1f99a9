"""Probabilities of words after others, estimated from counts of n-grams.

All estimates have the form of backoff models (Katz 1987), which ARPA files have too: the
probability of a word after a context is that of the n-gram if it was seen, else the backoff weight
of the context times the probability after the shorter context; a context that was not seen has the
weight 1.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from korpus.statistics.ngram_counts import Level

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

Discounts = tuple[float, float, float]
_FALLBACK: Discounts = (0.5, 1.0, 1.5)


@dataclass
class Estimate:
    """The probabilities of n-grams by level, and the backoff weights of all but the last level.

    `discounts`: what Kneser–Ney takes from counts of 1, 2, and 3 or more, by level.
    `assumed`: the levels, from 1, whose discounts could not be estimated.
    """

    probabilities: "list[Array]"
    backoffs: "list[Array]"
    discounts: list[Discounts] = field(default_factory=list)
    assumed: list[int] = field(default_factory=list)


def kneser_ney(levels: list[Level], start: int) -> Estimate:
    """Interpolated modified Kneser–Ney (Chen & Goodman 1999, section 4.1.6).

    p(w | h) = (a(hw) - D(a(hw))) / Σ a(h·) + γ(h) p(w | h'), where h' is h without its first word,
    a counts occurrences in the highest order, and in lower ones the distinct words before hw
    (occurrences if h begins a sentence); γ(h) is what the discounts D took. Words are interpolated
    with 1 / |V|. D by Ney's formula from the counts of counts n₁ to n₄ of each order; where these
    are 0 or give a discount outside of its range, 0.5, 1 and 1.5 as in KenLM (Heafield 2013).
    `start`: the largest word, which begins sentences and is never predicted.
    """
    import numpy

    base = start + 1
    estimate = Estimate([], [])
    for size, (level, counts) in enumerate(
        zip(levels, _adjusted(levels, start), strict=True), start=1
    ):
        discounts = _discounts(counts)
        if discounts is None:
            estimate.assumed.append(size)
            discounts = _FALLBACK
        estimate.discounts.append(discounts)
        taken = numpy.array([0.0, *discounts])[counts.clip(0, 3)]
        if size == 1:
            total = counts.sum()
            found = (counts - taken) / total + taken.sum() / total / (base - 1)
            found[start] = 0
        else:
            before, prefixes = len(levels[size - 2].codes), level.codes // base
            totals = numpy.bincount(prefixes, counts, before)
            is_context = totals > 0
            left = numpy.ones(before)
            numpy.divide(numpy.bincount(prefixes, taken, before), totals, left, where=is_context)
            shorter = estimate.probabilities[-1][level.suffixes]
            found = (counts - taken) / totals[prefixes] + left[prefixes] * shorter
            estimate.backoffs.append(left)
        estimate.probabilities.append(found)
    return estimate


def _adjusted(levels: list[Level], start: int) -> "list[Array]":
    """The counts that Kneser–Ney takes for n-grams of each level."""
    import numpy

    found = []
    for level, longer, begins in zip(levels, levels[1:], _begins(levels, start), strict=False):
        preceding = numpy.bincount(longer.suffixes, minlength=len(level.codes))
        found.append(numpy.where(begins, level.counts, preceding))
    found.append(levels[-1].counts.copy())
    found[0][start] = 0
    return found


def _begins(levels: list[Level], start: int) -> "list[Array]":
    """Which n-grams of each level begin a sentence."""
    found = [levels[0].codes == start]
    for level in levels[1:]:
        found.append(found[-1][level.codes // (start + 1)])
    return found


def _discounts(counts: "Array") -> Discounts | None:
    """The discounts of counts of 1, 2, and 3 or more; None where they cannot be estimated."""
    import numpy

    _zero, one, two, three, four, *_more = numpy.bincount(counts, minlength=5).tolist()
    if not (one and two and three):
        return None
    y = one / (one + 2 * two)
    found = (1 - 2 * y * two / one, 2 - 3 * y * three / two, 3 - 4 * y * four / three)
    is_in_range = all(0 <= each <= most for most, each in enumerate(found, start=1))
    return found if is_in_range else None


def additive(levels: list[Level], start: int, k: float) -> Estimate:
    """Add k to all counts: p(w | h) = (c(hw) + k) / (c(h) + k |V|); maximum likelihood with k = 0.

    h are always the last n - 1 words, or all words since the start of the sentence; after an h that
    was not seen, all words have 1 / |V|, or 0 by maximum likelihood. `start`: see `kneser_ney`.
    """
    import numpy

    base, words = start + 1, start
    floor = 1 / words if k else 0.0
    estimate = Estimate([], [])
    begins = _begins(levels, start)
    for size, level in enumerate(levels, start=1):
        if size == 1:
            found = numpy.full(base, floor)
            if len(levels) == 1:
                counts = level.counts.copy()
                counts[start] = 0
                found = (counts + k) / (counts.sum() + k * words)
            found[start] = 0
        else:
            before, prefixes = len(levels[size - 2].codes), level.codes // base
            totals = numpy.bincount(prefixes, level.counts, before)
            is_used = (totals > 0) & (begins[size - 2] | (size == len(levels)))
            left = numpy.ones(before)
            left[is_used] = k * words / (totals[is_used] + k * words)
            found = (level.counts + k) / (totals + k * words)[prefixes]
            found[~is_used[prefixes]] = floor
            estimate.backoffs.append(left)
        estimate.probabilities.append(found)
    return estimate
