"""GraphML, for Gephi, Cytoscape, igraph, networkx and NodeXL."""

from typing import BinaryIO

from korpus.files.writers.networks.xml import type_name, xml_text
from korpus.files.writers.text import text_stream
from korpus.records import Network, Table

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"\
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns\
 http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write(stream: BinaryIO, network: Network) -> None:
    """Write a network. The names of nodes are their `label`; the other columns are attributes."""
    nodes, edges = list(network.nodes.rows), list(network.edges.rows)
    number = {row[0]: place for place, row in enumerate(nodes)}
    with text_stream(stream) as text:
        text.write(_HEAD)
        for kind, table, prefix in (("node", network.nodes, "n"), ("edge", network.edges, "e")):
            rows = nodes if kind == "node" else edges
            for place, name in _attributes(table, kind):
                type = type_name((row[place] for row in rows), "long")
                type = "double" if name == "weight" else type
                text.write(
                    f'  <key id="{prefix}{place}" for="{kind}"'
                    f' attr.name="{xml_text(name)}" attr.type="{type}"/>\n'
                )
        default = "directed" if network.is_directed else "undirected"
        text.write(f'  <graph id="korpus" edgedefault="{default}">\n')
        attributes = _attributes(network.nodes, "node")
        for place, row in enumerate(nodes):
            text.write(f'    <node id="n{place}">{_data(attributes, row, "n")}</node>\n')
        attributes = _attributes(network.edges, "edge")
        for row in edges:
            text.write(
                f'    <edge source="n{number[row[0]]}" target="n{number[row[1]]}">'
                f"{_data(attributes, row, 'e')}</edge>\n"
            )
        text.write("  </graph>\n</graphml>\n")


def _attributes(table: Table, kind: str) -> list[tuple[int, str]]:
    """The columns that become attributes, with their places. Programs show `label` as the name."""
    if kind == "edge":
        return list(enumerate(table.columns))[2:]
    return list(enumerate(["label", *table.columns[1:]]))


def _data(attributes: list[tuple[int, str]], row: tuple[object, ...], prefix: str) -> str:
    return "".join(
        f'<data key="{prefix}{place}">{xml_text(row[place])}</data>'
        for place, _name in attributes
        if row[place] is not None
    )
