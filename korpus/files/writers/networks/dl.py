"""UCINET's .dl, which NetMiner and Gephi read too."""

import re
from typing import BinaryIO

from korpus.files.writers.networks.labels import line_labels, modes
from korpus.files.writers.text import text_stream
from korpus.records import Network

_PLAIN = re.compile(r"[\w.-]+")


def write(stream: BinaryIO, network: Network) -> None:
    """Write a network as a list of edges with the labels of all nodes.

    UCINET takes every line as directed, so edges without a direction are there both ways. Two kinds
    of nodes are the rows and the columns. igraph reads one kind of nodes, whose names are without
    spaces, if `format` and each label are on lines of their own.
    """
    labels = [label if _PLAIN.fullmatch(label) else f'"{label}"' for label in line_labels(network)]
    number = {row[0]: place for place, row in enumerate(network.nodes.rows, 1)}
    kinds = modes(network)
    with text_stream(stream) as text:
        if kinds:
            first = kinds[0]
            text.write(f"dl nr={first} nc={kinds[1]}\nformat=edgelist2\n")
            text.write("".join(f"{line}\n" for line in ("row labels:", *labels[:first])))
            text.write("".join(f"{line}\n" for line in ("column labels:", *labels[first:])))
        else:
            first = 0
            text.write(f"dl n={len(labels)}\nformat=edgelist1\n")
            text.write("".join(f"{line}\n" for line in ("labels:", *labels)))
        text.write("data:\n")
        for row in network.edges.rows:
            ends = number[row[0]], number[row[1]] - first
            text.write(f"{ends[0]} {ends[1]} {row[2]}\n")
            if not (network.is_directed or kinds):
                text.write(f"{ends[1]} {ends[0]} {row[2]}\n")
