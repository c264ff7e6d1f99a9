"""How far coders agree on the codes of units, beyond chance.

`codes`: an array of units × coders with the numbers of the codes, from 0, and -1 where a coder gave
none.
"""

from typing import TYPE_CHECKING, Literal, cast

from korpus.statistics.classification import confusion_matrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

LEVELS = ("nominal", "ordinal", "interval", "ratio")


def percent_agreement(codes: "Array") -> float:
    """The share of pairs of codes of one unit that are the same. NaN without such a pair."""
    counts = _counts(codes)
    pairs = _pairs(counts.sum(axis=1)).sum()
    return float(_pairs(counts).sum() / pairs) if pairs else float("nan")


def krippendorff_alpha(codes: "Array", values: "Array", level: str = "nominal") -> float:
    """Krippendorff's α = 1 - observed / expected disagreement; codes may be missing.

    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; by the package krippendorff.
    `values`: float, what each code stands for, rising; `level`: of LEVELS. NaN if all codes are the
    same, as nothing could have been disagreed on, or no unit has two.
    """
    import krippendorff

    counts = _counts(codes, len(values))
    pairable = counts[counts.sum(axis=1) > 1]
    if (pairable.sum(axis=0) > 0).sum() < 2:
        return float("nan")
    scale = cast("Literal['nominal', 'ordinal', 'interval', 'ratio']", level)
    return float(
        krippendorff.alpha(value_counts=counts, value_domain=values, level_of_measurement=scale)
    )


def cohen_kappa(codes: "Array") -> float:
    """Cohen's κ of two coders (1960), over the units that both coded.

    With O the share of units coded differently, and E the share expected by chance from how often
    each coder gives each code, κ = 1 - O / E. NaN if both give all units the same one code.
    """
    both = codes[(codes >= 0).all(axis=1)]
    if not len(both):
        return float("nan")
    counts = confusion_matrix(both[:, 0], both[:, 1], int(both.max()) + 1)
    expected = counts.sum(axis=1) @ counts.sum(axis=0)
    chance = 1 - expected / len(both) ** 2
    observed = 1 - counts.trace() / len(both)
    return float(1 - observed / chance) if chance else float("nan")


def fleiss_kappa(codes: "Array") -> float:
    """Fleiss' κ (1971), over the units that all coders coded. NaN if all codes are the same.

    With P the mean share of agreeing pairs of a unit, and P' = Σ of the squared shares of the
    codes, κ = (P - P') / (1 - P').
    """
    counts = _counts(codes[(codes >= 0).all(axis=1)])
    if not len(counts):
        return float("nan")
    observed = _pairs(counts).sum() / _pairs(counts.sum(axis=1)).sum()
    expected = ((counts.sum(axis=0) / counts.sum()) ** 2).sum()
    return float((observed - expected) / (1 - expected)) if expected < 1 else float("nan")


def _counts(codes: "Array", values: int | None = None) -> "Array":
    """How many coders gave a unit each code: units × codes."""
    import numpy

    size = int(codes.max(initial=-1)) + 1 if values is None else values
    units, coders = numpy.nonzero(codes >= 0)
    counts = numpy.zeros((len(codes), size), dtype=numpy.int64)
    numpy.add.at(counts, (units, codes[units, coders]), 1)
    return counts


def _pairs(counts: "Array") -> "Array":
    """Of so many, how many pairs there are."""
    pairs: Array = counts * (counts - 1) / 2
    return pairs
