"""How a term's frequency differs between a target and a reference corpus.

All take arrays of the same shape (or numbers): `count` and `other`, how often the term occurs in
the target and in the reference; `size` and `other_size`, all tokens of each. They are positive
where the term is more frequent in the target. For G² and χ² see `association`: there `joint` is
`count`, a is `count + other`, b is `size` and total is `size + other_size`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray
    Counts = numpy.ndarray | int | float


def log_ratio(count: "Counts", other: "Counts", size: "Counts", other_size: "Counts") -> "Array":
    """log2 of the ratio of the relative frequencies; half an occurrence for none. Hardie (2014).

    1 means twice as frequent in the target, -1 half as frequent.
    """
    import numpy

    count, other, size, other_size = _floats(count, other, size, other_size)
    count, other = (numpy.where(found == 0, 0.5, found) for found in (count, other))
    found: Array = numpy.log2((count / size) / (other / other_size))
    return found


def percent_diff(count: "Counts", other: "Counts", size: "Counts", other_size: "Counts") -> "Array":
    """%DIFF = 100 · (f - f') / f', of the relative frequencies. Gabrielatos & Marchi (2011).

    NaN where the term is not in the reference.
    """
    import numpy

    count, other, size, other_size = _floats(count, other, size, other_size)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        found = 100 * (count * other_size / (size * other) - 1)
    return numpy.where(other == 0, numpy.nan, found)


def odds_ratio(count: "Counts", other: "Counts", size: "Counts", other_size: "Counts") -> "Array":
    """The odds of the term in the target, divided by those in the reference.

    Pojanapunya & Watson Todd (2018). NaN where the reference has no such term, or no other.
    """
    import numpy

    count, other, size, other_size = _floats(count, other, size, other_size)
    below = (size - count) * other
    with numpy.errstate(divide="ignore", invalid="ignore"):
        found = count * (other_size - other) / below
    return numpy.where(below == 0, numpy.nan, found)


def log_odds(
    count: "Counts",
    other: "Counts",
    size: "Counts",
    other_size: "Counts",
    prior: "Counts",
    prior_size: "Counts",
) -> "Array":
    """The z-score of the log-odds ratio with an informative Dirichlet prior.

    Monroe, Colaresi & Quinn (2008). `prior`: α of the term; `prior_size`: α₀, the sum of α over all
    terms. With y of n tokens in the target and y' of n' in the reference, δ = ln((y + α) / (n + α₀
    - y - α)) - ln((y' + α) / (n' + α₀ - y' - α)), its variance is about 1 / (y + α) + 1 / (y' + α),
    and z = δ / √variance.
    """
    import numpy

    count, other, size, other_size, prior = _floats(count, other, size, other_size, prior)
    odds = [
        (found + prior) / (total + prior_size - found - prior)
        for found, total in ((count, size), (other, other_size))
    ]
    with numpy.errstate(divide="ignore", invalid="ignore"):
        delta = numpy.log(odds[0]) - numpy.log(odds[1])
        found: Array = delta / numpy.sqrt(1 / (count + prior) + 1 / (other + prior))
    return found


def bayes_factor(g2: "Array", total: "Counts") -> "Array":
    """The Bayes factor as BIC ≈ |G²| - ln(total), for one degree of freedom. Wilson (2013).

    Above 2 is positive evidence for a difference, above 6 strong, above 10 very strong; below 0
    the data favour no difference. `total`: all tokens of both corpora.
    """
    import numpy

    found: Array = numpy.abs(g2) - numpy.log(total)
    return found


def _floats(*counts: "Counts") -> "list[Array]":
    import numpy

    return [numpy.asarray(count, dtype=float) for count in counts]
