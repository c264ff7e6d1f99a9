"""Counts of terms, made of tokens that are numbers already."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from korpus.tokens.placed import PlacedTerms
from korpus.tokens.term_counts import Group, TermCounts

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


def counts_of(placed: PlacedTerms, groups: Sequence[str] | None = None) -> TermCounts:
    """The same counts as `count` makes of the documents.

    `groups`: the name of each document's group; None for one group of all.
    """
    import numpy

    counts = TermCounts()
    for token, tag in placed.terms:
        counts.numbers[tag](token)
    names: list[Group] = [()] if groups is None else [(name,) for name in dict.fromkeys(groups)]
    place = {name: number for number, name in enumerate(names)}
    of_documents = numpy.zeros(placed.documents, numpy.int64)
    if groups is not None:
        of_documents[:] = [place[(name,)] for name in groups]
    rows = numpy.repeat(numpy.arange(placed.documents), placed.lengths)
    width = max(len(placed.terms), 1)
    once = numpy.unique(rows * width + placed.numbers)
    for group, size in enumerate(numpy.bincount(of_documents, minlength=len(names)).tolist()):
        counts.sizes[names[group]] += size
    for counters, row, terms in (
        (counts.counts, rows, placed.numbers),
        (counts.frequencies, once // width, once % width),
    ):
        cells, sums = numpy.unique(of_documents[row] * width + terms, return_counts=True)
        ends = numpy.searchsorted(cells, numpy.arange(len(names) + 1) * width).tolist()
        for group, name in enumerate(names):
            chosen = slice(ends[group], ends[group + 1])
            numbers, totals = (cells[chosen] % width).tolist(), sums[chosen].tolist()
            counters[name] = Counter(dict(zip(numbers, totals, strict=True)))
    return counts
