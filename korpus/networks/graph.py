"""Graphs as arrays: who is tied to whom, and how strongly."""

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from korpus.messages import _, plural

if TYPE_CHECKING:
    import igraph
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")


@dataclass
class Graph:
    """Nodes and weighted edges. No edge is there twice or ties a node to itself.

    `names`: of the nodes. `sources`, `targets`: int64, the nodes of each edge, as indices into
    `names`; if not `is_directed`, sources are smaller. `weights`: float64, above 0; the strongest
    edge comes first. `node_columns`, `edge_columns`: further values of each, such as `frequency`
    and `count`. With two kinds of nodes, `node_columns` has their `mode`.
    """

    names: list[str]
    sources: "Array"
    targets: "Array"
    weights: "Array"
    is_directed: bool = False
    node_columns: "dict[str, Array | list[str]]" = field(default_factory=dict)
    edge_columns: dict[str, "Array"] = field(default_factory=dict)

    def to_igraph(self) -> "igraph.Graph":
        """The same as a graph of igraph, without names and weights."""
        import igraph
        import numpy

        edges = numpy.column_stack([self.sources, self.targets])
        return igraph.Graph(len(self.names), edges.tolist(), directed=self.is_directed)

    def select_edges(self, kept: "Array") -> "Graph":
        """The edges where `kept` (a mask, or indices in order), with all nodes."""
        return Graph(
            self.names,
            self.sources[kept],
            self.targets[kept],
            self.weights[kept],
            self.is_directed,
            self.node_columns,
            {name: values[kept] for name, values in self.edge_columns.items()},
        )

    def select_nodes(self, order: "Array") -> "Graph":
        """The nodes with these indices, in this order, and the edges between them."""
        import numpy

        rank = numpy.full(len(self.names), -1, numpy.int64)
        rank[order] = numpy.arange(len(order))
        sources, targets = rank[self.sources], rank[self.targets]
        if not self.is_directed:
            sources, targets = numpy.minimum(sources, targets), numpy.maximum(sources, targets)
        chosen = numpy.flatnonzero((sources >= 0) & (targets >= 0))
        chosen = chosen[numpy.lexsort((targets[chosen], sources[chosen], -self.weights[chosen]))]
        return Graph(
            [self.names[number] for number in order],
            sources[chosen],
            targets[chosen],
            self.weights[chosen],
            self.is_directed,
            {name: _chosen(values, order) for name, values in self.node_columns.items()},
            {name: values[chosen] for name, values in self.edge_columns.items()},
        )


def _chosen(values: "Array | list[str]", order: "Array") -> "Array | list[str]":
    return [values[place] for place in order] if isinstance(values, list) else values[order]


def merged(
    names: list[str], sources: "Array", targets: "Array", weights: "Array", *, is_directed: bool
) -> Graph:
    """A graph of edges that may repeat: their weights are added up. Loops are left out.

    Edges of weight 0 are left out too. Logs what was left out or added up. Ties in the order of
    edges are broken by the order of `names`.
    """
    import numpy

    loops, empty = sources == targets, weights == 0
    if count := int(loops.sum()):
        logger.info(_("%s from a node to itself left out"), plural(count, "edge"))
    if count := int((empty & ~loops).sum()):
        logger.info(_("%s of weight 0 left out"), plural(count, "edge"))
    kept = ~(loops | empty)
    sources, targets, weights = sources[kept], targets[kept], weights[kept]
    if not is_directed:
        sources, targets = numpy.minimum(sources, targets), numpy.maximum(sources, targets)
    pairs, codes = numpy.unique(sources * len(names) + targets, return_inverse=True)
    totals = numpy.bincount(codes, weights, len(pairs)).astype(float)
    if count := len(sources) - len(pairs):
        logger.info(_("%s: weights are added up"), plural(count, "repeated edge"))
    order = numpy.lexsort((pairs, -totals))
    size = max(len(names), 1)
    return Graph(
        names, pairs[order] // size, pairs[order] % size, totals[order], is_directed=is_directed
    )


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let igraph take its random numbers from a generator of this seed."""
    import random

    import igraph

    igraph.set_random_number_generator(random.Random(seed))
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def is_weight(value: float) -> bool:
    """Whether a number can be a weight: 0 or above, and so large that 1 / weight is a number."""
    return value == 0 or (math.isfinite(value) and value > 1e-300)
