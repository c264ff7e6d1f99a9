"""The picture of a network: circles, lines between them, and labels that do not overlap."""

import logging
import math
from typing import TYPE_CHECKING, Any

from korpus.messages import _, column_title, plural
from korpus.networks.layout import layout
from korpus.records import Network, Record
from korpus.views.labels import Circle, place_labels, shortened
from korpus.views.style import COLOURS, GREY, PAPER, data, left_out, measure, styled

if TYPE_CHECKING:
    import altair

logger = logging.getLogger("korpus")

_SIDE, _MARGIN = 860, 34  # pixels
_MOST_NODES, _MOST_EDGES = 300, 1200
_RADII, _LETTERS, _WIDTHS = (5.0, 22.0), (11.0, 19.0), (0.6, 6.0)


def plot_network(
    network: Network,
    *,
    colour: str = "community",
    size: str | None = None,
    title: str | None = None,
    seed: int = 0,
) -> "altair.TopLevelMixin":
    """Draw a network. The layout is that of `networks.layout`.

    `colour`: the column of nodes that colours them; the eight largest groups have colours, others
    are grey. `size`: the column that makes circles large (default: frequency, else strength). Lines
    are as wide as their edges are strong. Of a large network the 300 largest nodes and the 1,200
    strongest edges are drawn, which is logged, as are labels for which there is no room. Long names
    are cut; tooltips show the whole. `title`: other than "Network".
    """
    import altair

    size = size or ("frequency" if "frequency" in network.nodes.columns else "strength")
    nodes, edges = _drawn(network, size)
    modes = [node.get("mode") for node in network.nodes]
    circles, hidden = _circles(nodes, edges, modes[:1], seed)
    lines = _lines(edges, circles, network.is_directed)
    groups = _groups(circles, colour)
    chosen = altair.Scale(domain=list(groups), range=list(groups.values()))
    x, y = (
        altair.X("x:Q", axis=None).scale(domain=[0, _SIDE], nice=False),
        altair.Y("y:Q", axis=None).scale(domain=[_SIDE, 0], nice=False),
    )
    plain: dict[str, Any] = {"scale": None, "legend": None}
    shown = [name for name in network.nodes.columns if name in circles[0]] if circles else []
    layers = [
        altair.Chart(data(lines))
        .mark_rule(color=GREY, opacity=_opacity(len(lines)))
        .encode(x, y, altair.X2("x2:Q"), altair.Y2("y2:Q"), altair.StrokeWidth("width:Q", **plain)),
        altair.Chart(data(circles))
        .mark_point(filled=True, opacity=0.85, stroke=PAPER, strokeWidth=1)
        .encode(
            x,
            y,
            altair.Size("area:Q", **plain),
            altair.Color("group:N", scale=chosen, title=measure(colour)),
            altair.Shape("shape:N", **plain),
            tooltip=[
                altair.Tooltip(f"{_escaped(name)}:N", title=column_title(name)) for name in shown
            ],
        ),
        *_labels(circles),
    ]
    if network.is_directed:
        layers.insert(1, _heads(lines, x, y))
    chart = altair.layer(*layers).properties(width=_SIDE, height=_SIDE)
    note = [
        _("circles: {size}; lines: {weight}").format(size=measure(size), weight=measure("weight")),
        left_out(hidden),
    ]
    return styled(chart, title or _("Network"), note, is_map=True)


def _opacity(lines: int) -> float:
    """How opaque lines are: pale where there are many, so that the circles below can be seen."""
    return max(0.15, min(0.45, 0.45 * math.sqrt(150 / max(lines, 1))))


def _labels(circles: list[Record]) -> "list[altair.Chart]":
    """The labels, on a white edge that keeps them off the lines."""
    import altair

    texts = altair.Chart(data([node for node in circles if "label_x" in node])).encode(
        altair.X("label_x:Q", axis=None),
        altair.Y("label_y:Q", axis=None),
        altair.Size("letters:Q", scale=None, legend=None),
        altair.Text("label:N"),
    )
    white = texts.mark_text(color=PAPER, stroke=PAPER, strokeWidth=4, opacity=0.8)
    return [white, texts.mark_text()]


def _escaped(name: str) -> str:
    """A column's name as Vega-Lite takes it for a field."""
    return name.replace("\\", "\\\\").replace(".", "\\.").replace("[", "\\[").replace(":", "\\:")


def _drawn(network: Network, measure: str) -> tuple[list[Record], list[Record]]:
    """The nodes that are drawn, the largest first, and the edges between them."""
    nodes, edges = list(network.nodes), list(network.edges)
    nodes.sort(key=lambda node: -(node[measure] or 0))
    kept = nodes[:_MOST_NODES]
    names = {node["node"] for node in kept}
    between = [edge for edge in edges if edge["source"] in names and edge["target"] in names]
    between.sort(key=lambda edge: -edge["weight"])
    if len(kept) < len(nodes) or len(between) > _MOST_EDGES:
        logger.info(
            _("the picture shows %s and %s of %s and %s"),
            plural(len(kept), "node"),
            plural(min(len(between), _MOST_EDGES), "edge"),
            f"{len(nodes):,}",
            f"{len(edges):,}",
        )
    for node in kept:
        node["value"] = node[measure] or 0
    return kept, between[:_MOST_EDGES]


def _circles(
    nodes: list[Record], edges: list[Record], round_modes: list[object], seed: int
) -> tuple[list[Record], int]:
    """The nodes with their places, sizes and labels, in pixels; circles for `round_modes`.

    Also the number of labels for which there is no room.
    """
    names = [node["node"] for node in nodes]
    ties = [(edge["source"], edge["target"], float(edge["weight"])) for edge in edges]
    places = dict(zip(names, layout(names, ties, seed=seed), strict=True))
    most: dict[object, float] = {}
    for node in nodes:
        most[node.get("mode")] = max(most.get(node.get("mode"), 0), node["value"])
    smallest = 0.6 if len(nodes) > 120 else 1.0
    for node in nodes:
        share = math.sqrt(node["value"] / (most[node.get("mode")] or 1))
        low, high = (limit * smallest for limit in _RADII)
        node["radius"] = low + (high - low) * share
        node["letters"] = _LETTERS[0] + (_LETTERS[1] - _LETTERS[0]) * share
        across, down = places[node["node"]]
        node["x"] = _MARGIN + across * (_SIDE - 2 * _MARGIN)
        node["y"] = _MARGIN + down * (_SIDE - 2 * _MARGIN)
        node["area"] = math.pi * node["radius"] ** 2
        node["shape"] = "circle" if node.get("mode") in round_modes else "square"
        node["label"] = shortened(str(node["node"]))
    labels = [
        Circle(node["x"], node["y"], node["radius"], node["label"], node["letters"])
        for node in nodes
    ]
    hidden = 0
    for node, place in zip(nodes, place_labels(labels, _SIDE, _SIDE), strict=True):
        if place is None:
            hidden += 1
        else:
            node["label_x"], node["label_y"] = place
    if hidden:
        logger.info(
            _("no room for %s in the picture; --top-nodes or --top-edges draws fewer"),
            plural(hidden, "label"),
        )
    return nodes, hidden


def _lines(edges: list[Record], circles: list[Record], directed: bool) -> list[dict[str, Any]]:
    """The edges from circle to circle, the weakest first, so that strong ones lie above."""
    by_name = {node["node"]: node for node in circles}
    most = max((edge["weight"] for edge in edges), default=1)
    lines = []
    for edge in reversed(edges):
        source, target = by_name[edge["source"]], by_name[edge["target"]]
        across, down = target["x"] - source["x"], target["y"] - source["y"]
        length = math.hypot(across, down) or 1.0
        short = 1 - (target["radius"] + 4) / length if directed else 1.0
        lines.append(
            {
                "x": source["x"],
                "y": source["y"],
                "x2": source["x"] + across * short,
                "y2": source["y"] + down * short,
                "width": _WIDTHS[0] + (_WIDTHS[1] - _WIDTHS[0]) * edge["weight"] / most,
                "angle": math.degrees(math.atan2(down, across)) + 90,
            }
        )
    return lines


def _heads(lines: list[dict[str, Any]], x: Any, y: Any) -> Any:
    """The heads of arrows."""
    import altair

    return (
        altair.Chart(data(lines))
        .mark_point(shape="triangle", filled=True, color=GREY, size=50, opacity=0.8)
        .encode(
            altair.X("x2:Q", axis=None),
            altair.Y("y2:Q", axis=None),
            altair.Angle("angle:Q", scale=None),
        )
    )


def _groups(circles: list[Record], colour: str) -> dict[str, str]:
    """The groups in order with their colours; puts the name of its group on each circle."""
    sizes: dict[Any, int] = {}
    for node in circles:
        sizes[node[colour]] = sizes.get(node[colour], 0) + 1
    ranked = sorted(sizes, key=lambda name: (-sizes[name], str(name)))
    coloured = ranked[: len(COLOURS)]
    rest = _("others")
    for node in circles:
        node["group"] = str(node[colour]) if node[colour] in coloured else rest
    found = {str(name): COLOURS[place] for place, name in enumerate(coloured)}
    return found | ({rest: GREY} if len(coloured) < len(ranked) else {})
