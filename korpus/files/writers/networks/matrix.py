"""A network as a matrix, and as a workbook of its tables."""

from collections.abc import Iterator
from typing import BinaryIO

from korpus.files.writers import xlsx
from korpus.files.writers.networks.labels import modes
from korpus.records import Network, Row, Table


def matrix_table(network: Network) -> Table:
    """The adjacency matrix with the names of its rows and columns; 0 where there is no edge.

    A directed edge goes from its row to its column. Of two kinds of nodes, the first are the rows
    and the second the columns.
    """
    names = [row[0] for row in network.nodes.rows]
    kinds = modes(network)
    first = kinds[0] if kinds else 0
    number = {name: place for place, name in enumerate(names)}
    cells: dict[int, dict[int, float]] = {}
    for row in network.edges.rows:
        source, target = number[row[0]], number[row[1]] - first
        cells.setdefault(source, {})[target] = row[2]
        if not (network.is_directed or kinds):
            cells.setdefault(target, {})[source] = row[2]

    def rows() -> Iterator[Row]:
        for place, name in enumerate(names[: first or None]):
            line: list[float] = [0] * (len(names) - first)
            for column, weight in cells.get(place, {}).items():
                line[column] = weight
            yield name, *line

    return Table(["node", *names[first:]], rows)


def write_workbook(stream: BinaryIO, network: Network) -> None:
    """Write the sheets nodes, edges, matrix and network. Raises KorpusError if one is too large."""
    tables: dict[str | None, Table] = {"nodes": network.nodes, "edges": network.edges}
    tables |= {"matrix": matrix_table(network), "network": network.summary}
    xlsx.write_sheets(stream, tables)
