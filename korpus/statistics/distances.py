"""Distances of distributions, and points at given distances."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


def distributions(weights: "Array") -> "Array":
    """Rows of weights divided by their sums; a row of zeros stays."""
    import numpy

    sums = weights.sum(axis=1, keepdims=True)
    found: Array = numpy.divide(weights, sums, out=numpy.zeros_like(weights), where=sums > 0)
    return found


def jensen_shannon(some: "Array", others: "Array") -> "Array":
    """Jensen-Shannon distances of the rows of two arrays of distributions, from 0 to 1.

    The square root of the divergence in bits, which is a metric (Endres & Schindelin 2003). A row
    of zeros, which is no distribution, is as far from all others as can be.
    """
    import numpy
    from scipy.spatial.distance import cdist

    found: Array = cdist(some, others, "jensenshannon") / numpy.sqrt(numpy.log(2))
    found[~some.any(axis=1)] = 1
    found[:, ~others.any(axis=1)] = 1
    return found.clip(0, 1)


def cosines(some: "Array", others: "Array") -> "Array":
    """Cosines of the rows of two arrays; 0 for a row of zeros."""
    import numpy

    lengths = [numpy.linalg.norm(rows, axis=1, keepdims=True) for rows in (some, others)]
    found: Array = some @ others.T / numpy.maximum(lengths[0] @ lengths[1].T, 1e-300)
    return found.clip(-1, 1)  # rounding can go beyond


def classical_mds(distances: "Array", dimensions: int = 2) -> "Array":
    """Points whose distances are as near as can be to those given (Torgerson 1952).

    The first coordinates of principal coordinate analysis, as R's cmdscale gives them; of each axis
    the coordinate that is largest is positive.
    """
    import numpy

    count = len(distances)
    centring = numpy.eye(count) - 1 / count
    products = -centring @ distances**2 @ centring / 2
    values, vectors = numpy.linalg.eigh((products + products.T) / 2)
    order = numpy.argsort(-values, kind="stable")[:dimensions]
    found = numpy.zeros((count, dimensions))
    found[:, : len(order)] = vectors[:, order] * numpy.sqrt(values[order].clip(0))
    largest = numpy.abs(found).round(9).argmax(axis=0)
    found *= numpy.where(found[largest, range(dimensions)] < 0, -1, 1)
    return found
