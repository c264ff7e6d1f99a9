"""The frequent words, as bars and as a cloud."""

from itertools import islice
from typing import Any

from korpus.messages import _, column_title, plural
from korpus.reports.gather import Findings
from korpus.reports.section import (
    Section,
    Spec,
    inline,
    number,
    percent,
    quoted,
    room,
    step,
    text_axis,
    value_axis,
)

_BARS, _CLOUD = 30, 120


def words(found: Findings) -> Section:
    """The most frequent words."""
    first = list(islice(found.words, _CLOUD))
    tokens = found.counts.totals().total()
    shown = ", ".join(f"{quoted(row['term'])} ({number(row['count'])})" for row in first[:3])
    top = sum(row["count"] for row in first[:_BARS])
    lead = _("The most frequent words are {words}. The first {number} make up {share}.").format(
        words=shown, number=len(first[:_BARS]), share=percent(top / tokens)
    )
    rows = [
        {"word": row["term"], "count": row["count"], "df": row["df"], "share": row["share"]}
        for row in first
    ]
    return Section(
        "words",
        _("Frequent words"),
        lead,
        charts={"words-bars": _bars(rows[:_BARS]), "words-cloud": _cloud(rows)},
        values={
            "types": plural(len(found.words), "word"),
            "headings": [
                column_title("word"),
                _("occurrences"),
                column_title("documents"),
                _("share of tokens"),
            ],
            "rows": [
                (row["word"], number(row["count"]), number(row["df"]), percent(row["share"]))
                for row in rows[:_BARS]
            ],
        },
    )


def _bars(rows: list[dict[str, Any]]) -> Spec:
    scale = room(max(row["count"] for row in rows), 0.16)
    x = {"field": "count", "type": "quantitative", "axis": value_axis(), "scale": scale}
    y = {"field": "word", "type": "nominal", "sort": None, "axis": text_axis()}
    tooltip = [
        {"field": "word", "title": column_title("word")},
        {"field": "count", "title": _("occurrences"), "format": ",d"},
        {"field": "df", "title": column_title("documents"), "format": ",d"},
    ]
    return {
        "data": inline(rows),
        **step(21),
        "encoding": {"x": x, "y": y, "tooltip": tooltip},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.72}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {"text": {"field": "count", "format": ",d"}},
            },
        ],
    }


def _cloud(rows: list[dict[str, Any]]) -> Spec:
    """Words in sizes by their counts; Vega places them."""
    return {
        "$schema": "vega",
        "height": 420,
        "autosize": {"type": "fit", "contains": "padding"},
        "data": [{"name": "rows", "values": rows}],
        "scales": [
            {
                "name": "colour",
                "type": "ordinal",
                "domain": {"data": "rows", "field": "word"},
                "range": [f"var(--c{n})" for n in (1, 2, 3, 4, 6)],
            }
        ],
        "marks": [
            {
                "type": "text",
                "from": {"data": "rows"},
                "encode": {
                    "enter": {
                        "text": {"field": "word"},
                        "align": {"value": "center"},
                        "baseline": {"value": "alphabetic"},
                        "fill": {"scale": "colour", "field": "word"},
                        "tooltip": {"signal": "datum.word + ' ' + format(datum.count, ',d')"},
                    }
                },
                "transform": [
                    {
                        "type": "wordcloud",
                        "size": [{"signal": "width"}, {"signal": "height"}],
                        "text": {"field": "word"},
                        "font": "KorpusSans",
                        "fontSize": {"field": "datum.count"},
                        "fontSizeRange": [13, 64],
                        "padding": 3,
                    }
                ],
            }
        ],
    }
