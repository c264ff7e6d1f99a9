"""Linear models of weighted features: their weights, fits, scores and probabilities."""

import logging
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from korpus.messages import _
from korpus.models.weighting import Weighting

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_TOLERANCE = 0.01  # of the fit; ten times finer changes no accuracy in the third digit


@dataclass
class Fit:
    """A fitted linear model.

    `weights`: float64, per feature. `coef`: float64, one row (of the second class against the
    first) or a row per class, × features; `intercept`: float64, one per row.
    """

    weights: "Array"
    coef: "Array"
    intercept: "Array"

    def scores(self, matrix: "csr_matrix") -> "Array":
        """The scores of documents, given as their features: documents × rows of `coef`."""
        found: Array = weighted(matrix, self.weights) @ self.coef.T + self.intercept
        return found


def weighted(matrix: "csr_matrix", weights: "Array") -> "csr_matrix":
    """Features times weights, each row scaled to length 1."""
    return Weighting().weigh(matrix, weights)[1]


def fit(
    matrix: "csr_matrix", truth: "Array", classes: int, *, c: float, balanced: bool, seed: int
) -> Fit:
    """Fit a linear support vector machine to features weighted by log-count ratios and idf.

    Wang & Manning (2012), Baselines and bigrams, multiply features by the log-count ratio of naive
    Bayes; here they are also multiplied by idf, and rows have length 1. Of more than two classes
    each is set against all others, and a feature has the largest of its ratios. Signs do not matter
    here: the coefficients have them. `c`: the inverse of the regularisation. `balanced`: weigh
    documents so that all classes count as much.
    """
    import numpy
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    df = numpy.bincount(matrix.indices, minlength=matrix.shape[1])
    idf = Weighting().idf_of(df, matrix.shape[0])
    weights = idf * log_count_ratios(matrix, truth, classes).max(axis=0)
    machine = LinearSVC(
        C=c,
        class_weight="balanced" if balanced else None,
        tol=_TOLERANCE,
        max_iter=10_000,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        machine.fit(weighted(matrix, weights), truth)
    if machine.n_iter_ >= machine.max_iter:
        logger.warning(_("the fit of the classifier did not come to an end: lower --c"))
    return Fit(weights, machine.coef_, machine.intercept_)


def log_count_ratios(matrix: "csr_matrix", truth: "Array", classes: int) -> "Array":
    """How much each class sets a feature apart: |log(p / q)|, classes × features.

    p and q are the shares of the feature among all features of the class and of all other classes,
    each count plus 1.
    """
    import numpy

    sizes, width = numpy.diff(matrix.indptr), matrix.shape[1]
    total = numpy.bincount(matrix.indices, minlength=width)
    found = []
    for number in range(1 if classes == 2 else classes):
        is_inside = numpy.repeat(truth == number, sizes)
        inside = numpy.bincount(matrix.indices[is_inside], minlength=width) + 1.0
        outside = total + 2.0 - inside
        found.append(abs(numpy.log(inside / inside.sum()) - numpy.log(outside / outside.sum())))
    return numpy.array(found)


def classes_of(scores: "Array") -> "Array":
    """The number of the class that scores speak for; of equal ones the first."""
    import numpy

    if scores.shape[1] == 1:
        return (scores[:, 0] > 0).astype(numpy.int64)
    found: Array = scores.argmax(axis=1)
    return found


def probabilities(scores: "Array", temperature: float) -> "Array":
    """The probabilities of classes: softmax of the scores divided by the temperature."""
    import numpy
    from scipy.special import softmax

    if scores.shape[1] == 1:
        scores = numpy.hstack([numpy.zeros_like(scores), scores])
    found: Array = softmax(scores / temperature, axis=1)
    return found


def temperature_of(scores: "Array", truth: "Array") -> float:
    """The temperature that makes the true classes of other documents likeliest.

    Guo, Pleiss, Sun & Weinberger (2017), On calibration of modern neural networks.
    """
    from scipy.optimize import minimize_scalar

    from korpus.statistics.classification import log_losses

    def loss(logarithm: float) -> float:
        return float(log_losses(probabilities(scores, 10.0**logarithm), truth).mean())

    return float(10.0 ** minimize_scalar(loss, bounds=(-2, 2), method="bounded").x)
