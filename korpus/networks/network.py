"""The stage network: tokens or edges → a network."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from korpus.checks import check_choice
from korpus.errors import UsageError
from korpus.messages import _, plural
from korpus.networks.edges import edge_graph
from korpus.networks.filters import check_filters, filtered, strongest_nodes
from korpus.networks.graph import Graph
from korpus.networks.measures import (
    DISTANCES,
    STEPS,
    communities,
    has_quick_paths,
    node_table,
    summary_table,
)
from korpus.networks.words import COUNT, check_words, group_graph, word_graph
from korpus.records import DocumentSource, Network, Row, Table
from korpus.tokens.cooccurrences import check_window
from korpus.tokens.pairs import BOTH

if TYPE_CHECKING:
    from korpus.tokens.placed import PlacedPart

logger = logging.getLogger("korpus")

WINDOW = "window"
_TOP_WORDS = 100


def network(
    documents: "DocumentSource | Iterable[PlacedPart]",
    *,
    edges: bool = False,
    directed: bool = False,
    unit: str | None = None,
    window: int | None = None,
    by: str | None = None,
    weight: str = "count",
    min_count: int = 1,
    top_nodes: int | None = None,
    threshold: float | None = None,
    top_edges: int | None = None,
    backbone: float | None = None,
    distance: str = STEPS,
    seed: int = 0,
) -> Network:
    """Make a network of words that occur together, or of an edge list, and measure it.

    Needs the whole input; holds the tokens as numbers, and the pairs.

    `edges`: the input is an edge list, see `edge_graph`; `directed`: its edges go from source to
    target. Else two words are tied if they share a `unit`: `document` (the default), `sentence`,
    `paragraph`, or `window`, where they are at most `window` tokens apart in one sentence (default:
    5; giving it chooses that unit). With `by`, a column, the network has two kinds of nodes, words
    and the values of the column; `id` ties words to documents.
    `weight`: `count`, the number of units with both (of pairs of tokens in a window; with `by`, of
    occurrences), or a measure of association: `pmi`, `npmi`, `cosine`, `jaccard`, `dice`, `g2`.
    Pairs with a weight of 0 or below make no edge. `min_count`: the least frequency of a word.
    `top_nodes`: only the most frequent words (default: 100), or of an edge list the nodes with the
    most weight (default: all); 0 keeps all. `threshold`, `top_edges`, `backbone`: which edges stay,
    see `filtered`. `distance`: between neighbours, for betweenness and closeness: 1 (`steps`), or
    1 / weight (`inverse`). `seed`: of the communities.

    Columns in: `tokens`, `tags`; or `source`, `target`, maybe `weight`. Out: edges `source`,
    `target`, `weight`, `count` (unless that is the weight); nodes: see `node_table`; summary: see
    `summary_table`. Raises UsageError for wrong options.
    """
    graph = network_graph(
        documents,
        edges=edges,
        directed=directed,
        unit=unit,
        window=window,
        by=by,
        weight=weight,
        min_count=min_count,
        top_nodes=top_nodes,
        threshold=threshold,
        top_edges=top_edges,
        backbone=backbone,
    )
    return measured(graph, distance=distance, seed=seed)


def network_graph(
    documents: "DocumentSource | Iterable[PlacedPart]",
    *,
    edges: bool = False,
    directed: bool = False,
    unit: str | None = None,
    window: int | None = None,
    by: str | None = None,
    weight: str = "count",
    min_count: int = 1,
    top_nodes: int | None = None,
    threshold: float | None = None,
    top_edges: int | None = None,
    backbone: float | None = None,
) -> Graph:
    """The graph of `network`, which see."""
    check_options(
        edges=edges,
        directed=directed,
        unit=unit,
        window=window,
        by=by,
        weight=weight,
        min_count=min_count,
        top_nodes=top_nodes,
        threshold=threshold,
        top_edges=top_edges,
        backbone=backbone,
    )
    chosen, width = unit_and_window(unit, window)
    most = (0 if edges else _TOP_WORDS) if top_nodes is None else top_nodes
    found: Any = documents
    if edges:
        graph = strongest_nodes(edge_graph(found, directed=directed), most)
    elif by is not None:
        graph = group_graph(found, by, weight=weight, min_count=min_count, top_nodes=most)
    else:
        graph = word_graph(
            found,
            unit=chosen,
            window=width,
            weight=weight,
            min_count=min_count,
            top_nodes=most,
        )
    return filtered(graph, threshold=threshold, backbone=backbone, top_edges=top_edges)


def check_options(
    *,
    edges: bool,
    directed: bool,
    unit: str | None,
    window: int | None,
    by: str | None,
    weight: str,
    min_count: int,
    top_nodes: int | None,
    threshold: float | None,
    top_edges: int | None,
    backbone: float | None,
) -> None:
    """Raises UsageError for wrong options of `network`, and those that contradict each other."""
    check_filters(threshold, top_edges, backbone)
    check_words(weight, min_count, top_nodes or 0)
    check_window(*unit_and_window(unit, window), BOTH)
    of_words = {
        "--unit": unit is not None,
        "--window": window is not None,
        "--weight": weight != COUNT,
        "--min-count": min_count > 1,
    }
    if directed and not edges:
        raise UsageError(
            _("--directed is for edge lists"),
            _("words that occur together have no direction"),
        )
    if edges and by is not None:
        raise UsageError(_("--by cannot be combined with --edges"))
    for option in (option for option, given in of_words.items() if edges and given):
        raise UsageError(
            _("{option} is for tokens, not for an edge list").format(option=option),
            _("the weights of an edge list are in its column weight"),
        )
    if by is not None and (of_words["--unit"] or of_words["--window"]):
        raise UsageError(
            _("--by cannot be combined with --unit or --window"),
            _("words are tied to the documents of each value"),
        )


def check_distance(distance: str) -> None:
    """Raises UsageError for an unknown distance."""
    check_choice("--distance", distance, DISTANCES)


def unit_and_window(unit: str | None, window: int | None) -> tuple[str, int]:
    """The unit and the window of `network`. Raises UsageError if they contradict each other."""
    if window is not None and unit not in (None, WINDOW):
        raise UsageError(
            _("--window cannot be combined with --unit {unit}").format(unit=unit),
            _("the unit of a window is window"),
        )
    default = "document" if window is None else WINDOW
    return unit or default, 5 if window is None else window


def measured(graph: Graph, *, distance: str = STEPS, seed: int = 0) -> Network:
    """A graph as a network with the tables of its measures; see `node_table`, `summary_table`.

    Where paths between all nodes would take long, measures of paths are empty, which is logged.
    """
    check_distance(distance)
    paths = has_quick_paths(graph)
    if not paths:
        logger.info(
            _(
                "%s with %s: betweenness, closeness, diameter and mean path are not computed; "
                "--top-nodes, --top-edges or --backbone make a smaller network"
            ),
            plural(len(graph.names), "node"),
            plural(len(graph.weights), "edge"),
        )
    parts = communities(graph, seed=seed)
    columns = ["source", "target", "weight", *graph.edge_columns]

    def rows() -> Iterable[Row]:
        names = graph.names
        ends = (map(names.__getitem__, end.tolist()) for end in (graph.sources, graph.targets))
        weights = graph.weights
        if (weights == weights.round()).all():
            weights = weights.astype(int)
        values = (column.tolist() for column in graph.edge_columns.values())
        return zip(*ends, weights.tolist(), *values, strict=True)

    summary = summary_table(graph, parts, paths=paths)
    _log_summary(dict(summary.rows))
    nodes = node_table(graph, parts, distance=distance, paths=paths)
    return Network(nodes, Table(columns, rows), summary, graph.is_directed)


def _log_summary(measures: dict[str, float | None]) -> None:
    density, modularity = (
        _("none") if (value := measures[name]) is None else f"{value:.3g}"
        for name in ("density", "modularity")
    )
    nodes, edges, components, communities = (
        int(measures[name] or 0) for name in ("nodes", "edges", "components", "communities")
    )
    logger.info(
        _("%s, %s, density %s, %s, communities: %s, modularity %s"),
        plural(nodes, "node"),
        plural(edges, "edge"),
        density,
        plural(components, "component"),
        communities,
        modularity,
    )
