"""How well predicted classes and probabilities fit the true ones.

`confusion`: int64, true classes × predicted classes. `probabilities`: float64, documents × classes.
`truth`: the number of the true class of each document.
"""

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_TINY = 1e-15
BINS = 10


def confusion_matrix(truth: "Array", predicted: "Array", classes: int) -> "Array":
    """How many documents of each true class were given each class."""
    import numpy

    cells = numpy.bincount(truth * classes + predicted, minlength=classes * classes)
    return cells.reshape(classes, classes)


def accuracy(confusion: "Array") -> "Array":
    """The share of documents whose class is right. Takes also several matrices at once."""
    return _share(confusion.trace(axis1=-2, axis2=-1), confusion.sum(axis=(-2, -1)))


def precision(confusion: "Array", undefined: float = 0.0) -> "Array":
    """Per class, the share of documents given it that have it; `undefined` if never given."""
    return _share(_right(confusion), confusion.sum(axis=-2), undefined)


def recall(confusion: "Array", undefined: float = 0.0) -> "Array":
    """Per class, the share of documents that have it that were given it."""
    return _share(_right(confusion), confusion.sum(axis=-1), undefined)


def f1(confusion: "Array", undefined: float = 0.0) -> "Array":
    """Per class, the harmonic mean of precision and recall: 2 right / (given + true)."""
    sums = confusion.sum(axis=-1) + confusion.sum(axis=-2)
    return _share(2 * _right(confusion), sums, undefined)


def macro_f1(confusion: "Array") -> "Array":
    """The mean of F1 over the classes that are true or given somewhere."""
    import numpy

    occurs = confusion.sum(axis=-1) + confusion.sum(axis=-2) > 0
    found: Array = (f1(confusion) * occurs).sum(axis=-1) / numpy.maximum(occurs.sum(axis=-1), 1)
    return found


def mcc(confusion: "Array") -> "Array":
    """Matthews' correlation coefficient, of several classes by Gorodkin (2004); 0 if undefined."""
    import numpy

    counts = confusion.astype(float)
    true, given = counts.sum(axis=-1), counts.sum(axis=-2)
    size = true.sum(axis=-1)
    joint = counts.trace(axis1=-2, axis2=-1) * size - (true * given).sum(axis=-1)
    spread = (size**2 - (true**2).sum(axis=-1)) * (size**2 - (given**2).sum(axis=-1))
    return _share(joint, numpy.sqrt(spread))


def log_losses(probabilities: "Array", truth: "Array") -> "Array":
    """Per document -log of the probability of its true class (at least 1e-15)."""
    import numpy

    found: Array = -numpy.log(probabilities[numpy.arange(len(truth)), truth].clip(_TINY))
    return found


def brier_scores(probabilities: "Array", truth: "Array") -> "Array":
    """Per document the squared distance of its probabilities from the truth (Brier 1950).

    Halved, so that of two classes it is the square of 1 - p of the true class.
    """
    wrong = probabilities.copy()
    wrong[range(len(truth)), truth] -= 1
    found: Array = (wrong**2).sum(axis=1) / 2
    return found


def calibration(confidence: "Array", is_right: "Array", bins: int = BINS) -> list["Array"]:
    """Documents in `bins` equal intervals of confidence: count, mean confidence, share right.

    The last two are NaN in an empty bin.
    """
    import numpy

    at = numpy.minimum((confidence * bins).astype(int), bins - 1)
    counts = numpy.bincount(at, minlength=bins)
    with numpy.errstate(invalid="ignore"):
        means = numpy.bincount(at, confidence, bins) / counts
        shares = numpy.bincount(at, is_right, bins) / counts
    return [counts, means, shares]


def calibration_error(confidence: "Array", is_right: "Array", bins: int = BINS) -> float:
    """The expected calibration error (Naeini, Cooper & Hauskrecht 2015) of the class given."""
    import numpy

    counts, means, shares = calibration(confidence, is_right, bins)
    return float(numpy.nansum(counts * abs(means - shares)) / max(counts.sum(), 1))


def intervals(
    confusion: "Array", statistic: "Callable[[Array], Array]", *, replicates: int, seed: int
) -> "Array":
    """The 95 % bootstrap interval of what a confusion matrix gives, by percentiles.

    Documents drawn again (Efron & Tibshirani 1993, 13) make a multinomial sample of its cells.
    Returns the lower and the upper end, each of the shape that the statistic has. Samples in which
    it is NaN are left out; NaN if all are.
    """
    import numpy

    size = int(confusion.sum())
    random = numpy.random.default_rng(seed)
    cells = random.multinomial(size, confusion.ravel() / max(size, 1), replicates)
    values = statistic(cells.reshape(replicates, *confusion.shape))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all are NaN
        found: Array = numpy.nanpercentile(values, [2.5, 97.5], axis=0)
    return found


def mcnemar_p(only_first: int, only_second: int) -> float:
    """The p of McNemar's test (1947), two-sided and exact: a binomial test of the differences.

    `only_first`: documents that only the first model gets right; `only_second`: only the second.
    """
    from scipy.stats import binomtest

    total = only_first + only_second
    return float(binomtest(only_first, total).pvalue) if total else 1.0


def _right(confusion: "Array") -> "Array":
    import numpy

    found: Array = numpy.diagonal(confusion, axis1=-2, axis2=-1)
    return found


def _share(count: "Array", total: "Array", undefined: float = 0.0) -> "Array":
    import numpy

    count, total = numpy.asarray(count, float), numpy.asarray(total, float)
    found: Array = numpy.full_like(total, undefined)
    numpy.divide(count, total, out=found, where=total != 0)
    return found
