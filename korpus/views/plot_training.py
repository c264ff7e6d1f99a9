"""Pictures of trained transformers: loss and accuracy by epoch, rewards by step."""

from typing import TYPE_CHECKING, Any

from korpus.messages import _
from korpus.models.classify.quality import (
    Outcome,
    calibration_table,
    confusion_table,
)
from korpus.records import Record, Table
from korpus.views.plot_classes import calibration_panel, confusion_panel
from korpus.views.style import COLOURS, PANEL_WIDTH, data, styled, tooltip

if TYPE_CHECKING:
    import altair

_SIDE = PANEL_WIDTH
_TICKS = 10  # epochs that all are written on the axis


def plot_training(curve: Table, outcome: Outcome | None = None) -> "altair.ConcatChart":
    """Draw the curve of a training, and for a classifier the classes that it gives.

    Columns in: `epoch`, `train_loss`, `held_out_loss`, `held_out_accuracy`.
    """
    import altair

    rows = list(curve)
    names = {"train_loss": _("training"), "held_out_loss": _("held out")}
    panels: list[Any] = [lines_panel(rows, "epoch", names, _("loss"), x=_("epoch"))]
    if any(row["held_out_accuracy"] is not None for row in rows):
        share = {"held_out_accuracy": _("held out")}
        panels.append(lines_panel(rows, "epoch", share, _("accuracy"), x=_("epoch")))
    if outcome is not None:
        panels.append(confusion_panel(list(confusion_table(outcome))))
        panels.append(calibration_panel(list(calibration_table(outcome))))
    drawn: altair.ConcatChart = altair.concat(*panels, columns=2).resolve_scale(color="independent")
    return styled(drawn, _("Training of the model"))


def plot_alignment(curve: Table) -> "altair.ConcatChart":
    """Draw rewards, the distance from the model before (KL) and the loss by step.

    Columns in: `step`, and those of `loss`, `reward`, `kl`, `accuracy`, `margin` that are known.
    """
    import altair

    rows = list(curve)
    titles = {
        "reward": _("mean reward"),
        "kl": _("distance from the model before (KL)"),
        "accuracy": _("accuracy"),
        "margin": _("margin of the chosen response"),
        "loss": _("loss"),
    }
    panels: list[Any] = [
        lines_panel(rows, "step", {name: title}, title, x=_("step"))
        for name, title in titles.items()
        if any(row.get(name) is not None for row in rows)
    ]
    drawn: altair.ConcatChart = altair.concat(*panels, columns=2)
    return styled(drawn, _("Alignment of the model"))


def lines_panel(
    rows: list[Record], by: str, names: dict[str, str], title: str, *, x: str
) -> "altair.Chart":
    """A panel with a line per column. `names`: what the columns are called in the legend."""
    import altair

    points = [
        {"at": row[by], "value": row[name], "kind": shown}
        for name, shown in names.items()
        for row in rows
        if row.get(name) is not None
    ]
    kinds = list(names.values())
    colour = altair.Scale(domain=kinds, range=list(COLOURS[: len(kinds)]))
    legend = altair.Legend(orient="bottom") if len(kinds) > 1 else None
    places = sorted({point["at"] for point in points})
    ticks: dict[str, Any] = {}
    if len(places) <= _TICKS:
        ticks = {"values": places, "format": "d"}
    chart: altair.Chart = (
        altair.Chart(data(points))
        .mark_line(point=len(points) < 80)
        .encode(
            altair.X(
                "at:Q",
                title=x,
                axis=altair.Axis(**ticks),
            ).scale(zero=False, nice=not ticks),
            altair.Y("value:Q", title=title).scale(zero=False),
            altair.Color("kind:N", scale=colour, title=None, legend=legend),
            tooltip=tooltip("at:Q", "value:Q", "kind:N"),
        )
        .properties(width=_SIDE, height=_SIDE, title=title)
    )
    return chart
