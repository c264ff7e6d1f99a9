"""The pictures of sentiment: scores, or diverging bars of negative, neutral, positive shares."""

import logging
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from korpus.documents.cuts import order_of
from korpus.documents.groups import shown
from korpus.errors import KorpusError
from korpus.messages import _, column_title, plural
from korpus.records import Table
from korpus.views.labels import distinct, shortened
from korpus.views.style import (
    BLUE,
    GREY,
    INK,
    MOST_PANELS,
    ORANGE,
    PANEL_WIDTH,
    PAPER,
    data,
    measure,
    styled,
    tooltip,
)

if TYPE_CHECKING:
    import altair

logger = logging.getLogger("korpus")

_SIDES = {"negative": ORANGE, "neutral": GREY, "positive": BLUE}
_ROW, _HEIGHT = 28, 260  # pixels
_MOST_BARS, _BINS = 40, 30
_LEAST = 0.12  # share of a bar that has room for its number


def plot_sentiment(table: Table, group: str | None = None) -> "altair.TopLevelMixin":
    """Draw how many documents have which score, or the shares of feelings of aspects and groups.

    Of shares, negative ones are left of 0 and positive ones right of it, and the neutral ones are
    half on either side (Heiberger & Robbins 2014). One bar per value of `group`, and then one panel
    per aspect; else one bar per aspect, the best first. Of many, the 40 bars and 24 panels with the
    most rows are drawn, which is logged.
    Columns in: `sentiment`, `score`, and those of `aspect` and `group` that the table has.
    """
    import altair

    has = {name: name in table.columns for name in ("aspect", "group")}
    rows = list(table)
    if not rows:
        raise KorpusError(_("there is nothing to draw: the table has no rows"))
    if not any(has.values()):
        return _scores([(row["sentiment"], row["score"]) for row in rows])
    panels: dict[str, dict[str, Counter[str]]] = {}
    for row in rows:
        bar = str(row["group" if has["group"] else "aspect"])
        panel = row["aspect"] if all(has.values()) else ""
        panels.setdefault(panel, {}).setdefault(bar, Counter())[row["sentiment"]] += 1
    sizes = {name: sum(map(Counter.total, bars.values())) for name, bars in panels.items()}
    titles = _most(sizes, MOST_PANELS)
    if len(titles) < len(panels):
        logger.info(_("%s left out of the picture"), plural(len(panels) - len(titles), "aspect"))
    drawn = [_panel(title, panels[title], group if has["group"] else None) for title in titles]
    chart = altair.concat(*drawn, columns=min(3, len(drawn)))
    heading = _("Sentiment by aspect") if has["aspect"] else _("Sentiment")
    return styled(chart, heading, _("share of negative, neutral and positive"))


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
    labels = distinct(
        f"{shortened(shown(name) if group else name)} ({counts[name].total():,})" for name in names
    )
    bars: list[dict[str, Any]] = []
    for name, label in zip(names, labels, strict=True):
        sizes = [counts[name][side] / counts[name].total() for side in _SIDES]
        ends = [end - sizes[0] - sizes[1] / 2 for end in accumulate([0, *sizes])]
        for side, start, end, size in zip(_SIDES, ends, ends[1:], sizes, strict=False):
            number = counts[name][side]
            place = {"label": label, "start": start, "end": end, "middle": (start + end) / 2}
            ink = PAPER if side == "positive" else INK
            bars.append(
                {**place, "sentiment": _side(side), "share": size, "count": number, "ink": ink}
            )
    base: Any = altair.Chart(data(bars)).encode(altair.Y("label:N", title=None, sort=labels))
    percent = altair.Axis(labelExpr="format(abs(datum.value), '.0%')")
    scale = altair.Scale(domain=[-1, 1])
    rectangles = base.mark_bar().encode(
        altair.X("start:Q", title=None, axis=percent, scale=scale),
        altair.X2("end:Q"),
        _colour(),
        tooltip=tooltip("label:N", "sentiment:N", "count:Q", "share:Q"),
    )
    numbers = (
        base.transform_filter(f"datum.share >= {_LEAST}")
        .mark_text()
        .encode(
            altair.X("middle:Q"),
            altair.Text("share:Q", format=".0%"),
            altair.Color("ink:N", scale=None),
        )
    )
    return altair.layer(rectangles, numbers).properties(  # type: ignore[return-value]
        title=title, width=PANEL_WIDTH, height=_ROW * max(len(names), 2)
    )


def _scores(found: list[tuple[str, float]]) -> "altair.TopLevelMixin":
    import altair

    values = [{"sentiment": _side(side), "score": score} for side, score in found]
    chart: altair.Chart = (
        altair.Chart(data(values))
        .mark_bar()
        .encode(
            altair.X("score:Q", bin=altair.Bin(maxbins=_BINS), title=measure("score")),
            altair.Y("count()", title=measure("count")),
            _colour(),
        )
        .properties(width=2 * PANEL_WIDTH, height=_HEIGHT)
    )
    return styled(chart, _("Sentiment"))


def _colour() -> "altair.Color":
    import altair

    scale = altair.Scale(domain=[*map(_side, _SIDES)], range=[*_SIDES.values()])
    return altair.Color("sentiment:N", title=None, scale=scale)


def _side(name: str) -> str:
    return _("neutral") if name == "neutral" else column_title(name)


def _net(counts: Counter[str]) -> float:
    return (counts["positive"] - counts["negative"]) / counts.total()
