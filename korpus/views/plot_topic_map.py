"""The pictures of topics: a map of those of one model, and how alike those of two are."""

import logging
import math
from typing import TYPE_CHECKING, Any

from korpus.messages import _, plural
from korpus.records import Table
from korpus.views.labels import line_from, line_to, place_labels, shortened
from korpus.views.maps import SIDE, topic_circles
from korpus.views.plot_effects import topic_title
from korpus.views.style import (
    BLUE,
    GREY,
    ORANGE,
    PAPER,
    SMALL,
    blues,
    data,
    left_out,
    measure,
    styled,
    tooltip,
)

if TYPE_CHECKING:
    import altair

    from korpus.models import TopicMatches

logger = logging.getLogger("korpus")

_CELL, _WIDEST, _WRITTEN = 34, 900, 30


def plot_topic_map(topics: Table) -> "altair.LayerChart":
    """Draw the topics of `topic_map` as circles whose areas are their shares; near ones are alike.

    Labels are the first terms; those for which there is no room are left out, which is logged.
    """
    import altair

    rows = list(topics)
    places, height = topic_circles(rows, SIDE)
    circles = [
        place._replace(label=_label_of(row["topic"], row["terms"]))
        for place, row in zip(places, rows, strict=True)
    ]
    points: list[dict[str, Any]] = [
        {
            **{"x": circle.x, "y": circle.y, "area": math.pi * circle.radius**2},
            **{"name": circle.label, "share": row["share"], "terms": row["terms"]},
        }
        for circle, row in zip(circles, rows, strict=True)
    ]
    labels = place_labels(circles, SIDE, height, lines=True)
    for point, circle, at in zip(points, circles, labels, strict=True):
        if at is not None:
            point["label_x"], point["label_y"] = at
            if end := line_to(circle, at):
                point["from_x"], point["from_y"] = line_from(circle, end)
                point["to_x"], point["to_y"] = end
    if hidden := labels.count(None):
        logger.info(_("no room for %s in the picture"), plural(hidden, "label"))
    x = altair.X("x:Q", axis=None).scale(domain=[0, SIDE], nice=False)
    y = altair.Y("y:Q", axis=None).scale(domain=[height, 0], nice=False)
    leaders = (
        altair.Chart(data(point for point in points if "to_x" in point))
        .mark_rule(color=GREY, strokeWidth=0.7)
        .encode(
            altair.X("from_x:Q", axis=None),
            altair.Y("from_y:Q", axis=None),
            altair.X2("to_x:Q"),
            altair.Y2("to_y:Q"),
        )
    )
    dots = (
        altair.Chart(data(points))
        .mark_point(filled=True, opacity=0.55, color=BLUE, stroke=PAPER, strokeWidth=1)
        .encode(
            x,
            y,
            altair.Size("area:Q", scale=None, legend=None),
            tooltip=tooltip("terms:N", "share:Q"),
        )
    )
    words = (
        altair.Chart(data(point for point in points if "label_x" in point))
        .mark_text()
        .encode(
            altair.X("label_x:Q", axis=None),
            altair.Y("label_y:Q", axis=None),
            altair.Text("name:N"),
        )
    )
    note = [
        _("topics by Jensen-Shannon distance; areas are shares; overlapping ones are moved apart"),
        left_out(hidden),
    ]
    chart = altair.LayerChart(layer=[dots, leaders, words], width=SIDE, height=height)
    return styled(chart, _("Map of topics"), note, is_map=True)


def plot_topic_matches(found: "TopicMatches") -> "altair.LayerChart":
    """Draw the similarity of each topic of one model to each of the other; matches have a frame.

    The topics of the other model stand in the order of their matches.
    """
    import altair

    models = found.a, found.b
    titles = [
        [
            _label_of(name, terms)
            for name, terms in zip(map(str, model.topic_names), model.first_terms(), strict=True)
        ]
        for model in models
    ]
    matched = dict(found.pairs)
    columns = [*matched.values(), *found.unmatched()[1]]
    cells = [
        {
            "a": titles[0][x],
            "b": titles[1][y],
            "similarity": float(found.similarity[x, y]),
            "is_match": matched.get(x) == y,
        }
        for x in range(len(titles[0]))
        for y in columns
    ]
    base = altair.Chart(data(cells)).encode(
        altair.X(
            "b:N",
            title="B",
            sort=[titles[1][y] for y in columns],
            axis=altair.Axis(labelAngle=-45),
        ),
        altair.Y("a:N", title="A", sort=titles[0]),
        tooltip=tooltip("a:N", "b:N", "similarity:Q"),
    )
    scale = blues(domain=[0, 1])
    layers: list[Any] = [
        base.mark_rect().encode(
            altair.Color("similarity:Q", title=measure("similarity"), scale=scale)
        ),
        base.transform_filter("datum.is_match").mark_rect(
            filled=False, stroke=ORANGE, strokeWidth=2.5
        ),
    ]
    if len(cells) <= _WRITTEN**2:
        numbers = base.mark_text(fontSize=SMALL).encode(altair.Text("similarity:Q", format=".2f"))
        layers.append(numbers)
    width, height = (max(100, min(_CELL * len(side), _WIDEST)) for side in (columns, titles[0]))
    chart = altair.LayerChart(layer=layers, width=width, height=height)
    note = _("similarity; topics that match have a frame")
    return styled(chart, _("Topics of two models"), note)


def _label_of(topic: int | str, terms: str) -> str:
    """The name of a topic, or its number and first terms."""
    is_named = isinstance(topic, str) and not topic.isdecimal()
    return shortened(str(topic) if is_named else topic_title(topic, terms))
