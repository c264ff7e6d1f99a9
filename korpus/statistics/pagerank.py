"""PageRank of nodes by their links."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

DAMPING = 0.85


def pagerank(
    size: int, sources: Sequence[int], targets: Sequence[int], weights: Sequence[float]
) -> "Array":
    """PageRank (Brin & Page 1998) of `size` nodes with damping 0.85; the values sum to 1.

    `sources`, `targets`, `weights`: the links. A node without links gives its part to all.
    """
    import igraph
    import numpy

    if size < 2:
        return numpy.ones(size)
    graph = igraph.Graph(size, list(zip(sources, targets, strict=True)), directed=True)
    found: Array = numpy.array(graph.pagerank(damping=DAMPING, weights=weights))
    return found
