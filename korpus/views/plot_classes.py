"""Pictures of classifiers: telling terms, confusion, calibration, ROC and precision-recall."""

from itertools import groupby
from typing import TYPE_CHECKING, Any

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.models.classify.quality import (
    Outcome,
    calibration_table,
    confusion_table,
    curve_table,
)
from korpus.records import Record, Table
from korpus.views.labels import shortened
from korpus.views.plot_bars import bar_panel, labels
from korpus.views.style import (
    ACROSS,
    BLUE,
    CELL,
    GREY,
    MOST_PANELS,
    ORANGE,
    PANEL_WIDTH,
    PAPER,
    blues,
    data,
    group_axis,
    measure,
    styled,
    tooltip,
)

if TYPE_CHECKING:
    import altair

_SIDE = PANEL_WIDTH


def plot_telling(table: Table) -> "altair.ConcatChart":
    """Draw the most telling terms: one panel of bars per class.

    Columns in: `label`, `term`, `weight`.
    """
    import altair

    panels: list[Any] = []
    for label, found in groupby(table, key=lambda row: row["label"]):
        rows = list(found)
        shown = [
            {"label": one, "value": row["weight"], "term": row["term"]}
            for one, row in zip(labels(rows), rows, strict=True)
        ]
        panel = bar_panel(shown, title=measure("weight"))
        panels.append(panel.properties(title=shortened(str(label))))
    if not panels:
        raise KorpusError(_("there is nothing to draw: no term is left"))
    chart = altair.concat(*panels[:MOST_PANELS], columns=min(ACROSS, len(panels)))
    return styled(chart, _("Most telling terms by class"))


def plot_quality(outcome: Outcome, curve: Table | None = None) -> "altair.ConcatChart":
    """Draw how well a classifier does: confusion matrix, calibration, ROC, precision and recall.

    `curve`: the learning curve, drawn too: `documents`, `accuracy`, `low`, `high`.
    """
    import altair

    curves = list(curve_table(outcome))
    panels: list[Any] = [
        confusion_panel(list(confusion_table(outcome))),
        calibration_panel(list(calibration_table(outcome))),
        _curve(curves, "roc"),
        _curve(curves, "pr"),
    ]
    if curve is not None:
        panels.append(_learning(list(curve)))
    drawn: altair.ConcatChart = altair.concat(*panels, columns=2).resolve_scale(color="independent")
    return styled(drawn, _("Quality of the classifier"))


def _learning(rows: list[Record]) -> "altair.LayerChart":
    import altair

    base = altair.Chart(data(rows)).encode(
        altair.X("documents:Q", title=_("documents to train on"))
    )
    band = base.mark_area(opacity=0.2, color=BLUE).encode(
        altair.Y("low:Q", title=_("accuracy")).scale(zero=False), altair.Y2("high:Q")
    )
    line = base.mark_line(point=True, color=BLUE).encode(
        altair.Y("accuracy:Q").scale(zero=False), tooltip=tooltip("documents:Q", "accuracy:Q")
    )
    return altair.layer(band, line).properties(  # type: ignore[return-value]
        width=_SIDE, height=_SIDE, title=_("learning curve")
    )


def confusion_panel(rows: list[Record]) -> "altair.LayerChart":
    """The panel of a confusion matrix: its columns are those of `confusion_table`."""
    import altair

    names = list(dict.fromkeys(row["label"] for row in rows))
    side = max(CELL * len(names), _SIDE)
    axis = group_axis(names, side / len(names))
    base = altair.Chart(data(rows)).encode(
        altair.X("predicted:N", sort=names, title=measure("predicted"), axis=axis),
        altair.Y("label:N", sort=names, title=_("class")),
        tooltip=tooltip("label:N", "predicted:N", "count:Q", "share:Q"),
    )
    squares = base.mark_rect(stroke=PAPER).encode(
        altair.Color(
            "share:Q",
            title=measure("share"),
            scale=blues(domain=[0, 1]),
        )
    )
    numbers = base.mark_text().encode(altair.Text("count:Q", format=","))
    return altair.layer(squares, numbers).properties(  # type: ignore[return-value]
        width=side, height=side, title=_("classes given to each class")
    )


def _diagonal() -> "altair.Chart":
    import altair

    ends = [{"x": 0, "y": 0}, {"x": 1, "y": 1}]
    chart: altair.Chart = (
        altair.Chart(data(ends))
        .mark_line(color=GREY, strokeDash=[4, 4])
        .encode(altair.X("x:Q"), altair.Y("y:Q"))
    )
    return chart


def calibration_panel(rows: list[Record]) -> "altair.LayerChart":
    """The panel of how often a model is right by the probability that it gives."""
    import altair

    unit = altair.Scale(domain=[0, 1])
    points = (
        altair.Chart(data(rows))
        .mark_line(point=True, color=BLUE)
        .encode(
            altair.X("probability:Q", scale=unit, title=_("probability that the model gives")),
            altair.Y("share:Q", scale=unit, title=_("share that is right")),
            tooltip=tooltip("probability:Q", "share:Q", "documents:Q"),
        )
    )
    return altair.layer(_diagonal(), points).properties(  # type: ignore[return-value]
        width=_SIDE, height=_SIDE, title=_("calibration")
    )


def _curve(curves: list[Record], kind: str) -> "altair.Chart | altair.LayerChart":
    import altair

    titles = {
        "roc": (_("ROC"), _("false positive rate"), _("true positive rate")),
        "pr": (_("precision and recall"), _("recall"), _("precision")),
    }
    title, across, up = titles[kind]
    rows = [row for row in curves if row["kind"] == kind]
    unit = altair.Scale(domain=[0, 1])
    labels = list(dict.fromkeys(row["label"] for row in rows))
    lines = (
        altair.Chart(data(rows))
        .mark_line()
        .encode(
            altair.X("x:Q", scale=unit, title=across),
            altair.Y("y:Q", scale=unit, title=up),
            altair.Order("order:Q"),
            altair.Color("label:N", sort=labels, title=_("class"))
            if len(labels) > 1
            else altair.ColorValue(ORANGE),
        )
    )
    below = [_diagonal()] if kind == "roc" else []
    return altair.layer(*below, lines).properties(  # type: ignore[return-value]
        width=_SIDE, height=_SIDE, title=title
    )
