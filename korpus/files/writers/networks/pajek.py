"""Pajek's .net."""

import codecs
from typing import BinaryIO

from korpus.files.writers.networks.labels import line_labels, modes
from korpus.files.writers.text import text_stream
from korpus.records import Network


def write(stream: BinaryIO, network: Network) -> None:
    """Write a network. UTF-8 with a BOM, by which Pajek knows it.

    networkx cannot read Pajek's files of two kinds of nodes; GraphML it can.
    """
    labels = line_labels(network)
    number = {row[0]: place for place, row in enumerate(network.nodes.rows, 1)}
    kinds = modes(network)
    stream.write(codecs.BOM_UTF8)
    with text_stream(stream) as text:
        # The BOM is before a line that other programs skip.
        text.write("*Network korpus\n")
        text.write(f"*Vertices {len(labels)}" + (f" {kinds[0]}\n" if kinds else "\n"))
        for place, label in enumerate(labels, 1):
            text.write(f'{place} "{label}"\n')
        text.write("*Arcs\n" if network.is_directed else "*Edges\n")
        for row in network.edges.rows:
            text.write(f"{number[row[0]]} {number[row[1]]} {row[2]}\n")
