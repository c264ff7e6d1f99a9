"""The picture of dtm: a panel per topic with the weights of its words over time."""

from typing import TYPE_CHECKING, Any

from korpus.documents.cuts import period_start
from korpus.messages import _
from korpus.records import Record
from korpus.views.style import (
    ACROSS,
    LINE_COLOURS,
    PANEL_HEIGHT,
    PANEL_WIDTH,
    data,
    dates,
    shares,
    styled,
    tooltip,
)

if TYPE_CHECKING:
    import altair

    from korpus.models.topics.dtm_model import DtmModel

_MOST_PANELS, _WORDS, _LABEL = 12, 5, 3


def plot_dtm(model: "DtmModel") -> "altair.ConcatChart":
    """Draw the words of topics over time: the five that have the largest weight in any period.

    Of more than 12 topics the largest. Over each panel stand the first words of the topic, and its
    share in the first and the last period.
    """
    import altair

    every = model.options["every"]
    dates = [period_start(name, every).isoformat() for name in model.periods]
    shares: dict[Any, list[float | None]] = {}
    for row in model.by_period():
        shares.setdefault(row["topic"], []).append(row["share"])
    first: dict[Any, list[str]] = {}
    for row in model.topic_terms(top=_LABEL):
        first.setdefault(row["topic"], []).append(row["term"])
    panels = []
    for topic, name in enumerate(model.topic_names[:_MOST_PANELS]):
        rows = [
            {"date": date, "period": period, "term": term, "weight": float(weight)}
            for term, weights in model.paths(topic, _WORDS)
            for date, period, weight in zip(dates, model.periods, weights, strict=True)
        ]
        known = [share for share in shares[name] if share is not None]
        span = f"{known[0]:.0%} → {known[-1]:.0%}"
        panels.append(_panel(f"{name}: {' '.join(first[name])} ({span})", rows, every))
    note = _("weights of words in topics; in brackets: share of the topic, first to last period")
    chart: altair.ConcatChart = altair.concat(*panels, columns=min(ACROSS, len(panels)))
    chart = chart.resolve_scale(color="independent", x="shared")
    return styled(chart, _("Words of topics over time"), note)


def _panel(title: str, rows: list[Record], every: str) -> Any:
    import altair

    return (
        altair.Chart(data(rows))
        .mark_line(point={"size": 12})
        .encode(
            altair.X("date:T", **dates(every)),
            altair.Y("weight:Q", title=None, axis=shares()),
            altair.Color(
                "term:N",
                title=None,
                sort=list(dict.fromkeys(row["term"] for row in rows)),
                scale=altair.Scale(range=list(LINE_COLOURS)),
            ),
            tooltip=tooltip("period:N", "term:N", "weight:Q"),
        )
        .properties(title=title, width=PANEL_WIDTH, height=PANEL_HEIGHT)
    )
