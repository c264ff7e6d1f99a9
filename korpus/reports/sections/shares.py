"""The shares of topics over time: a small chart per topic."""

from collections import defaultdict
from typing import Any

from korpus.messages import _, column_title
from korpus.reports.gather import Findings
from korpus.reports.section import (
    Section,
    Spec,
    dots,
    few_note,
    in_many,
    inline,
    percent,
    period_axis,
    period_text,
    value_axis,
)


def shares(found: Findings) -> Section | None:
    """The topics over time; None without dates."""
    if not found.corpus.dates:
        return None
    trends = found.topic_trends
    series: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in trends.series():
        series[str(row["topic"])].append(
            {"period": row[trends.heading], **{name: row[name] for name in _VALUES}}
        )
    tests = {str(row["topic"]): row for row in trends.table()}
    known = [row for rows in series.values() for row in rows if row["share"] is not None]
    most = max(row["share"] for row in in_many(known))
    names = [str(name) for name in found.model.topic_names]
    terms = [" ".join(words) for words in found.model.ranked_terms(4, 0.6)]
    return Section(
        "shares",
        _("Topics over time"),
        _lead(tests, dict(zip(names, terms, strict=True)), series),
        charts={f"shares-{place}": _lines(series[name], most) for place, name in enumerate(names)},
        values={
            "topics": [
                {"name": name, "terms": words, "trend": _trend(tests[name])}
                for name, words in zip(names, terms, strict=True)
            ],
            "help": _(
                "Mean share of a topic in the documents of a period, with its 95% interval. Rising "
                "and falling: Mann-Kendall test, q < 0.05."
            )
            + few_note(row["documents"] for row in known),
            "headings": [column_title("topic"), *(period_text(name) for name in trends.periods)],
            "rows": [
                (
                    f"{name} {words}",
                    *(
                        "" if row["share"] is None else percent(row["share"])
                        for row in series[name]
                    ),
                )
                for name, words in zip(names, terms, strict=True)
            ],
        },
    )


_VALUES = ("documents", "share", "low", "high")


def _trend(test: dict[str, Any]) -> str:
    return {"hot": _("rising"), "cold": _("falling")}.get(test["trend"], "")


def _lead(
    tests: dict[str, dict[str, Any]],
    terms: dict[str, str],
    series: dict[str, list[dict[str, Any]]],
) -> str:
    clear = [name for name, row in tests.items() if row["trend"]]
    if not clear:
        return _("No topic rises or falls clearly over time.")
    name = max(clear, key=lambda topic: abs(tests[topic]["z"]))
    known = in_many([row for row in series[name] if row["share"] is not None])
    return _("Topic {topic} ({terms}) changes most clearly: from {first} to {last}.").format(
        topic=name,
        terms=terms[name],
        first=f"{percent(known[0]['share'])} ({period_text(known[0]['period'])})",
        last=f"{percent(known[-1]['share'])} ({period_text(known[-1]['period'])})",
    )


def _lines(rows: list[dict[str, Any]], most: float) -> Spec:
    y = {
        "type": "quantitative",
        "axis": {**value_axis(format=".0%"), "tickCount": 3},
        "scale": {"domain": [0, most * 1.15], "clamp": True},
    }
    names = [row["period"] for row in rows]
    shown = sorted({0, (len(names) - 1) // 2, len(names) - 1})
    axis = {**period_axis(), "values": [names[place] for place in shown]}
    x = {"field": "period", "type": "ordinal", "sort": None, "axis": axis}
    tooltip = [
        {"field": "period", "title": column_title("period")},
        {"field": "share", "title": column_title("share"), "format": ".1%"},
        {"field": "documents", "title": column_title("documents"), "format": ",d"},
    ]
    return {
        "data": inline(rows),
        "height": 110,
        "encoding": {"x": x, "tooltip": tooltip},
        "layer": [
            {
                "mark": {"type": "area", "opacity": 0.18, "color": "var(--c1)"},
                "encoding": {"y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {"mark": {"type": "line"}, "encoding": {"y": {"field": "share", **y}}},
            {**dots(28), "encoding": {**dots(28)["encoding"], "y": {"field": "share", **y}}},
        ],
    }
