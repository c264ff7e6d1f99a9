"""Draw at random by probabilities."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


def drawn(
    probabilities: "Array", temperature: float, top: int | None, dice: "numpy.random.Generator"
) -> int | None:
    """The number of one of the `top` likeliest, drawn at random; None if all are impossible.

    `temperature`: what the logarithms are divided by: below 1, likely ones are drawn more often.
    """
    import numpy

    order = numpy.argsort(-probabilities, kind="stable")[:top]
    weights = probabilities[order]
    if not len(weights) or not weights[0]:
        return None
    sums = numpy.cumsum((weights / weights[0]) ** (1 / temperature))
    return int(order[numpy.searchsorted(sums, dice.random() * sums[-1], side="right")])
