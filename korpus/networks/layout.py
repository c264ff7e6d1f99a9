"""Where the nodes of a network are drawn."""

from korpus.networks.graph import seeded

_PULL = 0.4  # of the mean weight: how strongly all nodes are pulled together
_ROUNDS = 1500

Position = tuple[float, float]


def layout(
    names: list[str], edges: list[tuple[str, str, float]], *, seed: int = 0
) -> list[Position]:
    """The position of each node, from 0 to 1 both ways. The same seed gives the same.

    `names`: of some hundred nodes. `edges`: source, target and weight, by names.

    Fruchterman & Reingold (1991) with weights. A node that is not drawn is tied weakly to all
    others, so that separate components stay near each other.
    """
    import igraph
    import numpy

    if not names:
        return []
    number = {name: place for place, name in enumerate(names)}
    pairs = [(number[source], number[target]) for source, target, _weight in edges]
    weights = [weight for _source, _target, weight in edges]
    mean = sum(weights) / len(weights) if weights else 1.0
    centre = len(names)
    graph = igraph.Graph(centre + 1, pairs + [(node, centre) for node in range(centre)])
    pulls = [(weight / mean) ** 0.5 for weight in weights] + [_PULL] * centre
    angles = 2 * numpy.pi * numpy.arange(centre) / centre
    start = [*numpy.column_stack([numpy.cos(angles), numpy.sin(angles)]).tolist(), [0.0, 0.0]]
    with seeded(seed):
        found = graph.layout_fruchterman_reingold(
            weights=pulls,
            seed=start,
            niter=_ROUNDS,
            grid="nogrid",
        )
    places = numpy.array(found.coords[:centre])
    low, high = places.min(axis=0), places.max(axis=0)
    scaled = (places - low) / numpy.where(high > low, high - low, 1)
    scaled[:, high <= low] = 0.5
    return [(float(x), float(y)) for x, y in scaled]
