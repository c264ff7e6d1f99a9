"""Regression whose coefficients are drawn to 0 as far as the data say (Bayesian ridge)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_UPDATES, _TOLERANCE = 1000, 1e-10


def shrunk_regression(design: "Array", outcomes: "Array") -> "Array":
    """Coefficients, columns × outcomes, of several outcomes (rows × outcomes), each by itself.

    `design`: rows × columns; the first is the intercept, which is free. The coefficients of the
    others, scaled to a standard deviation of 1, have a normal prior of mean 0 and precision λ, with
    λ ~ Gamma(1/2, 1/2). λ and the precision of the residuals are those of the largest evidence
    (MacKay 1992; Tipping 2001), found by EM.
    """
    import numpy

    means, middle = design[:, 1:].mean(axis=0), outcomes.mean(axis=0)
    scales = design[:, 1:].std(axis=0)
    scaled = (design[:, 1:] - means) / numpy.where(scales > 0, scales, 1)
    apart = outcomes - middle
    rows, columns = scaled.shape
    if not columns or not outcomes.shape[1]:
        return numpy.vstack([middle, numpy.zeros((columns, len(middle)))])
    lengths, axes = numpy.linalg.eigh(scaled.T @ scaled)
    lengths = numpy.maximum(lengths, 0)[:, None]
    products, squares = axes.T @ (scaled.T @ apart), (apart**2).sum(axis=0)
    noise, pull = rows / (squares + 1e-12), numpy.ones(len(middle))
    for _update in range(_UPDATES):
        precision = noise * lengths + pull
        found = noise * products / precision
        residual = squares - 2 * (found * products).sum(axis=0) + (lengths * found**2).sum(axis=0)
        spread = (lengths / precision).sum(axis=0)
        before = pull
        noise = rows / (numpy.maximum(residual, 0) + spread + 1e-12)
        pull = (columns + 1) / ((found**2).sum(axis=0) + (1 / precision).sum(axis=0) + 1)
        if (abs(pull - before) <= _TOLERANCE * pull).all():
            break
    slopes = axes @ found / numpy.where(scales > 0, scales, 1)[:, None]
    return numpy.vstack([middle - means @ slopes, slopes])
