"""Tokens or edges → networks and their tables."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.networks.concor import NAMED_BY, Blocks, check_blocks, concor, graph_blocks
    from korpus.networks.graph import Graph
    from korpus.networks.network import (
        check_distance,
        check_options,
        measured,
        network,
        network_graph,
        unit_and_window,
    )
else:
    load_when_used(__name__)

__all__ = [
    "NAMED_BY",
    "Blocks",
    "Graph",
    "check_blocks",
    "check_distance",
    "check_options",
    "concor",
    "graph_blocks",
    "measured",
    "network",
    "network_graph",
    "unit_and_window",
]
