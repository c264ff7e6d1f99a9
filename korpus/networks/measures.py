"""Measures of nodes and of whole networks, by igraph."""

import math
import warnings
from collections import Counter
from typing import TYPE_CHECKING

from korpus.networks.graph import Graph, seeded
from korpus.records import Row, Table

if TYPE_CHECKING:
    import igraph
    import numpy

    Array = numpy.ndarray

# Paths of all pairs take nodes × edges steps; above this, they are not computed unasked.
_MANY_STEPS = 300_000_000
_NOISE = 1e-12  # of an eigenvector whose greatest value is 1
STEPS, INVERSE = DISTANCES = ("steps", "inverse")


def has_quick_paths(graph: Graph) -> bool:
    """Whether the paths between all nodes are found within seconds."""
    return len(graph.names) * len(graph.weights) <= _MANY_STEPS


def communities(graph: Graph, *, seed: int = 0) -> list[int]:
    """The community of each node, from 1, the largest first.

    Leiden algorithm (Traag, Waltman & van Eck 2019) for modularity, repeated until it changes
    nothing. Directions are ignored: the weights of both are added up.
    """
    found = graph.to_igraph()
    found.es["weight"] = graph.weights.tolist()
    if graph.is_directed:
        found = found.as_undirected(combine_edges="sum")
    with seeded(seed):
        parts = found.community_leiden("modularity", weights="weight", n_iterations=-1).membership
    members: dict[int, list[int]] = {}
    for node, part in enumerate(parts):
        members.setdefault(part, []).append(node)
    ranked = sorted(members.values(), key=lambda nodes: (-len(nodes), nodes[0]))
    numbers = [0] * len(parts)
    for number, nodes in enumerate(ranked, 1):
        for node in nodes:
            numbers[node] = number
    return numbers


def node_table(
    graph: Graph, parts: list[int], *, distance: str = STEPS, paths: bool = True
) -> Table:
    """The table of nodes with their centralities.

    `parts`: the community of each node. `distance`: between two neighbours, 1 (`steps`) or
    1 / weight (`inverse`). `paths`: whether betweenness and closeness are computed, which takes
    nodes × edges steps.

    Columns: `node`; those of `graph.node_columns`, such as `frequency`; `degree`, the number of
    edges (directed: also `in_degree`, `out_degree`); `strength`, the sum of their weights;
    `degree_centrality`, degree / (n - 1); `betweenness` (Freeman 1977), the share of shortest paths
    between two others that lead through the node, 0 to 1; `closeness`, of the nodes that it can be
    reached from, their number divided by the sum of their distances, times their share of all
    others (Wasserman & Faust 1994, p. 201), so that it is defined for separate components and 0
    for a node without edges (with two kinds of nodes each of the three is divided by the most that
    a node of its kind can have, Borgatti & Everett 1997); `eigenvector` (Bonacich 1972), scaled to
    a sum of squares of 1, 0 outside the component with the largest eigenvalue; `pagerank` (Brin &
    Page 1998), damping 0.85;
    `clustering` (Watts & Strogatz 1998), the share of pairs of neighbours that are neighbours,
    without directions and weights; `community`.
    """
    import numpy

    net, size = graph.to_igraph(), len(graph.names)
    kinds = _kinds(graph)
    weights = graph.weights.tolist()
    distances = [1 / weight for weight in weights] if distance == INVERSE else [1.0] * len(weights)
    degree = net.degree()
    ways = [net.indegree(), net.outdegree()] if graph.is_directed else []
    unknown: list[None] = [None] * size
    known = ["mode", "frequency"]
    known = [name for name in known if name in graph.node_columns]
    values = (
        graph.names,
        *(graph.node_columns[name] for name in known),
        degree,
        *ways,
        net.strength(weights=weights) if weights else [0.0] * size,
        [number / max(most, 1) for number, (_own, most) in zip(degree, kinds, strict=True)],
        _betweenness(net, distances, kinds) if paths else unknown,
        _closeness(net, distances, kinds) if paths else unknown,
        _eigenvector(net, weights),
        net.pagerank(weights=weights) if size else [],
        net.as_undirected().transitivity_local_undirected(mode="zero"),
        parts,
    )
    rows: list[Row] = [
        tuple(value.item() if isinstance(value, numpy.generic) else value for value in row)
        for row in zip(*values, strict=True)
    ]
    directions = ["in_degree", "out_degree"] if ways else []
    measures = ["betweenness", "closeness", "eigenvector", "pagerank", "clustering", "community"]
    centrality = "degree_centrality"
    columns = ["node", *known, "degree", *directions, "strength", centrality, *measures]
    return Table(columns, lambda: rows)


def summary_table(graph: Graph, parts: list[int], *, paths: bool = True) -> Table:
    """The table of a network: `measure`, `value`.

    `nodes`, `edges`; `density`, edges / possible edges (of two kinds of nodes: between the kinds);
    `mean_degree`; `components`, parts without edges between them; `largest_component`, its nodes;
    `isolates`, nodes without edges; `diameter` and `mean_path`, the longest and the mean number of
    edges of the shortest paths between nodes that are connected; `clustering`, the mean of the
    nodes; `transitivity`, the share of connected triples that are closed; `reciprocity` of a
    directed network; `communities` and their `modularity` (Newman 2006; directed: without
    directions). A measure of no edges or no nodes is empty.
    """
    net, size, count = graph.to_igraph(), len(graph.names), len(graph.weights)
    components = net.connected_components(mode="weak").sizes()
    undirected = net.as_undirected()
    known = paths and count > 0
    measures: dict[str, float | None] = {
        "nodes": size,
        "edges": count,
        "density": _density(graph),
        "mean_degree": sum(net.degree()) / size if size else None,
        "components": len(components),
        "largest_component": max(components, default=0),
        "isolates": net.degree().count(0),
        "diameter": net.diameter() if known else None,
        "mean_path": net.average_path_length() if known else None,
        "clustering": undirected.transitivity_avglocal_undirected(mode="zero") if size else None,
        "transitivity": undirected.transitivity_undirected(),
    }
    if graph.is_directed:
        measures["reciprocity"] = net.reciprocity() if count else None
    measures["communities"] = max(parts, default=0)
    net.es["weight"] = graph.weights.tolist()
    whole = net.as_undirected(combine_edges="sum") if graph.is_directed else net
    measures["modularity"] = whole.modularity(parts, weights="weight") if count else None
    rows = [(name, _known(value)) for name, value in measures.items()]
    return Table(["measure", "value"], lambda: rows)


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def _density(graph: Graph) -> float | None:
    size, modes = len(graph.names), graph.node_columns.get("mode")
    if modes is not None:
        first = sum(mode == modes[0] for mode in modes)
        possible = float(first * (size - first))
    else:
        possible = size * (size - 1) / (1 if graph.is_directed else 2)
    return len(graph.weights) / possible if possible else None


def _kinds(graph: Graph) -> list[tuple[int, int]]:
    """Of each node, how many are of its kind, and how many it could be tied to.

    One kind of nodes: 0, and all others.
    """
    size, modes = len(graph.names), graph.node_columns.get("mode")
    if modes is None:
        return [(0, size - 1)] * size
    counts = Counter(modes)
    return [(counts[mode], size - counts[mode]) for mode in modes]


def _betweenness(
    net: "igraph.Graph", distances: list[float], kinds: list[tuple[int, int]]
) -> list[float]:
    size = net.vcount()
    pairs = (size - 1) * (size - 2) / (1 if net.is_directed() else 2)
    most = {kind: _most_between(*kind) if kind[0] else pairs for kind in set(kinds)}
    return [
        value / most[kind] if most[kind] > 0 else 0.0
        for value, kind in zip(net.betweenness(weights=distances), kinds, strict=True)
    ]


def _most_between(own: int, other: int) -> float:
    """The greatest betweenness of one of `own` nodes that are tied to `other` nodes only.

    Borgatti & Everett (1997), Network analysis of 2-mode data, Social Networks 19 (3).
    """
    if not other:
        return 0.0
    s, t = divmod(own - 1, other)
    pairs = other**2 * (s + 1) ** 2 + other * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)
    return pairs / 2


def _closeness(
    net: "igraph.Graph", distances: list[float], kinds: list[tuple[int, int]]
) -> list[float]:
    """Borgatti & Everett (1997): 1 step to each node of the other kind, 2 to each of its own."""
    size = net.vcount()
    if size < 2 or not distances:
        return [0.0] * size
    reached = net.neighborhood_size(order=size, mode="in")
    near = net.closeness(mode="in", weights=distances, normalized=True)
    return [
        0.0 if count < 2 else value * (2 * (own - 1) + other if own else count - 1) / (size - 1)
        for value, count, (own, other) in zip(near, reached, kinds, strict=True)
    ]


def _eigenvector(net: "igraph.Graph", weights: list[float]) -> list[float]:
    if not weights:
        return [0.0] * net.vcount()
    with seeded(0), warnings.catch_warnings():  # ARPACK starts with random numbers
        warnings.simplefilter("ignore")  # of a directed graph without circles, whose values are 0
        found = net.eigenvector_centrality(weights=weights)
    length = math.sqrt(sum(value * value for value in found))
    return [value / length if length and value > _NOISE else 0.0 for value in found]
