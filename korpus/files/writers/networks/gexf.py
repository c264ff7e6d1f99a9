"""GEXF 1.2, for Gephi."""

from typing import BinaryIO

from korpus.files.writers.networks.xml import type_name, xml_text
from korpus.files.writers.text import text_stream
from korpus.records import Network, Row, Table

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">
"""


def write(stream: BinaryIO, network: Network) -> None:
    """Write a network. The names of nodes are their labels; the other columns are attributes."""
    nodes, edges = list(network.nodes.rows), list(network.edges.rows)
    number = {row[0]: place for place, row in enumerate(nodes)}
    with text_stream(stream) as text:
        text.write(_HEAD)
        default = "directed" if network.is_directed else "undirected"
        text.write(f'  <graph mode="static" defaultedgetype="{default}">\n')
        text.write(_attributes("node", network.nodes, nodes, 1))
        text.write(_attributes("edge", network.edges, edges, 3))
        text.write("    <nodes>\n")
        for place, row in enumerate(nodes):
            label = xml_text(row[0])
            text.write(f'      <node id="{place}" label="{label}">{_values(row, 1)}</node>\n')
        text.write("    </nodes>\n    <edges>\n")
        for place, row in enumerate(edges):
            ends = f'source="{number[row[0]]}" target="{number[row[1]]}"'
            text.write(
                f'      <edge id="{place}" {ends} weight="{row[2]}">{_values(row, 3)}</edge>\n'
            )
        text.write("    </edges>\n  </graph>\n</gexf>\n")


def _attributes(kind: str, table: Table, rows: list[Row], first: int) -> str:
    """The attributes of nodes or edges: the columns from `first` on."""
    shown = [
        f'      <attribute id="{place}" title="{xml_text(name)}"'
        f' type="{type_name((row[place] for row in rows), "long")}"/>\n'
        for place, name in list(enumerate(table.columns))[first:]
    ]
    return f'    <attributes class="{kind}">\n{"".join(shown)}    </attributes>\n' if shown else ""


def _values(row: Row, first: int) -> str:
    shown = [
        f'<attvalue for="{place}" value="{xml_text(value)}"/>'
        for place, value in list(enumerate(row))[first:]
        if value is not None
    ]
    return f"<attvalues>{''.join(shown)}</attvalues>" if shown else ""
