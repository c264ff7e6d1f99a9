"""The pictures of tf attention: a heat map of weights, and lines between pieces."""

import json
from typing import TYPE_CHECKING, Any

from korpus.messages import _
from korpus.models.tf.attention import Attention
from korpus.views.style import BLUE, INK, TEXT, blues, data, styled, tooltip

if TYPE_CHECKING:
    import altair

HEAT, LINES = ATTENTION_CHARTS = ("heat", "lines")
_CELL, _LEAST, _WIDEST = 26, 8, 900  # pixels
_LINE, _BETWEEN = 18, 120  # pixels: a piece, and from one side to the other
_ACROSS = 4  # pictures of heads in a row
_FAINT = 0.02  # lines of less weight are left out


def plot_attention(found: Attention, chart: str = HEAT) -> "altair.TopLevelMixin":
    """Draw attention weights as a `heat` map, or as `lines` from each piece to others.

    Of several heads a picture each.
    """
    import altair

    draw = _heat if chart == HEAT else _lines
    parts: list[Any] = [draw(found, place) for place in range(len(found.heads))]
    whole: Any = parts[0]
    if len(parts) > 1:
        whole = altair.concat(
            *(
                part.properties(title=_("head {number}").format(number=head))
                for part, head in zip(parts, found.heads, strict=True)
            ),
            columns=_ACROSS,
        )
    note = _("a row sums to 1: how far a piece (row) attends to another (column)")
    if chart == LINES:
        note = _("left: the piece that attends; right: the one it attends to")
    shown: altair.TopLevelMixin = styled(whole, _title(found), [note, found.model])
    return shown


def _title(found: Attention) -> str:
    if found.is_rollout:
        return _("Attention roll-out of layers 1 to {layer}").format(layer=found.layer)
    if len(found.heads) == 1 and found.heads[0]:
        return _("Attention in layer {layer}, head {head}").format(
            layer=found.layer, head=found.heads[0]
        )
    if len(found.heads) == 1:
        return _("Attention in layer {layer}, mean of the heads").format(layer=found.layer)
    return _("Attention in layer {layer}").format(layer=found.layer)


def _rows(found: Attention, place: int) -> "list[dict[str, Any]]":
    pieces = found.pieces
    return [
        {"row": row, "column": column, "from": pieces[row], "to": pieces[column], "weight": value}
        for row, values in enumerate(found.weights[place].tolist())
        for column, value in enumerate(values)
    ]


def _labels(found: Attention) -> str:
    """An expression that gives the piece at a place: some pieces occur several times."""
    return f"{json.dumps(found.pieces)}[datum.value]"


def _heat(found: Attention, place: int) -> "altair.Chart":
    import altair

    labels = _labels(found)
    size = len(found.pieces)
    cell = _CELL if len(found.heads) == 1 else _CELL // 2
    side = max(size * _LEAST, min(size * cell, _WIDEST))
    axis: dict[str, Any] = {
        "labelExpr": labels,
        "labelOverlap": size * _LEAST >= _WIDEST,
        "ticks": False,
    }
    drawn: altair.Chart = (
        altair.Chart(data(_rows(found, place)))
        .mark_rect()
        .encode(
            altair.X("column:O", title=_("attends to"), axis=altair.Axis(labelAngle=-45, **axis)),
            altair.Y("row:O", title=_("piece"), axis=altair.Axis(**axis)),
            altair.Color("weight:Q", title=_("weight"), scale=blues(domainMin=0)),
            tooltip=tooltip("from:N", "to:N", "weight:Q"),
        )
        .properties(width=side, height=side)
    )
    return drawn


def _lines(found: Attention, place: int) -> "altair.LayerChart":
    import altair

    size = len(found.pieces)
    rows = [row for row in _rows(found, place) if row["weight"] >= _FAINT]
    across = altair.Scale(domain=[-0.6, 1.6])
    down = altair.Scale(domain=[size - 0.5, -0.5])
    hidden: dict[str, Any] = {"axis": None}
    clear = altair.Scale(domain=[0, 1], range=[0, 1])
    lines = (
        altair.Chart(data([{**row, "left": 0, "right": 1} for row in rows]))
        .mark_rule(strokeWidth=2, color=BLUE)
        .encode(
            altair.X("left:Q", scale=across, **hidden),
            altair.X2("right:Q"),
            altair.Y("row:Q", scale=down, **hidden),
            altair.Y2("column:Q"),
            altair.Opacity("weight:Q", scale=clear, legend=None),
            tooltip=tooltip("from:N", "to:N", "weight:Q"),
        )
    )
    sides = []
    places: list[tuple[int, Any, int]] = [(0, "right", -6), (1, "left", 6)]
    for at, align, shift in places:
        names = [{"row": row, "side": at, "piece": piece} for row, piece in enumerate(found.pieces)]
        sides.append(
            altair.Chart(data(names))
            .mark_text(align=align, dx=shift, fontSize=TEXT, color=INK)
            .encode(
                altair.X("side:Q", scale=across, **hidden),
                altair.Y("row:Q", scale=down, **hidden),
                altair.Text("piece:N"),
            )
        )
    return altair.LayerChart(
        layer=[lines, *sides], width=_BETWEEN * 2.2, height=max(60, size * _LINE)
    )
