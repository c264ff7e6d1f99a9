"""The stage concor: blocks of nodes with similar ties."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from korpus.errors import KorpusError, UsageError
from korpus.messages import _, plural
from korpus.networks.graph import Graph
from korpus.networks.halves import halved
from korpus.networks.network import network_graph
from korpus.records import DocumentSource, Record, Row, Table

if TYPE_CHECKING:
    import numpy

    from korpus.tokens.placed import PlacedPart

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_MOST_NODES = 5000  # the matrix of correlations is dense
NAMED_BY = 3  # words


@dataclass
class Blocks:
    """The blocks of a network. Iterating gives the rows of `members`.

    `members`: `block`, `name` (its nodes with the most weight), `node`, the other columns of nodes,
    `degree` and `strength`. `density`: per block `block`, `name`, `nodes`, and a column per block
    with the mean weight of the ties to it. `image`: the same with 1 where that is above the
    mean of all, else 0. `summary`: `measure`, `value`. `splits`: the first split in two, as block
    numbers in nested pairs: [[1, 2], [3, 4]].
    """

    members: Table
    density: Table
    image: Table
    summary: Table
    splits: list[Any]

    def __iter__(self) -> Iterator[Record]:
        return iter(self.members)

    def _repr_html_(self) -> str:
        tables = (self.summary, self.density, self.members)
        return "".join(table._repr_html_() for table in tables)


def concor(
    documents: "DocumentSource | Iterable[PlacedPart]",
    *,
    blocks: int = 4,
    edges: bool = False,
    directed: bool = False,
    unit: str | None = None,
    window: int | None = None,
    weight: str = "count",
    min_count: int = 1,
    top_nodes: int | None = None,
    threshold: float | None = None,
    top_edges: int | None = None,
    backbone: float | None = None,
) -> Blocks:
    """Divide a network into blocks of nodes with similar ties (CONCOR, 구조적 등위성).

    Needs the whole input. Breiger, Boorman & Arabie (1975): the columns of the adjacency matrix, on
    top of its transpose if the network is directed, are correlated (without the diagonal), then the
    columns of these correlations, and so on until all are 1 or -1, which makes two blocks. Each is
    divided the same way by its own columns of the first matrix, until there are `blocks` (2, 4,
    8 …), or none can be divided: nodes with equal ties stay together.

    For the other options, which make the network, see `network`. Nodes without edges are left out.

    The density of two blocks is the mean weight over all pairs of their nodes, also those without
    an edge, not counting the diagonal. R² is the squared correlation of the matrix and of the same
    matrix with each cell replaced by the density of its blocks.
    Columns in: as `network`. Out: see `Blocks`. Raises UsageError for wrong options, KorpusError
    for a network without edges or of more than 5,000 nodes.
    """
    check_blocks(blocks)
    graph = network_graph(
        documents,
        edges=edges,
        directed=directed,
        unit=unit,
        window=window,
        weight=weight,
        min_count=min_count,
        top_nodes=top_nodes,
        threshold=threshold,
        top_edges=top_edges,
        backbone=backbone,
    )
    return graph_blocks(graph, blocks)


def check_blocks(blocks: int) -> None:
    """Raises UsageError for a number of blocks that halving does not give."""
    if blocks < 2 or blocks & (blocks - 1):
        raise UsageError(
            _("--blocks {count} is not 2, 4, 8 or 16 …").format(count=blocks),
            _("CONCOR halves each block: choose a power of 2"),
        )


def graph_blocks(graph: Graph, blocks: int) -> Blocks:
    """The blocks of a graph; see `concor`."""
    import numpy

    tied = numpy.unique(numpy.concatenate([graph.sources, graph.targets]))
    if len(tied) < 2:
        raise KorpusError(
            _("the network has no edges, so there are no blocks"),
            _("lower --threshold or --min-count, or give more documents"),
        )
    if len(tied) > _MOST_NODES:
        raise KorpusError(
            _("CONCOR takes at most {limit} nodes, and the network has {count}").format(
                limit=f"{_MOST_NODES:,}", count=f"{len(tied):,}"
            ),
            _("choose the most frequent words with --top-nodes"),
        )
    if lonely := len(graph.names) - len(tied):
        logger.info(_("%s without edges left out"), plural(lonely, "node"))
        graph = graph.select_nodes(tied)
    matrix = adjacency(graph)
    parts: list[Array] = []
    splits = _divided(matrix, numpy.arange(len(graph.names)), blocks, parts)
    if len(parts) < blocks:
        logger.warning(
            _("%s instead of %s: the others hold nodes with equal ties, or one node"),
            plural(len(parts), "block"),
            blocks,
        )
    return _tables(graph, matrix, parts, splits)


def adjacency(graph: Graph) -> "Array":
    """The adjacency matrix: float64, rows are sources."""
    import numpy

    matrix = numpy.zeros((len(graph.names), len(graph.names)))
    matrix[graph.sources, graph.targets] = graph.weights
    if not graph.is_directed:
        matrix[graph.targets, graph.sources] = graph.weights
    return matrix


def _divided(matrix: "Array", nodes: "Array", blocks: int, parts: "list[Array]") -> Any:
    """Divide nodes into blocks, add these to `parts`, and return their numbers as nested pairs."""
    halves = halved(matrix, nodes) if blocks > 1 and len(nodes) > 1 else None
    if halves is None:
        parts.append(nodes)
        return len(parts)
    return [_divided(matrix, nodes[half], blocks // 2, parts) for half in (halves, ~halves)]


def _tables(graph: Graph, matrix: "Array", parts: "list[Array]", splits: Any) -> Blocks:
    import numpy

    strength = matrix.sum(axis=0) + (matrix.sum(axis=1) if graph.is_directed else 0)
    degree = (matrix > 0).sum(axis=0) + ((matrix > 0).sum(axis=1) if graph.is_directed else 0)
    parts = [part[numpy.argsort(-strength[part], kind="stable")] for part in parts]
    names = [", ".join(graph.names[node] for node in part[:NAMED_BY]) for part in parts]
    known = ["mode", "frequency"]
    known = [name for name in known if name in graph.node_columns]
    members: list[Row] = []
    for number, (name, part) in enumerate(zip(names, parts, strict=True), 1):
        for node in part.tolist():
            values = [_plain(graph.node_columns[name][node]) for name in known]
            ties = int(degree[node]), float(strength[node])
            members.append((number, name, graph.names[node], *values, *ties))
    density = densities(matrix, parts)
    size = len(graph.names)
    overall = float(matrix.sum() / (size * (size - 1)))
    image = [[None if value is None else int(value > overall) for value in row] for row in density]
    fit = r_squared(matrix, parts, density)
    logger.info(
        _("%s of %s, density %s, R² %s"),
        plural(len(parts), "block"),
        plural(size, "node"),
        f"{overall:.3g}",
        _("none") if fit is None else f"{fit:.3f}",
    )
    summary: list[Row] = [
        ("nodes", size),
        ("blocks", len(parts)),
        ("density", overall),
        ("r_squared", fit),
    ]
    columns = ["block", "name", "node", *known, "degree", "strength"]
    return Blocks(
        Table(columns, lambda: members),
        _block_table(names, parts, density),
        _block_table(names, parts, image),
        Table(["measure", "value"], lambda: summary),
        splits if isinstance(splits, list) else [splits],
    )


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _block_table(names: list[str], parts: "list[Array]", cells: list[list[Any]]) -> Table:
    rows: list[Row] = [
        (number, name, len(part), *row)
        for number, (name, part, row) in enumerate(zip(names, parts, cells, strict=True), 1)
    ]
    numbers = [str(number) for number in range(1, len(parts) + 1)]
    return Table(["block", "name", "nodes", *numbers], lambda: rows)


def densities(matrix: "Array", parts: "list[Array]") -> list[list[float | None]]:
    """The mean of the cells of each pair of blocks without the diagonal; None for no cells."""

    def mean(rows: "Array", columns: "Array") -> float | None:
        cells = len(rows) * len(columns) - (len(rows) if rows is columns else 0)
        return float(matrix[rows[:, None], columns].sum()) / cells if cells else None

    return [[mean(rows, columns) for columns in parts] for rows in parts]


def r_squared(
    matrix: "Array", parts: "list[Array]", density: list[list[float | None]]
) -> float | None:
    """The squared correlation of a matrix and its blocks' densities; None if one is constant."""
    import numpy

    block_of = numpy.empty(len(matrix), int)
    for number, part in enumerate(parts):
        block_of[part] = number
    means = numpy.array([[0.0 if x is None else x for x in row] for row in density])
    off = ~numpy.eye(len(matrix), dtype=bool)
    observed, ideal = matrix[off], means[block_of[:, None], block_of][off]
    if numpy.ptp(observed) == 0 or numpy.ptp(ideal) == 0:
        return None
    return float(numpy.corrcoef(observed, ideal)[0, 1] ** 2)
