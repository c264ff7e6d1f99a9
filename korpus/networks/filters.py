"""Keep the edges that matter: a threshold, the strongest, or the backbone."""

import logging
import math
from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.errors import UsageError
from korpus.messages import _, plural
from korpus.networks.graph import Graph

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")


def check_filters(threshold: float | None, top_edges: int | None, backbone: float | None) -> None:
    """Raises UsageError for limits that `filtered` does not take."""
    if threshold is not None and not math.isfinite(threshold):
        raise UsageError(
            _("{option} {value} is not a number").format(option="--threshold", value=threshold)
        )
    check_least("--top-edges", top_edges, 1)
    if backbone is not None and not 0 < backbone < 1:
        raise UsageError(
            _("--backbone {value} is not between 0 and 1").format(value=f"{backbone:g}"),
            _("it is a level of significance, such as --backbone 0.05"),
        )


def filtered(
    graph: Graph,
    *,
    threshold: float | None = None,
    backbone: float | None = None,
    top_edges: int | None = None,
) -> Graph:
    """Keep edges: those of the backbone, then those from a threshold on, then the strongest.

    `threshold`: the least weight. `backbone`: the level of significance of the disparity filter.
    `top_edges`: their number; of equal weights the first. Nodes that lose all edges are left out.
    """
    check_filters(threshold, top_edges, backbone)
    import numpy

    kept = numpy.ones(len(graph.weights), dtype=bool)
    if backbone is not None:
        kept &= disparity(graph) < backbone
    if threshold is not None:
        kept &= graph.weights >= threshold
    if top_edges is not None:
        kept[numpy.flatnonzero(kept)[top_edges:]] = False
    if kept.all():
        return graph
    before = numpy.flatnonzero(_degrees(graph) > 0)
    found = graph.select_edges(kept)
    degrees = _degrees(found)
    message = _("%s kept of %s")
    logger.info(message, plural(len(found.weights), "edge"), f"{len(kept):,}")
    lonely = numpy.zeros(len(degrees), dtype=bool)
    lonely[before] = degrees[before] == 0
    if lonely.any():
        logger.info(_("%s without edges left out"), plural(int(lonely.sum()), "node"))
        found = found.select_nodes(numpy.flatnonzero(~lonely))
    return found


def disparity(graph: Graph) -> "Array":
    """The significance of each edge by the disparity filter, the smaller of its two ends.

    Serrano, Boguñá & Vespignani (2009), formula 2: for a node of degree k > 1 and strength s, an
    edge of weight w has (1 - w / s) ** (k - 1), the chance of such a share if the strength were
    split at random; 1 for k = 1. Directed: by what goes out of its source and into its target.
    """
    import numpy

    size = len(graph.names)
    ends = [(graph.sources, graph.sources), (graph.targets, graph.targets)]
    if not graph.is_directed:
        both = numpy.concatenate([graph.sources, graph.targets])
        ends = [(graph.sources, both), (graph.targets, both)]
    found = numpy.ones(len(graph.weights))
    for end, counted in ends:
        weights = numpy.resize(graph.weights, len(counted))
        degree = numpy.bincount(counted, minlength=size)
        strength = numpy.bincount(counted, weights, size)
        share = graph.weights / strength[end]
        found = numpy.minimum(found, (1 - share.clip(max=1)) ** (degree[end] - 1))
    return found


def _degrees(graph: Graph) -> "Array":
    import numpy

    size = len(graph.names)
    found = numpy.bincount(graph.sources, minlength=size)
    return found + numpy.bincount(graph.targets, minlength=size)


def strongest_nodes(graph: Graph, most: int) -> Graph:
    """The first nodes of a graph whose nodes are in order of weight; all with 0."""
    import numpy

    if not most or len(graph.names) <= most:
        return graph
    logger.info(
        _("%s kept of %s; --top-nodes 0 keeps all"), plural(most, "node"), f"{len(graph.names):,}"
    )
    return graph.select_nodes(numpy.arange(most))
