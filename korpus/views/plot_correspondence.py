"""The picture of correspondence: terms and groups in one map of two dimensions."""

import logging
from typing import TYPE_CHECKING, Any, NamedTuple

from korpus.documents.groups import shown
from korpus.messages import _, plural
from korpus.records import Record
from korpus.views.labels import Circle, line_from, line_to, place_labels
from korpus.views.style import BLUE, GREY, LARGE, ORANGE, TEXT, data, left_out, styled, tooltip

if TYPE_CHECKING:
    import altair

    from korpus.tokens.correspondence import CorrespondenceMap

logger = logging.getLogger("korpus")

_WIDEST, _HIGHEST, _LEAST = 760, 620, 160  # pixels of the map
_EDGE = 40  # pixels around the points
_RADIUS, _LETTERS, _OF_GROUPS = 4, TEXT, LARGE  # sizes of points and letters


class _Frame(NamedTuple):
    """The map in pixels. `left`, `top`: its corner, and `step`: a pixel, in units of the axes."""

    width: int
    height: int
    left: float
    top: float
    step: float


def plot_correspondence(found: "CorrespondenceMap") -> "altair.LayerChart":
    """Draw the first two dimensions: a symmetric map, both kinds in principal coordinates.

    Both axes have the same scale, as distances have a meaning. Lines lead to labels that are not
    beside their points. Labels for which there is no room are left out, which is logged; groups
    come first, then frequent terms. Columns in: the points.
    """
    import altair

    shares = [*(row["share"] for row in found.inertia()), 0.0, 0.0][:2]
    titles = [
        _("dimension {number} ({share})").format(number=number, share=f"{share:.1%}")
        for number, share in enumerate(shares, 1)
    ]
    values, frame, hidden = _points(list(found.points()))
    ends = (frame.left, frame.left + frame.width * frame.step)
    x = altair.Scale(domain=list(ends), nice=False, zero=False)
    ends = (frame.top - frame.height * frame.step, frame.top)
    y = altair.Scale(domain=list(ends), nice=False, zero=False)
    kinds = altair.Scale(domain=[_("term"), _("group")], range=[BLUE, ORANGE])
    points = (
        altair.Chart(data(values))
        .mark_circle(opacity=0.9, size=4 * _RADIUS**2)
        .encode(
            altair.X("d1:Q", title=titles[0], scale=x),
            altair.Y("d2:Q", title=titles[1], scale=y),
            altair.Color("kind:N", title=None, scale=kinds),
            tooltip=tooltip("name:N", "kind:N", "count:Q", "d1:Q", "d2:Q"),
        )
    )
    rule = altair.Chart(data([{"at": 0}])).mark_rule(color=GREY)
    leaders = (
        altair.Chart(data([value for value in values if "to_x" in value]))
        .mark_rule(color=GREY, strokeWidth=0.7)
        .encode(
            altair.X("from_x:Q", scale=x),
            altair.Y("from_y:Q", scale=y),
            altair.X2("to_x:Q"),
            altair.Y2("to_y:Q"),
        )
    )
    layers: list[Any] = [
        rule.encode(altair.X("at:Q", scale=x)),
        rule.encode(altair.Y("at:Q", scale=y)),
        leaders,
        points,
    ]
    for kind, size in ((_("term"), _LETTERS), (_("group"), _OF_GROUPS)):
        names = [value for value in values if value["kind"] == kind and "x" in value]
        layers.append(
            altair.Chart(data(names))
            .mark_text(
                fontSize=size,
                fontWeight="bold" if kind == _("group") else "normal",
                baseline="middle",
            )
            .encode(altair.X("x:Q", scale=x), altair.Y("y:Q", scale=y), altair.Text("name:N"))
        )
    chart = altair.LayerChart(layer=layers, width=frame.width, height=frame.height)
    return styled(
        chart,
        _("Correspondence analysis"),
        [_("near points go together; the centre is the average"), left_out(hidden)],
        is_map=True,
    )


def _points(rows: list[Record]) -> tuple[list[dict[str, Any]], _Frame, int]:
    """The points with the places of their labels, groups first, and the frame that has them.

    Also the number of labels for which there is no room.
    """
    rows.sort(key=lambda row: (row["kind"] != "group", -row["count"]))
    values = [
        {
            "name": shown(row["name"]),
            "kind": _("group") if row["kind"] == "group" else _("term"),
            "count": row["count"],
            "d1": row.get("d1") or 0.0,
            "d2": row.get("d2") or 0.0,  # two groups have one dimension
        }
        for row in rows
    ]
    frame = _frame(values)
    circles = [
        Circle(
            (value["d1"] - frame.left) / frame.step,
            (frame.top - value["d2"]) / frame.step,
            _RADIUS,
            value["name"],
            _OF_GROUPS if value["kind"] == _("group") else _LETTERS,
        )
        for value in values
    ]
    places = place_labels(circles, frame.width, frame.height, lines=True)
    for value, circle, place in zip(values, circles, places, strict=True):
        if place is None:
            continue
        value["x"] = frame.left + place[0] * frame.step
        value["y"] = frame.top - place[1] * frame.step
        if end := line_to(circle, place):
            start = line_from(circle, end)
            value["from_x"] = frame.left + start[0] * frame.step
            value["from_y"] = frame.top - start[1] * frame.step
            value["to_x"] = frame.left + end[0] * frame.step
            value["to_y"] = frame.top - end[1] * frame.step
    if hidden := places.count(None):
        logger.info(
            _("no room for %s in the picture; a smaller --top draws fewer"),
            plural(hidden, "label"),
        )
    return values, frame, hidden


def _frame(values: list[dict[str, Any]]) -> _Frame:
    """The frame around all points and the origin, as large as it may be."""
    least, most = (
        [end(0.0, *(value[name] for value in values)) for name in ("d1", "d2")]
        for end in (min, max)
    )
    spans = [high - low for low, high in zip(least, most, strict=True)]
    room = (_WIDEST - 2 * _EDGE, _HIGHEST - 2 * _EDGE)
    step = max(span / pixels for span, pixels in zip(spans, room, strict=True)) or 1.0
    width, height = (max(round(span / step) + 2 * _EDGE, _LEAST) for span in spans)
    middles = [(low + high) / 2 for low, high in zip(least, most, strict=True)]
    return _Frame(
        width, height, middles[0] - width * step / 2, middles[1] + height * step / 2, step
    )
