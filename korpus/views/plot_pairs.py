"""The picture of compare: a network of the documents that are similar."""

from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.networks.edges import edge_graph
from korpus.networks.network import measured
from korpus.records import Table
from korpus.views.plot_network import plot_network

if TYPE_CHECKING:
    import altair


def plot_pairs(table: Table, *, two_sources: bool = False) -> "altair.TopLevelMixin":
    """Draw the table of `compare` as a network, whose lines are as wide as documents are similar.

    `two_sources`: `a` and `b` are ids of two sources, which may have the same.
    Columns in: `a`, `b`, `similarity`.
    """
    names = ("A: {}", "B: {}") if two_sources else ("{}", "{}")
    edges = [
        {
            "source": names[0].format(row["a"]),
            "target": names[1].format(row["b"]),
            "weight": row["similarity"],
        }
        for row in table
        if row["similarity"] > 0
    ]
    if not edges:
        raise KorpusError(_("there is nothing to draw: no pair is left"))
    return plot_network(measured(edge_graph(edges)), title=_("Similar documents"))
