"""Where the nodes of a network are drawn."""

from korpus.networks.graph import seeded
from korpus.records import Network

_PULL = 0.4  # of the mean weight: how strongly all nodes are pulled together
_ROUNDS = 1500
_SLOW = 1000  # nodes

Position = tuple[float, float]


def layout(network: Network, *, seed: int = 0) -> list[Position]:
    """The position of each node, from 0 to 1 both ways. The same seed gives the same layout.

    Fruchterman & Reingold (1991) with weights. A node that is not drawn is tied weakly to all
    others, so that separate components stay near each other.
    """
    import igraph
    import numpy

    names = [row[0] for row in network.nodes.rows]
    if not names:
        return []
    number = {name: place for place, name in enumerate(names)}
    edges = [(number[row[0]], number[row[1]]) for row in network.edges.rows]
    weights = [float(row[2]) for row in network.edges.rows]
    mean = sum(weights) / len(weights) if weights else 1.0
    centre = len(names)
    graph = igraph.Graph(centre + 1, edges + [(node, centre) for node in range(centre)])
    pulls = [(weight / mean) ** 0.5 for weight in weights] + [_PULL] * centre
    angles = 2 * numpy.pi * numpy.arange(centre) / centre
    start = [*numpy.column_stack([numpy.cos(angles), numpy.sin(angles)]).tolist(), [0.0, 0.0]]
    with seeded(seed):
        found = graph.layout_fruchterman_reingold(
            weights=pulls,
            seed=start,
            niter=_ROUNDS if centre <= _SLOW else 200,
            grid="nogrid" if centre <= _SLOW else "grid",
        )
    places = numpy.array(found.coords[:centre])
    low, high = places.min(axis=0), places.max(axis=0)
    scaled = (places - low) / numpy.where(high > low, high - low, 1)
    scaled[:, high <= low] = 0.5
    return [(float(x), float(y)) for x, y in scaled]
