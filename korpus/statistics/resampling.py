"""Bootstrap intervals."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


def bootstrap_interval(
    statistic: "Callable[[Array], float]", rows: "Array", *, replicates: int, seed: int
) -> tuple[float, float]:
    """The 95 % bootstrap interval of a statistic, by percentiles over resampled rows.

    Efron & Tibshirani (1993, 13). Samples in which it is not defined are left out; NaN if all are.
    """
    import numpy

    random = numpy.random.default_rng(seed)
    size = len(rows)
    samples = (random.integers(size, size=size) for _replicate in range(replicates))
    found = numpy.array([statistic(rows[sample]) for sample in samples])
    found = found[~numpy.isnan(found)]
    if not len(found):
        return float("nan"), float("nan")
    low, high = numpy.percentile(found, [2.5, 97.5])
    return float(low), float(high)
