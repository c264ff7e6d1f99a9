"""The picture of collocations: a network of the words that occur near each other."""

from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.networks.edges import edge_graph
from korpus.networks.network import measured
from korpus.records import Record, Table
from korpus.views.plot_network import plot_network

if TYPE_CHECKING:
    import altair

_MOST_PAIRS = 150


def plot_collocations(
    table: Table, *, measure: str, direction: str = "both"
) -> "altair.TopLevelMixin":
    """Draw the first 150 pairs of a table of `collocations` as a network.

    `measure`: the column of the table that lines are wide by; pairs that occur together less often
    than expected are left out. `direction`: with right or left arrows go from the word that comes
    first. A term has its tag where its form has several.
    """
    rows = [row for row in table if row["count"] > row["expected"] and not _is_loop(row)]
    del rows[_MOST_PAIRS:]
    if not rows:
        raise KorpusError(_("there is nothing to draw: no pair is left"))
    tags: dict[str, set[str]] = {}
    for row in rows:
        for term, tag in (("term", "tag"), ("collocate", "collocate_tag")):
            tags.setdefault(row[term], set()).add(row[tag])

    def name(row: Record, term: str, tag: str) -> str:
        return f"{row[term]}/{row[tag]}" if len(tags[row[term]]) > 1 else str(row[term])

    edges = []
    least = min(row[measure] for row in rows)
    for row in rows:
        ends = [name(row, "term", "tag"), name(row, "collocate", "collocate_tag")]
        source, target = reversed(ends) if direction == "left" else ends
        weight = row[measure] if least > 0 else row[measure] - least + 0.01
        edges.append({"source": source, "target": target, "weight": weight})
    graph = edge_graph(edges, directed=direction != "both")
    return plot_network(measured(graph), title=_("Words that occur near each other"))


def _is_loop(row: Record) -> bool:
    """Whether a pair is the same term twice."""
    return (row["term"], row["tag"]) == (row["collocate"], row["collocate_tag"])
