"""The picture of sentiment: how many documents feel how, or how each aspect is felt about."""

from collections import Counter
from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.messages import _, column_title
from korpus.records import Table
from korpus.views.labels import shortened
from korpus.views.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PANEL_WIDTH,
    PAPER,
    data,
    shares,
    styled,
    tooltip,
)

if TYPE_CHECKING:
    import altair

_FEELINGS = {"positive": BLUE, "neutral": GREY, "negative": ORANGE}
_ROW, _MOST_ROWS, _HEIGHT = 28, 40, 260
_BINS = 30
_LEAST = 0.05  # share of a bar that has room for its number


def plot_sentiment(table: Table) -> "altair.TopLevelMixin":
    """Draw the table of `sentiment`: the scores of documents, or the shares of each aspect.

    Columns in: `sentiment`, `score`, and perhaps `aspect`, of which the 40 most frequent are drawn.
    """
    rows = list(table)
    if not rows:
        raise KorpusError(_("there is nothing to draw: the table has no rows"))
    if "aspect" in table.columns:
        return _aspects(Counter((row["aspect"], row["sentiment"]) for row in rows))
    return _scores([(row["sentiment"], row["score"]) for row in rows])


def _names() -> dict[str, str]:
    """The feelings in the reader's language."""
    positive, negative = map(column_title, ("positive", "negative"))
    return {"positive": positive, "neutral": _("neutral"), "negative": negative}


def _colour() -> "altair.Color":
    import altair

    scale = altair.Scale(domain=list(_names().values()), range=list(_FEELINGS.values()))
    return altair.Color("sentiment:N", title=None, scale=scale)


def _aspects(counts: Counter[tuple[str, str]]) -> "altair.TopLevelMixin":
    import altair

    totals: Counter[str] = Counter()
    for (aspect, _feeling), count in counts.items():
        totals[aspect] += count
    named = {aspect: f"{shortened(str(aspect))} ({n:,})" for aspect, n in totals.most_common()}
    values = []
    for aspect, label in list(named.items())[:_MOST_ROWS]:
        start = 0.0
        for feeling in _FEELINGS:
            count = counts[aspect, feeling]
            end = start + count / totals[aspect]
            shown = f"{count:,}" if end - start >= _LEAST else ""
            values.append(
                {"aspect": label, "sentiment": _names()[feeling], "count": count}
                | {"start": start, "end": end, "middle": (start + end) / 2, "shown": shown}
                | {"ink": PAPER if feeling == "positive" else INK}
            )
            start = end
    base = altair.Chart(data(values)).encode(
        altair.Y("aspect:N", title=None, sort=None),
        tooltip=tooltip("aspect:N", "sentiment:N", "count:Q"),
    )
    x = altair.X("start:Q", title=column_title("share"), axis=shares())
    bars = base.mark_bar().encode(x, altair.X2("end:Q"), _colour())
    ink = altair.Color("ink:N", scale=None)
    numbers = base.mark_text().encode(altair.X("middle:Q"), altair.Text("shown:N"), ink)
    rows = min(len(named), _MOST_ROWS)
    chart = altair.LayerChart(
        layer=[bars, numbers], width=2 * PANEL_WIDTH, height=max(_ROW * rows, 2 * _ROW)
    )
    return styled(chart, _("Sentiment by aspect"), _("numbers: documents or sentences"))


def _scores(found: list[tuple[str, float]]) -> "altair.TopLevelMixin":
    import altair

    values = [{"sentiment": _names()[feeling], "score": score} for feeling, score in found]
    chart: altair.Chart = (
        altair.Chart(data(values))
        .mark_bar()
        .encode(
            altair.X("score:Q", bin=altair.Bin(maxbins=_BINS), title=column_title("score")),
            altair.Y("count()", title=column_title("count")),
            _colour(),
        )
        .properties(width=2 * PANEL_WIDTH, height=_HEIGHT)
    )
    return styled(chart, _("Sentiment"))
