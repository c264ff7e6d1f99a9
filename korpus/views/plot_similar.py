"""The pictures of similar: a map of words and their neighbours, and a heat map of cosines."""

from typing import TYPE_CHECKING

from korpus.messages import _
from korpus.models.neighbourhood import HEAT, Neighbourhood
from korpus.views.maps import map_chart, map_points
from korpus.views.style import (
    BLUE,
    DARK,
    ORANGE,
    SMALL,
    data,
    diverging,
    left_out,
    on_dark,
    styled,
    tooltip,
)

if TYPE_CHECKING:
    import altair

_CELL, _WIDEST = 34, 900  # pixels
_WRITTEN = 30  # words up to which cells have room for numbers


def plot_similar(found: Neighbourhood, chart: str) -> "altair.LayerChart":
    """Draw a `map` (near words are similar) or a `heat` map of all similarities."""
    if chart == HEAT:
        return styled(_heat(found), _("Similarity of words"))
    import altair

    points = map_points(found.names, found.places, has_labels=True, is_even=True)
    for number, point in enumerate(points):
        point["kind"] = _("given word") if number < found.asked else _("neighbour")
    scale = altair.Scale(domain=[_("given word"), _("neighbour")], range=[ORANGE, BLUE])
    colour = altair.Color("kind:N", title=None, scale=scale)
    drawn = map_chart(points, colour, ["name:N", "kind:N"])
    note = [_("near ones are alike"), left_out(sum("label_x" not in point for point in points))]
    return styled(drawn, _("Map of similar words"), note, is_map=True)


def _heat(found: Neighbourhood) -> "altair.LayerChart":
    import altair

    values = [
        {"a": a, "b": b, "similarity": float(found.cosines[row, column])}
        for row, a in enumerate(found.names)
        for column, b in enumerate(found.names)
    ]
    order = found.names
    base = altair.Chart(data(values)).encode(
        altair.X("b:N", title=None, sort=order, axis=altair.Axis(labelAngle=-45)),
        altair.Y("a:N", title=None, sort=order),
    )
    cells = base.mark_rect().encode(
        altair.Color(
            "similarity:Q",
            title=_("cosine similarity"),
            scale=diverging(domain=[-1, 1]),
        ),
        tooltip=tooltip("a:N", "b:N", "similarity:Q"),
    )
    layers = [cells]
    if len(order) <= _WRITTEN:
        numbers = base.mark_text(fontSize=SMALL).encode(
            altair.Text("similarity:Q", format=".2f"),
            color=on_dark(f"abs(datum.similarity) > {DARK}"),
        )
        layers.append(numbers)
    side = max(100, min(_CELL * len(order), _WIDEST))
    return altair.LayerChart(layer=layers, width=side, height=side)
