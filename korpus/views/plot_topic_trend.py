"""The picture of topics trend: a panel per topic with its share over time, by group too."""

from typing import TYPE_CHECKING, Any

from korpus.documents.cuts import period_start
from korpus.messages import _
from korpus.records import Record
from korpus.views.plot_effects import by_colour, topic_title
from korpus.views.style import (
    ACROSS,
    BLUE,
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

    from korpus.models import TopicTrends

_MOST_PANELS = 12
_MOST_SHARES = 2  # how many times the greatest share an axis reaches


def plot_topic_trend(trends: "TopicTrends") -> "altair.ConcatChart":
    """Draw the shares of topics over time; with 95 % intervals, or in colours by group.

    Of more than 12 topics, those 6 that rise and those 6 that fall most clearly.
    """
    import altair

    by = trends.group_heading[0] if trends.group_heading else None
    panels: dict[str, list[Record]] = {}
    for row in trends.series():
        name = topic_title(row["topic"], row["terms"])
        if row["share"] is None:
            continue  # a period without documents
        start = period_start(row[trends.heading], trends.every).isoformat()
        shown = {name: row[name] for name in ("share", "low", "high")}
        group = row[by] or _("no value") if by else None
        found = {"date": start, "period": row[trends.heading], "group": group, **shown}
        panels.setdefault(name, []).append(found)
    names = list(panels)
    if len(names) > _MOST_PANELS:
        names = [*names[: _MOST_PANELS // 2], *names[-_MOST_PANELS // 2 :]]
    charts = [_panel(name, panels[name], trends.every, by) for name in names]
    note = _("share of the topic per period")
    if by is None:
        note = _("share of the topic per period, with its 95 % interval")
    chart = altair.concat(*charts, columns=min(ACROSS, len(charts)))
    return styled(chart, _("Topics over time"), note)


def _panel(name: str, rows: list[Record], every: str, by: str | None) -> Any:
    import altair

    colour = by_colour(by)
    top = max(row["share"] for row in rows)
    highest = max((row["high"] for row in rows if row["high"] is not None), default=top)
    end = top if by else min(highest, _MOST_SHARES * top)
    scale = altair.Scale(domain=[0, max(end, 1e-9)], nice=False)
    share: dict[str, Any] = {"title": None, "axis": shares(), "scale": scale}
    base = altair.Chart(data(rows)).encode(
        altair.X("date:T", **dates(every)),
        tooltip=tooltip("period:N", "group:N", "share:Q"),
        **colour,
    )
    plain: dict[str, Any] = {} if by else {"color": BLUE}
    line: Any = base.mark_line(point={"size": 12}, **plain).encode(altair.Y("share:Q", **share))
    if by is None:
        band = base.mark_area(color=BLUE, opacity=0.2, clip=True).encode(
            altair.Y("low:Q", **share), altair.Y2("high:Q")
        )
        line = band + line
    return line.properties(title=name, width=PANEL_WIDTH, height=PANEL_HEIGHT)
