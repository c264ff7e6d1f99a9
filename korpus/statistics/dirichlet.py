"""Draws from Dirichlet distributions."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


def dirichlet(parameters: "Array", generator: "numpy.random.Generator") -> "Array":
    """One draw per row: gamma variates divided by their sum.

    `parameters`: rows × k, not negative. A row is zeros where all variates underflow to 0.
    """
    found: Array = generator.standard_gamma(parameters)
    sums = found.sum(axis=1, keepdims=True)
    found /= sums + (sums == 0)
    return found
