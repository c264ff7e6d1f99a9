"""The picture of topics effects: expected shares by group, or along numbers and dates."""

from typing import TYPE_CHECKING, Any

from korpus.messages import _
from korpus.records import Record
from korpus.views.style import (
    ACROSS,
    BLUE,
    LARGE,
    LINE_COLOURS,
    PANEL_HEIGHT,
    PANEL_WIDTH,
    data,
    shares,
    styled,
    tooltip,
)

if TYPE_CHECKING:
    import altair

    from korpus.models import Effects
    from korpus.models.topics.design import Variable

_MOST_TOPICS = 12
_LEAST, _MOST = -0.2, 1.2  # shares that curves are drawn to
_WORDS = 3  # of a topic in a title
_ROW = 22  # pixels


def plot_effects(effects: "Effects") -> "altair.VConcatChart":
    """Draw the expected share of each topic, with its 95 % interval: a block per column.

    Groups as points, numbers and dates as curves with a band; in colours by the groups of an
    interaction. Of more than 12 topics the first 12.
    """
    import altair

    shown = {*effects.model.topic_names[:_MOST_TOPICS]}
    rows: dict[str, dict[int | str, list[Record]]] = {}
    for row in effects.expected():
        if row["topic"] in shown:
            rows.setdefault(row["column"], {}).setdefault(row["topic"], []).append(row)
    blocks = []
    for column, topics in rows.items():
        variable = effects.design.variables[column]
        panels = [_panel(found, variable) for found in topics.values()]
        title = _("expected share by {column}, with its 95 % interval").format(column=column)
        heading = altair.TitleParams(title, offset=LARGE)
        blocks.append(altair.concat(*panels, columns=min(ACROSS, len(panels)), title=heading))
    chart = altair.vconcat(*blocks, spacing=30)
    note = ""
    if len(effects.model.shares) > _MOST_TOPICS:
        note = _("the {count} largest topics").format(count=_MOST_TOPICS)
    return styled(chart, _("Shares of topics by columns of the documents"), note)


def topic_title(topic: int | str, terms: str) -> str:
    """The title of a topic's panel: its number or name, and its first terms."""
    return f"{topic} {' '.join(terms.split()[:_WORDS])}"


def by_colour(column: str | None) -> dict[str, Any]:
    """The encoding that tells groups apart by colour; nothing without a column of groups."""
    import altair

    if column is None:
        return {}
    legend = altair.Legend(symbolOpacity=1)
    scale = altair.Scale(range=list(LINE_COLOURS))
    return {"color": altair.Color("group:N", sort=None, title=column, legend=legend, scale=scale)}


def _panel(rows: list[Record], variable: "Variable") -> Any:
    import altair

    shown = ("value", "group", "share", "low", "high")
    values = data([{name: row[name] for name in shown} for row in rows])
    colour = by_colour(rows[0]["by"])
    base = altair.Chart(values).encode(tooltip=tooltip("value:N", "group:N", "share:Q"))
    title = topic_title(rows[0]["topic"], rows[0]["terms"])
    scale = altair.Scale(zero=False)
    if not variable.levels:  # a curve of few documents may leave the shares that there are
        ends = max(_LEAST, min(row["low"] for row in rows)), max(row["high"] for row in rows)
        scale = altair.Scale(domain=[ends[0], min(_MOST, ends[1])])
    share: dict[str, Any] = {"title": None, "axis": shares(), "scale": scale}
    plain: dict[str, Any] = {} if colour else {"color": BLUE}
    if variable.levels:
        groups = len({row["group"] for row in rows})
        y = altair.Y("value:N", sort=None, title=None)
        offset: dict[str, Any] = {"yOffset": altair.YOffset("group:N", sort=None)} if colour else {}
        lines = base.mark_rule(**plain).encode(
            altair.X("low:Q", **share), altair.X2("high:Q"), y, **colour, **offset
        )
        points = base.mark_point(filled=True, size=40, opacity=1, **plain).encode(
            altair.X("share:Q", **share), y, **colour, **offset
        )
        height = max(_ROW * len(variable.levels) * (1 + groups) // 2, 60)
        return (lines + points).properties(title=title, width=PANEL_WIDTH, height=height)
    kind, scale, axis = "Q", altair.Scale(zero=False), altair.Axis()
    if variable.start is not None:
        kind, scale = "T", altair.Scale(type="utc")
        axis = altair.Axis(format="%Y-%m", labelOverlap=True)
    x = altair.X(f"value:{kind}", title=None, scale=scale, axis=axis)
    band = base.mark_area(opacity=0.2, clip=True, **plain).encode(
        x, altair.Y("low:Q", **share), altair.Y2("high:Q"), **colour
    )
    line = base.mark_line(clip=True, **plain).encode(x, altair.Y("share:Q", **share), **colour)
    return (band + line).properties(title=title, width=PANEL_WIDTH, height=PANEL_HEIGHT)
