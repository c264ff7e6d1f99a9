"""Count pairs of terms, given as numbers: by windows of tokens, or by units with both terms."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from korpus.tokens.placed import START, PlacedTerms

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

BOTH, LEFT, RIGHT = DIRECTIONS = ("both", "left", "right")
_TOKENS = 1 << 20  # counted at once
_PAIRS = 1 << 24


@dataclass
class Pairs:
    """Pairs of terms with the number of units in which they are together.

    `first`, `second`: int32, the terms of each pair, sorted. `joint`: int64, the units with both,
    never 0. `first_totals`, `second_totals`: int64, by term, the units in which it is first or
    second. `total`: the number of units.

    Units of a window are pairs of tokens, and with `both` directions each pair is two units, as
    each of its tokens is first once. Other units are sentences, paragraphs or documents; it does
    not matter how often a term is in one. If `is_symmetric`, the order means nothing: first <=
    second, and the two totals are equal.
    """

    first: "Array"
    second: "Array"
    joint: "Array"
    first_totals: "Array"
    second_totals: "Array"
    total: int
    is_symmetric: bool


def pairs_in_windows(
    placed: PlacedTerms,
    window: int,
    direction: str,
    is_kept: "Array",
    wanted: "Array | None",
    min_joint: int,
) -> Pairs:
    """Count pairs of tokens that are at most `window` places apart in one unit.

    `direction`: where the second term is. `is_kept`, `wanted`: bool per term; pairs of two terms
    that are kept, and one that is wanted. `min_joint`: pairs below are left out.
    """
    import numpy
    import scipy.sparse

    size = len(placed.terms)
    befores, afters = numpy.zeros(size, numpy.int64), numpy.zeros(size, numpy.int64)
    pending: list[csr_matrix] = []
    for numbers, gaps in _blocks(placed, window):
        steps = numpy.where(gaps == START, window + 1, gaps).astype(numpy.int64)
        places = steps.cumsum()
        low, high = (numpy.searchsorted(places, places, side=side) for side in ("left", "right"))
        after = numpy.searchsorted(places, places + window, side="right") - high
        before = low - numpy.searchsorted(places, places - window, side="left")
        afters += numpy.bincount(numbers, after, size).astype(numpy.int64)
        befores += numpy.bincount(numbers, before, size).astype(numpy.int64)
        stays = is_kept[numbers]
        first, second = _neighbours(numbers[stays], places[stays], window, wanted)
        if direction == LEFT:
            first, second = second, first
        elif direction == BOTH:
            first, second = numpy.minimum(first, second), numpy.maximum(first, second)
        ones = numpy.ones(len(first), numpy.int32)
        found = scipy.sparse.csr_matrix((ones, (first, second)), shape=(size, size))
        _merge(pending, found)
    while len(pending) > 1:
        pending.append(pending.pop() + pending.pop())
    pairs = pending[0].tocoo() if pending else scipy.sparse.coo_matrix((size, size))
    joint = pairs.data.astype(numpy.int64)
    often = joint >= min_joint
    first_totals, second_totals = (afters, befores) if direction == RIGHT else (befores, afters)
    if direction == BOTH:
        joint[pairs.row == pairs.col] *= 2
        first_totals = second_totals = befores + afters
    return Pairs(
        pairs.row[often],
        pairs.col[often],
        joint[often],
        first_totals,
        second_totals,
        int(first_totals.sum()),
        direction == BOTH,
    )


def _blocks(placed: PlacedTerms, window: int) -> "Iterator[tuple[Array, Array]]":
    """The tokens and their gaps in blocks of whole units."""
    import numpy

    starts = numpy.flatnonzero(placed.gaps == START)
    cuts = [0, len(placed.numbers)]
    if len(starts):
        step = min(_TOKENS, _PAIRS // window)
        wanted = numpy.arange(step, len(placed.numbers), step)
        at = numpy.searchsorted(starts, wanted)
        cuts = sorted({*cuts, *starts[at[at < len(starts)]].tolist()})
    for low, high in pairwise(cuts):
        if high > low:
            yield placed.numbers[low:high], placed.gaps[low:high]


def _neighbours(
    numbers: "Array", places: "Array", window: int, wanted: "Array | None"
) -> "tuple[Array, Array]":
    """The left and the right term of each pair of tokens that are at most `window` apart."""
    import numpy

    firsts, seconds = [numpy.empty(0, numpy.int32)], [numpy.empty(0, numpy.int32)]
    for step in range(1, len(numbers)):
        distance = places[step:] - places[:-step]
        near = distance <= window
        if not near.any():
            break
        near &= distance > 0  # a compound and its first part have the same place
        first, second = numbers[:-step][near], numbers[step:][near]
        if wanted is not None:
            chosen = wanted[first] | wanted[second]
            first, second = first[chosen], second[chosen]
        firsts.append(first)
        seconds.append(second)
    return numpy.concatenate(firsts), numpy.concatenate(seconds)


def _merge(pending: "list[csr_matrix]", found: "csr_matrix") -> None:
    """Add counts to those so far, so that few matrices are held and each is added seldom."""
    pending.append(found)
    while len(pending) > 1 and pending[-2].nnz <= 2 * pending[-1].nnz:
        pending.append(pending.pop() + pending.pop())


def pairs_in_units(
    placed: PlacedTerms, is_kept: "Array", wanted: "Array | None", min_joint: int
) -> Pairs:
    """Count units with both terms, some terms at a time; for the parameters see above."""
    import numpy
    import scipy.sparse

    size = len(placed.terms)
    unit_of = numpy.cumsum(placed.gaps == START) - 1
    shape = (int(unit_of[-1]) + 1 if len(unit_of) else 0, size)
    ones = numpy.ones(len(unit_of), numpy.int32)
    there = scipy.sparse.csr_matrix((ones, (unit_of, placed.numbers)), shape=shape)
    there.data[:] = 1
    totals = numpy.bincount(there.indices, minlength=size)
    kept = numpy.flatnonzero(is_kept)
    there = there[:, kept]
    by_term = there.T.tocsr()
    # How many pairs each term makes at most, to take as many terms at once as memory allows.
    costs = by_term @ numpy.diff(there.indptr)
    rows = numpy.arange(len(kept)) if wanted is None else numpy.flatnonzero(wanted[kept])
    found: list[list[Array]] = [[numpy.empty(0, numpy.int32)] * 3]
    for some in numpy.split(rows, _cuts(costs[rows])):
        pairs = (by_term[some] @ there).tocoo()
        first, second, joint = some[pairs.row], pairs.col, pairs.data
        chosen = (joint >= min_joint) & (first != second)
        if wanted is None:
            chosen &= first < second
        else:  # pairs of two of the words are found twice
            chosen &= (first < second) | ~wanted[kept[second]]
        first, second = kept[first[chosen]], kept[second[chosen]]
        found.append([numpy.minimum(first, second), numpy.maximum(first, second), joint[chosen]])
    first, second, joint = map(numpy.concatenate, zip(*found, strict=True))
    order = numpy.lexsort((second, first))
    return Pairs(
        first[order].astype(numpy.int32),
        second[order].astype(numpy.int32),
        joint[order].astype(numpy.int64),
        totals,
        totals,
        placed.units,
        is_symmetric=True,
    )


def _cuts(costs: "Array") -> "Array":
    """Where to split so that each part costs about as much as is counted at once."""
    import numpy

    return numpy.flatnonzero(numpy.diff(costs.cumsum() // _PAIRS)) + 1
