"""PageRank of the rows of a matrix of links."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import spmatrix

    Array = numpy.ndarray

DAMPING = 0.85


def pagerank(links: "spmatrix") -> "Array":
    """PageRank (Brin & Page 1998) with damping 0.85; the values sum to 1.

    `links`: weights of the links, from rows to columns. A row without links gives its part to all.
    """
    import igraph
    import numpy

    edges = links.tocoo()
    size = edges.shape[0]
    if not size:
        return numpy.zeros(0)
    graph = igraph.Graph(size, list(zip(edges.row.tolist(), edges.col.tolist(), strict=True)), True)
    found: Array = numpy.array(graph.pagerank(damping=DAMPING, weights=edges.data.tolist()))
    return found
