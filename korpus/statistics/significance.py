"""Probabilities of test statistics, corrected for many tests, and intervals of shares."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_Z = 1.959963984540054  # of a two-sided interval of 95 %


def chi2_p(statistic: "Array | float", df: "Array | int" = 1) -> "Array":
    """The probability of a χ² at least this large by chance; its sign is ignored."""
    import numpy
    from scipy.special import chdtrc

    found: Array = chdtrc(df, numpy.abs(statistic))
    return found


def q_values(p: "Array") -> "Array":
    """p adjusted for many tests so that q bounds the false discovery rate.

    Benjamini & Hochberg (1995): of the p in rising order, the least p · tests / rank of this rank
    or a later one. NaN stays, and is no test.
    """
    import numpy

    found: Array = numpy.full(len(p), numpy.nan)
    tested = numpy.flatnonzero(~numpy.isnan(p))
    order = tested[numpy.argsort(p[tested], kind="stable")]
    scaled = p[order] * len(order) / numpy.arange(1, len(order) + 1)
    found[order] = numpy.minimum.accumulate(scaled[::-1])[::-1]
    numpy.minimum(found, 1.0, out=found)
    return found


def wilson(count: "Array", total: "Array") -> "tuple[Array, Array]":
    """The ends of the 95 % interval of a share, count / total. Wilson (1927). NaN of nothing."""
    import numpy

    count, total = numpy.asarray(count, dtype=float), numpy.asarray(total, dtype=float)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        share, square = count / total, _Z**2 / total
        middle = (share + square / 2) / (1 + square)
        half = numpy.sqrt(share * (1 - share) * square + square**2 / 4) / (1 + square)
    low = numpy.where(count == 0, 0.0, middle - half)
    high = numpy.where(count == total, 1.0, middle + half)
    empty = total == 0
    return numpy.where(empty, numpy.nan, low), numpy.where(empty, numpy.nan, high)
