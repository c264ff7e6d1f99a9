"""The picture of sentiment: diverging bars of negative, neutral and positive shares."""

import logging
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from korpus.documents.cuts import order_of
from korpus.documents.groups import shown
from korpus.errors import KorpusError
from korpus.messages import _, column_title, plural
from korpus.records import Table
from korpus.views.charts import BLUE, ORANGE, styled
from korpus.views.labels import shortened

if TYPE_CHECKING:
    import altair

logger = logging.getLogger("korpus")

_SIDES = ("negative", "neutral", "positive")
_COLOURS = (ORANGE, "#bbbbbb", BLUE)
_WIDTH, _BAR = 320, 24  # pixels
_MOST_BARS, _MOST_PANELS = 40, 24


def plot_sentiment(table: Table, group: str | None = None) -> "altair.ConcatChart":
    """Draw the shares of feelings: negative ones left of 0, positive ones right of it.

    The neutral ones are half on either side (Heiberger & Robbins 2014). One bar per value of
    `group`, and then one panel per aspect; else one bar per aspect, the best first. Of many, the 40
    bars and 24 panels with the most rows are drawn, which is logged.
    Columns in: `sentiment`, and those of `aspect` and `group` that the table has.
    """
    import altair

    has = {name: name in table.columns for name in ("aspect", "group")}
    panels: dict[str, dict[str, Counter[str]]] = {}
    for row in table:
        bar = str(row["group" if has["group"] else "aspect"]) if any(has.values()) else ""
        panel = row["aspect"] if all(has.values()) else ""
        panels.setdefault(panel, {}).setdefault(bar, Counter())[row["sentiment"]] += 1
    if not panels:
        raise KorpusError(_("there is nothing to draw: no row is left"))
    titles = _most({name: sum(map(Counter.total, bars.values())) for name, bars in panels.items()},
                   _MOST_PANELS)  # fmt: skip
    if len(titles) < len(panels):
        logger.info(_("%s left out of the picture"), plural(len(panels) - len(titles), "aspect"))
    drawn = [_panel(title, panels[title], group if has["group"] else None) for title in titles]
    title = _("share of negative, neutral and positive")
    return styled(altair.concat(*drawn, columns=min(3, len(drawn)), title=title))


def _most(sizes: dict[str, int], most: int) -> list[str]:
    """The names with the largest sizes, in their order."""
    kept = set(sorted(sizes, key=lambda name: -sizes[name])[:most])
    return [name for name in sizes if name in kept]


def _panel(title: str, counts: dict[str, Counter[str]], group: str | None) -> "altair.LayerChart":
    import altair

    names = _most({name: found.total() for name, found in counts.items()}, _MOST_BARS)
    if len(names) < len(counts):
        logger.info(_("%s left out of the picture"), plural(len(counts) - len(names), "bar"))
    if group:
        names.sort(key=order_of(group))
    else:
        names.sort(key=lambda name: -_net(counts[name]))
    bars: list[dict[str, Any]] = []
    for name in names:
        sizes = [counts[name][side] / counts[name].total() for side in _SIDES]
        ends = [end - sizes[0] - sizes[1] / 2 for end in accumulate([0, *sizes])]
        label = (
            f"{shortened(shown(name) if group else name or _('all'))} ({counts[name].total():,})"
        )
        for side, start, end, size in zip(_SIDES, ends, ends[1:], sizes, strict=False):
            number = counts[name][side]
            place = {"label": label, "start": start, "end": end, "middle": (start + end) / 2}
            bars.append({**place, "side": _side(side), "share": size, "count": number})
    base: Any = altair.Chart(altair.InlineData(values=bars)).encode(
        altair.Y("label:N", title=None, sort=list(dict.fromkeys(bar["label"] for bar in bars)))
    )
    percent = altair.Axis(labelExpr="format(abs(datum.value), '.0%')")
    scale = altair.Scale(domain=[-1, 1])
    colours = altair.Scale(domain=[*map(_side, _SIDES)], range=[*_COLOURS])
    rectangles = base.mark_bar().encode(
        altair.X("start:Q", title=None, axis=percent, scale=scale),
        altair.X2("end:Q"),
        altair.Color("side:N", title=None, scale=colours),
        tooltip=["label:N", "side:N", "count:Q", altair.Tooltip("share:Q", format=".1%")],
    )
    numbers = (
        base.transform_filter("datum.share >= 0.12")
        .mark_text()
        .encode(
            altair.X("middle:Q"),
            altair.Text("share:Q", format=".0%"),
            color=altair.condition(
                altair.FieldEqualPredicate(field="side", equal=_side("positive")),
                altair.value("white"),
                altair.value("black"),
            ),
        )
    )
    return altair.layer(rectangles, numbers).properties(  # type: ignore[return-value]
        title=title, width=_WIDTH, height=_BAR * len(names)
    )


def _side(name: str) -> str:
    return _("neutral") if name == "neutral" else column_title(name)


def _net(counts: Counter[str]) -> float:
    return (counts["positive"] - counts["negative"]) / counts.total()
