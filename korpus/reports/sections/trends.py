"""The shares of chosen words over time."""

from korpus.messages import _, column_title
from korpus.records import Record
from korpus.reports.gather import Findings
from korpus.reports.section import (
    Section,
    Spec,
    inline,
    period_axis,
    period_text,
    quoted,
    value_axis,
)

_SHOWN = 4
_HEIGHT, _LINE = 300, 17  # pixels: of the chart, and of the name of a line


def trends(found: Findings) -> Section | None:
    """How often words are used over time; None without dates."""
    if not found.corpus.dates:
        return None
    rows = list(found.trends.table())
    series: dict[tuple[str, str], list[int]] = {}
    for row in found.trends.series():
        series.setdefault((row["term"], row["tag"]), []).append(row["count"])
    words: dict[str, list[int]] = {}
    for (term, _tag), counts in series.items():
        before = words.get(term, [0] * len(counts))
        words[term] = [a + b for a, b in zip(before, counts, strict=True)]
    rising = [row for row in rows if row["trend"] == "hot"]
    falling = [row for row in reversed(rows) if row["trend"] == "cold"]
    first = [*found.plan.terms] or _first(found, rising, falling)
    names = sorted(words, key=lambda word: (-sum(words[word]), word))
    return Section(
        "trends",
        _("Words over time"),
        _lead(rising, falling),
        charts={"trends": _lines(found)},
        values={
            "words": names,
            "label": _("Add a word"),
            "caption": _("Share of all words of a period"),
            "help": _("The {number} most frequent words can be chosen.").format(number=len(names)),
        },
        data={
            "words": words,
            "periods": [period_text(name) for name in found.trends.periods],
            "totals": found.trends.totals,
            "apart": _LINE / _HEIGHT,
            "first": [word for word in dict.fromkeys(first) if word in words][:8],
            "text": {
                "remove": _("Remove {word}"),
                "unknown": _("{word} is not among the words that can be chosen."),
            },
        },
    )


def _first(found: Findings, rising: list[Record], falling: list[Record]) -> list[str]:
    half = _SHOWN // 2
    clear = [row["term"] for row in (*rising[:half], *falling[:half])]
    return clear or [row["term"] for row in found.words[:_SHOWN]]


def _lead(rising: list[Record], falling: list[Record]) -> str:
    up, down = (", ".join(quoted(row["term"]) for row in rows[:3]) for rows in (rising, falling))
    if up and down:
        return _("Used more and more: {up}; less and less: {down}.").format(up=up, down=down)
    if up:
        return _("Used more and more: {up}.").format(up=up)
    if down:
        return _("Used less and less: {down}.").format(down=down)
    return _("No frequent word rises or falls clearly over time.")


def _lines(found: Findings) -> Spec:
    axis = period_axis()
    names = [period_text(name) for name in found.trends.periods]
    x = {"field": "period", "type": "ordinal", "sort": names, "axis": axis}
    y = {"field": "share", "type": "quantitative", "axis": value_axis(format=".2~%")}
    colour = {
        **{"field": "word", "type": "nominal", "sort": None},
        "legend": None,
    }
    tooltip = [
        {"field": "word", "title": column_title("word")},
        {"field": "period", "title": column_title("period")},
        {"field": "count", "title": _("occurrences"), "format": ",d"},
        {"field": "share", "title": _("share of words"), "format": ".2%"},
    ]
    dots = {"type": "circle", "size": 40, "opacity": 1}
    names_of_lines = {"type": "text", "align": "left", "dx": 9, "clip": False}
    return {
        "data": inline([]),
        "height": _HEIGHT,
        "padding": {"left": 0, "top": 5, "right": 76, "bottom": 5},
        "encoding": {"x": x, "color": colour},
        "layer": [
            {"mark": {"type": "line"}, "encoding": {"y": y}},
            {"mark": dots, "encoding": {"y": y, "tooltip": tooltip}},
            {
                "transform": [{"filter": "isValid(datum.at)"}],
                "mark": names_of_lines,
                "encoding": {"y": {**y, "field": "at"}, "text": {"field": "label"}},
            },
        ],
    }
