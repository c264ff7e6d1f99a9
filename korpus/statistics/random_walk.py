"""Shares that change little from one period to the next."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_MOST_STEP = 2.0  # of a logarithm in one step of Newton's method


def random_walk(counts: "Array", start: "Array", variance: float, steps: int = 3) -> "Array":
    """Logarithms of shares whose steps from period to period are normal with `variance`.

    The mode of the posterior: multinomial counts with shares softmax(β_t), and β_t − β_{t−1} ~
    N(0, variance · I) (Blei & Lafferty 2006, Dynamic Topic Models), by Newton's method. In the
    Hessian the covariance of the shares is left out, which only makes steps shorter; a system of
    equations is then tridiagonal per column.

    `counts`: periods × terms, not negative. `start`: logarithms to begin with, of the same shape.
    A period without counts lies between its neighbours.
    """
    import numpy

    found = start
    totals = counts.sum(axis=1, keepdims=True)
    periods = len(counts)
    pull = numpy.full((periods, 1), 2 / variance)
    pull[[0, -1]] = 1 / variance if periods > 1 else 0.0
    for _step in range(steps):
        shares = numpy.exp(found - found.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        jumps = numpy.diff(found, axis=0) / variance
        gradient = counts - totals * shares
        gradient[:-1] += jumps
        gradient[1:] -= jumps
        diagonal = totals * shares + pull + 1e-9
        step = _tridiagonal(diagonal, -1 / variance, gradient)
        found = found + numpy.clip(step, -_MOST_STEP, _MOST_STEP)
    return found


def _tridiagonal(diagonal: "Array", beside: float, right: "Array") -> "Array":
    """Solve tridiagonal systems, one per column, by Thomas's algorithm."""
    import numpy

    upper, solution = numpy.empty_like(right), numpy.empty_like(right)
    upper[0], solution[0] = beside / diagonal[0], right[0] / diagonal[0]
    for row in range(1, len(right)):
        pivot = diagonal[row] - beside * upper[row - 1]
        upper[row] = beside / pivot
        solution[row] = (right[row] - beside * solution[row - 1]) / pivot
    for row in range(len(right) - 2, -1, -1):
        solution[row] -= upper[row] * solution[row + 1]
    return solution
