"""The network of words that occur together: nodes can be dragged, the whole moved and zoomed."""

import math
from typing import Any

from korpus.messages import _, column_title, plural
from korpus.networks.layout import layout
from korpus.records import Record
from korpus.reports.gather import Findings
from korpus.reports.section import Section, Spec, number, quoted

_HEIGHT = 600
_COLOURS = 7  # communities with a colour of their own
_NAMED = 8  # words of a community


def network(found: Findings) -> Section:
    """The network of frequent words."""
    graph = found.network
    nodes, edges = list(graph.nodes), list(graph.edges)
    summary = {row["measure"]: row["value"] for row in graph.summary}
    central = sorted(nodes, key=lambda node: -node["strength"])
    words = ", ".join(quoted(node["node"]) for node in central[:3])
    lead = _("{nodes} form {groups}; the most strongly tied are {words}.").format(
        nodes=plural(len(nodes), "word"),
        groups=plural(int(summary["communities"] or 1), "group"),
        words=words,
    )
    members: dict[int, list[Record]] = {}
    for node in nodes:
        members.setdefault(node["community"], []).append(node)
    return Section(
        "network",
        _("Network of words"),
        lead,
        charts={"network": _graph(nodes, edges, found.plan.seed)},
        values={
            "help": _(
                "Two words are tied if they are often in one document (cosine); of {words} the "
                "{edges} strongest ties are shown. Drag words or the whole; colours are "
                "communities (Leiden). Zoom in for names that had no room."
            ).format(words=plural(len(nodes), "word"), edges=len(edges)),
            "zoom": {"in": _("Zoom in"), "out": _("Zoom out"), "reset": _("Reset")},
            "communities": [
                {
                    "colour": min(group, _COLOURS + 1),
                    "words": ", ".join(
                        node["node"]
                        for node in sorted(members[group], key=lambda one: -one["strength"])[
                            :_NAMED
                        ]
                    ),
                    "size": plural(len(members[group]), "word"),
                }
                for group in sorted(members)
                if len(members[group]) > 1
            ],
            "headings": [
                *(column_title("word"), column_title("documents"), _("ties")),
                *(column_title("strength"), column_title("betweenness"), column_title("community")),
            ],
            "rows": [
                (
                    node["node"],
                    number(node["frequency"]),
                    node["degree"],
                    f"{node['strength']:.2f}",
                    f"{node['betweenness']:.3f}" if node["betweenness"] is not None else "",
                    node["community"],
                )
                for node in central
            ],
        },
    )


def _graph(nodes: list[Record], edges: list[Record], seed: int) -> Spec:
    """A chart of Vega: lines, circles and labels at places that signals move."""
    names = [node["node"] for node in nodes]
    ties = [(edge["source"], edge["target"], float(edge["weight"])) for edge in edges]
    places = layout(names, ties, seed=seed)
    most = max(node["frequency"] for node in nodes)
    strongest = max((tie[2] for tie in ties), default=1.0)
    number_of = {name: place for place, name in enumerate(names)}
    circles = [
        {
            "n": place,
            "name": node["node"],
            "x": round(x, 4),
            "y": round(y, 4),
            "r": round(5 + 17 * math.sqrt(node["frequency"] / most), 1),
            "colour": f"var(--c{min(node['community'], _COLOURS + 1)})",
            "tip": f"{node['node']}: {number(node['frequency'])}",
        }
        for place, (node, (x, y)) in enumerate(zip(nodes, places, strict=True))
    ]
    lines = [
        {
            "source": number_of[source],
            "target": number_of[target],
            "w": round(0.5 + 5 * weight / strongest, 2),
        }
        for source, target, weight in ties
    ]
    return {
        "$schema": "vega",
        "height": _HEIGHT,
        "padding": 0,
        "signals": _signals(),
        "data": [
            {
                "name": "nodes",
                "values": circles,
                "on": [
                    {
                        "trigger": "moved",
                        "modify": "moved ? moved.node : null",
                        "values": "{x: moved ? moved.x : 0, y: moved ? moved.y : 0}",
                    }
                ],
            },
            {
                "name": "edges",
                "values": lines,
                "transform": [
                    {
                        "type": "lookup",
                        "from": "nodes",
                        "key": "n",
                        "fields": ["source", "target"],
                        "as": ["s", "t"],
                    }
                ],
            },
        ],
        "marks": _marks(),
    }


def _at(axis: str, of: str) -> dict[str, str]:
    """Where a node is on the screen."""
    size, moved = ("width", "panx") if axis == "x" else ("height", "pany")
    unit = f"({size} - 90)"
    return {"signal": f"{size} / 2 + ({of}.{axis} - 0.5) * {unit} * zoom + {moved} + 0 * tick"}


def _signals() -> list[dict[str, Any]]:
    move = {"type": "pointermove", "source": "window"}
    up = {"type": "pointerup", "source": "window"}
    wheel = {"type": "wheel", "consume": True, "filter": "event.ctrlKey || event.metaKey"}
    return [
        {"name": "small", "update": "clamp(width / 800, 0.55, 1)"},  # on phones
        {
            "name": "zoom",
            "value": 1,
            "on": [
                {
                    "events": wheel,
                    "update": "clamp(zoom * pow(1.001, -event.deltaY), 0.5, 6)",
                }
            ],
        },
        {
            "name": "held",
            "value": None,
            "on": [
                {"events": "@circles:pointerdown", "update": "datum"},
                {"events": "@labels:pointerdown", "update": "datum.datum"},
                {"events": up, "update": "null"},
            ],
        },
        {
            "name": "from",
            "value": None,
            "on": [
                {
                    "events": "pointerdown",
                    "update": "held ? null : {x: x(), y: y(), panx: panx, pany: pany}",
                },
                {"events": up, "update": "null"},
            ],
        },
        *(
            {
                "name": name,
                "value": 0,
                "on": [
                    {
                        "events": move,
                        "update": f"from && !held ? from.{name} + {axis}() - from.{axis} : {name}",
                    }
                ],
            }
            for name, axis in (("panx", "x"), ("pany", "y"))
        ),
        {
            "name": "moved",
            "value": None,
            "on": [
                {
                    "events": move,
                    "update": "held ? {node: held, "
                    "x: 0.5 + (x() - width / 2 - panx) / ((width - 90) * zoom), "
                    "y: 0.5 + (y() - height / 2 - pany) / ((height - 90) * zoom)} : null",
                }
            ],
        },
        {
            "name": "tick",
            "value": 0,
            "on": [{"events": [move, up], "update": "held || moved ? tick + 1 : tick"}],
        },
    ]


def _apart() -> dict[str, Any]:
    """Labels beside their circles, large ones first; those without room are hidden."""
    return {
        "type": "label",
        "size": {"signal": "[width, height]"},
        "sort": {"field": "datum.datum.r", "order": "descending"},
        "anchor": ["top", "bottom", "right", "left", "top-right", "top-left"],
        "offset": [2],
    }


def _marks() -> list[dict[str, Any]]:
    edges = {
        "type": "rule",
        "from": {"data": "edges"},
        "interactive": False,
        "encode": {
            "update": {
                **{"x": _at("x", "datum.s"), "y": _at("y", "datum.s")},
                **{"x2": _at("x", "datum.t"), "y2": _at("y", "datum.t")},
                "stroke": {"value": "var(--grey)"},
                "strokeWidth": {"field": "w"},
                "strokeOpacity": {"value": 0.5},
            }
        },
    }
    place = {"x": _at("x", "datum"), "y": _at("y", "datum")}
    circles = {
        "type": "symbol",
        "name": "circles",
        "from": {"data": "nodes"},
        "encode": {
            "update": {
                **place,
                "size": {"signal": "3.14 * pow(datum.r * small, 2) * sqrt(zoom)"},
                "fill": {"field": "colour"},
                "stroke": {"value": "var(--paper)"},
                "strokeWidth": {"value": 1.5},
                "cursor": {"value": "grab"},
                "tooltip": {"field": "tip"},
            }
        },
    }
    text = {
        "text": {"field": "datum.name"},
        "fontSize": {"signal": "(10.5 + datum.datum.r / 3.5) * (0.4 + 0.6 * small)"},
        "font": {"value": "KorpusSans"},
    }
    halo = {
        **{"stroke": {"value": "var(--paper)"}, "strokeWidth": {"value": 4}},
        **{"strokeOpacity": {"value": 0.85}, "strokeJoin": {"value": "round"}},
    }
    return [
        edges,
        circles,
        *(
            {
                "type": "text",
                "name": name,
                "from": {"data": "circles"},
                "interactive": name == "labels",
                "encode": {"update": {**text, **look}},
                "transform": [_apart()],
            }
            for name, look in (
                ("halos", halo),
                ("labels", {"fill": {"value": "var(--ink)"}, "cursor": {"value": "grab"}}),
            )
        ),
    ]
