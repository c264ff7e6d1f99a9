"""The picture of trend: a panel per term with its share over time, its interval and its bursts."""

from typing import TYPE_CHECKING, Any

from korpus.documents.cuts import period_start
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record
from korpus.views.plot_keyness import label
from korpus.views.style import (
    ACROSS,
    BLUE,
    ORANGE,
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

    from korpus.tokens.trend import Trends

_MOST_PANELS = 12
_MOST_SHARES = 4  # how many times the greatest share an axis reaches


def plot_trend(trends: "Trends") -> "altair.ConcatChart":
    """Draw the shares of terms over time, with 95 % intervals; periods of bursts are marked.

    Of more than 12 terms, those 6 that rise and those 6 that fall most clearly.
    """
    import altair

    rows: dict[str, list[Record]] = {}
    series = list(trends.series())
    tags: dict[str, set[str]] = {}
    for row in series:
        tags.setdefault(row["term"], set()).add(row["tag"])
    for row in series:
        if row["share"] is None:
            continue  # a period without documents
        start = period_start(row[trends.heading], trends.every).isoformat()
        shown = {name: row[name] for name in ("share", "low", "high", "burst")}
        name = label(row) if len(tags[row["term"]]) > 1 else str(row["term"])
        rows.setdefault(name, []).append({"date": start, "period": row[trends.heading], **shown})
    if not rows:
        raise KorpusError(_("there is nothing to draw: no term is left"))
    names = list(rows)
    if len(names) > _MOST_PANELS:
        names = [*names[: _MOST_PANELS // 2], *names[-_MOST_PANELS // 2 :]]
    panels = [_panel(name, rows[name], trends.every) for name in names]
    note = [_("share per period with its 95 % interval; dots mark bursts")]
    if any(_highest(rows[name]) < max(row["high"] for row in rows[name]) for name in names):
        note.append(_("longer intervals are cut at the top"))
    chart = altair.concat(*panels, columns=min(ACROSS, len(panels)))
    return styled(chart, _("Terms over time"), note)


def _highest(rows: list[Record]) -> float:
    """The end of the axis: that of the intervals, or less if it would hide the shares."""
    share = max(row["share"] for row in rows)
    end: float = max(row["high"] for row in rows)
    return min(end, _MOST_SHARES * share) if share else end


def _panel(name: str, rows: list[Record], every: str) -> Any:
    import altair

    base = altair.Chart(data(rows)).encode(
        altair.X("date:T", **dates(every)),
        tooltip=tooltip("period:N", "share:Q"),
    )
    scale = altair.Scale(domain=[0, _highest(rows)], nice=False)
    share = altair.Y("share:Q", title=None, axis=shares(), scale=scale)
    band = base.mark_area(color=BLUE, opacity=0.2, clip=True).encode(
        altair.Y("low:Q", title=None, scale=scale), altair.Y2("high:Q")
    )
    line = base.mark_line(color=BLUE, point={"size": 12}).encode(share)
    bursts = (
        base.mark_point(color=ORANGE, filled=True, size=50, opacity=1)
        .encode(share)
        .transform_filter("datum.burst == 1")
    )
    return (band + line + bursts).properties(title=name, width=PANEL_WIDTH, height=PANEL_HEIGHT)
