"""Divide nodes in two by iterated correlations of their ties, for CONCOR."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_MOST_ROUNDS = 200
_CERTAIN = 1e-9  # how near to 1 or -1 a correlation is that has converged


def halved(matrix: "Array", nodes: "Array") -> "Array | None":
    """Which nodes are in the half of the first, by iterated correlations; None if all are."""
    import numpy
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):  # the same bytes with any number of cores
        found = profile_correlations(matrix, nodes)
        for _round in range(_MOST_ROUNDS):
            if (numpy.abs(numpy.abs(found) - 1) < _CERTAIN).all():
                break
            found = _correlations(found)
    half: Array = found[0] > 0
    half[0] = True
    return None if half.all() else half


def profile_correlations(matrix: "Array", nodes: "Array") -> "Array":
    """Pearson's correlations of the ties of nodes, from each and to each.

    Of two nodes, the ties to themselves and the cells beside these are left out (Wasserman & Faust
    1994, p. 368). Two that are constant have 1 if they are equal, else 0.
    """
    import numpy

    both = matrix if (matrix == matrix.T).all() else numpy.vstack([matrix, matrix.T])
    there = numpy.ones_like(both)
    for start in range(0, len(both), len(matrix)):
        there[start + numpy.arange(len(matrix)), numpy.arange(len(matrix))] = 0
    values, there = both[:, nodes], there[:, nodes]
    values = (values - values.mean()) * there  # near 0, where sums of squares are exact
    count = there.T @ there
    sums = values.T @ there  # of the first, over the cells that both have
    squares = (values**2).T @ there
    shared = numpy.maximum(count, 1)
    covariance = values.T @ values - sums * sums.T / shared
    variance = squares - sums**2 / shared
    flat = variance <= 1e-12 * squares
    product = numpy.sqrt(numpy.where(flat | flat.T, 1, variance * variance.T))
    equal = flat & flat.T & numpy.isclose(sums, sums.T, rtol=1e-12)
    found = numpy.where(flat | flat.T, equal, covariance / product)
    return _cleaned(found)


def _correlations(columns: "Array") -> "Array":
    """Pearson's correlations of columns; 0 with one that is constant."""
    import numpy

    centred = columns - columns.mean(axis=0)
    lengths = numpy.sqrt((centred**2).sum(axis=0))
    flat = lengths <= 1e-12 * numpy.abs(columns).max(axis=0, initial=0)
    centred[:, flat] = 0
    centred /= numpy.where(flat, 1, lengths)
    return _cleaned(centred.T @ centred)


def _cleaned(found: "Array") -> "Array":
    """Correlations without the rounding errors that would tell equal nodes apart."""
    import numpy

    found = found.clip(-1, 1)
    found[numpy.isclose(found, 1, rtol=0, atol=1e-14)] = 1
    numpy.fill_diagonal(found, 1)
    return found
