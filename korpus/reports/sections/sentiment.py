"""Sentiment: the words of good and bad ratings, or the feeling by a lexicon."""

from collections import Counter, defaultdict
from typing import Any

from korpus.documents.cuts import all_periods
from korpus.errors import KorpusError
from korpus.messages import _, column_title
from korpus.reports.gather import Findings
from korpus.reports.section import (
    Section,
    Spec,
    dots,
    few_note,
    inline,
    percent,
    period_axis,
    period_text,
    quoted,
    step,
    text_axis,
    value_axis,
)

_WORDS = 15  # on each side


def sentiment(found: Findings) -> Section | None:
    """What goes with good and bad ratings; None without ratings and lexicon."""
    if found.corpus.scores:
        return _of_lexicon(found)
    if found.corpus.rated is None:
        return None
    words = [*found.corpus.rated.lexicon().table()]
    good = [row for row in words if row["polarity"] > 0][:_WORDS]
    bad = [row for row in reversed(words) if row["polarity"] < 0][:_WORDS]
    if not good and not bad:
        raise KorpusError(_("no word goes with good or bad ratings"))
    lead = _("Good ratings go with {good}; bad ones with {bad}.").format(
        good=_named(good), bad=_named(bad)
    )
    values = [float(rating) for rating in found.corpus.ratings if _is_number(rating)]
    charts = {"sentiment-words": _words([*good, *reversed(bad)])}
    over_time = _mean_over_time(found)
    if over_time:
        charts["sentiment-time"] = over_time
    return Section(
        "sentiment",
        _("Sentiment"),
        lead,
        charts=charts,
        values={
            "names": {
                "sentiment-words": _("Words by the ratings of the documents that have them"),
                "sentiment-time": _("Mean rating over time"),
            },
            "help": _(
                "Mean of {column}: {mean}. A word's value is the mean rating of its documents less "
                "that of all, in tens of standard errors."
            ).format(column=found.plan.rating, mean=f"{sum(values) / len(values):.2f}")
            + (
                few_note(
                    row["documents"] for row in over_time["data"]["values"] if row["documents"]
                )
                if over_time
                else ""
            ),
            "headings": [column_title("word"), column_title("polarity")],
            "rows": [(_form(row["word"]), f"{row['polarity']:+.2f}") for row in [*good, *bad]],
        },
    )


def _of_lexicon(found: Findings) -> Section:
    names = {1: column_title("positive"), 0: _("neutral"), -1: column_title("negative")}
    signs = [(score > 0) - (score < 0) for score in found.corpus.scores]
    counts = Counter(signs)
    lead = _("By the lexicon, {good} of the documents are positive and {bad} negative.").format(
        good=percent(counts[1] / len(signs)), bad=percent(counts[-1] / len(signs))
    )
    rows = [{"name": name, "documents": counts[sign]} for sign, name in names.items()]
    charts = {"sentiment-signs": _signs(rows)}
    over_time = _signs_over_time(found, signs, names)
    if over_time:
        charts["sentiment-time"] = over_time
    return Section(
        "sentiment",
        _("Sentiment"),
        lead,
        charts=charts,
        values={
            "names": {
                "sentiment-signs": _("Documents by feeling"),
                "sentiment-time": _("Feeling over time"),
            },
            "help": _("The feeling of a document is the sign of the sum of its words' polarities."),
            "headings": [_("feeling"), column_title("documents")],
            "rows": [(row["name"], f"{row['documents']:,}") for row in rows],
        },
    )


def _named(rows: list[dict[str, Any]]) -> str:
    return ", ".join(quoted(_form(row["word"])) for row in rows[:3]) or _("no word")


def _form(word: str) -> str:
    """A word without its tag."""
    return word.rpartition("/")[0] or word


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def _words(rows: list[dict[str, Any]]) -> Spec:
    values = [
        {"word": _form(row["word"]), "key": row["word"], "polarity": round(row["polarity"], 3)}
        for row in rows
    ]
    axis = {**text_axis(), "labelExpr": "split(datum.label, '/')[0]"}
    return {
        "data": inline(values),
        **step(19),
        "mark": {"type": "bar", "height": {"band": 0.72}},
        "encoding": {
            "y": {"field": "key", "type": "nominal", "sort": None, "axis": axis},
            "x": {"field": "polarity", "type": "quantitative", "axis": _signed_axis()},
            "color": {
                "condition": {"test": "datum.polarity > 0", "value": "var(--c1)"},
                "value": "var(--c2)",
            },
            "tooltip": [
                {"field": "word", "title": column_title("word")},
                {"field": "polarity", "title": column_title("polarity"), "format": "+.2f"},
            ],
        },
    }


def _signed_axis() -> dict[str, Any]:
    """The axis of numbers above and below 0, which has no sign."""
    signed = "datum.value ? format(datum.value, '+.1f') : '0'"
    return {**value_axis(), "labelExpr": signed, "labelOverlap": True, "labelSeparation": 8}


def _signs(rows: list[dict[str, Any]]) -> Spec:
    return {
        "data": inline(rows),
        **step(34),
        "mark": {"type": "bar", "height": {"band": 0.72}},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": None, "axis": text_axis()},
            "x": {"field": "documents", "type": "quantitative", "axis": value_axis()},
            "color": {**_colours([row["name"] for row in rows]), "field": "name", "legend": None},
        },
    }


def _colours(names: list[str]) -> dict[str, Any]:
    shades = ["var(--c1)", "var(--grey)", "var(--c2)"]
    return {"type": "nominal", "scale": {"domain": names, "range": shades}}


def _mean_over_time(found: Findings) -> Spec | None:
    sums: defaultdict[str, list[float]] = defaultdict(list)
    for period, rating in zip(_periods(found), found.corpus.ratings, strict=False):
        if period and _is_number(rating):
            sums[period].append(float(rating))
    if len(sums) < 2:
        return None
    rows = [
        {
            "period": period_text(name),
            "mean": sum(sums[name]) / len(sums[name]) if name in sums else None,
            "documents": len(sums.get(name, [])),
        }
        for name in all_periods(min(sums), max(sums), found.every)
    ]
    y = {
        **{"field": "mean", "type": "quantitative", "scale": {"zero": False, "nice": 5}},
        "axis": value_axis(format=".1f"),
    }
    layers = [{"mark": "line"}, dots()]
    return _over_time(rows, {"layer": layers, "encoding": {"y": y}}, _("mean"), "mean")


def _signs_over_time(found: Findings, signs: list[int], names: dict[int, str]) -> Spec | None:
    counts: Counter[tuple[str, int]] = Counter(zip(_periods(found), signs, strict=False))
    periods = {period for period, _sign in counts if period}
    if len(periods) < 2:
        return None
    rows = [
        {"period": period_text(name), "feeling": names[sign], "documents": counts[name, sign]}
        for name in all_periods(min(periods), max(periods), found.every)
        for sign in names
    ]
    y = {
        **{"field": "documents", "type": "quantitative", "stack": "normalize"},
        "axis": value_axis(format=".0%"),
    }
    colour = {**_colours([*names.values()]), "field": "feeling"}
    encoding = {"y": y, "color": {**colour, "legend": {"title": None, "orient": "top"}}}
    return _over_time(rows, {"mark": "bar", "encoding": encoding}, _("feeling"), "feeling")


def _periods(found: Findings) -> list[str]:
    try:
        return found.periods if found.corpus.dates else []
    except KorpusError:
        return []


def _over_time(rows: list[dict[str, Any]], chart: Spec, title: str, named: str) -> Spec:
    axis = period_axis()
    encoding = {
        "x": {"field": "period", "type": "ordinal", "sort": None, "axis": axis},
        **chart["encoding"],
        "tooltip": [
            {"field": "period", "title": column_title("period")},
            {"field": named, "title": title, **({"format": ".2f"} if named == "mean" else {})},
            {"field": "documents", "title": column_title("documents"), "format": ",d"},
        ],
    }
    return {**chart, "data": inline(rows), "height": 300, "encoding": encoding}
