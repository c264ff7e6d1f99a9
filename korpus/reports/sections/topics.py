"""The topics: a map, their terms by relevance, and their most typical documents.

In the manner of LDAvis (Sievert & Shirley 2014).
"""

from typing import Any

from korpus.messages import _, column_title, plural
from korpus.models import topic_map
from korpus.models.topics.topic_model import TopicModel
from korpus.reports.gather import Findings
from korpus.reports.section import Section, Spec, inline, percent, step, text_axis, value_axis
from korpus.views.maps import topic_circles

_TERMS, _STEPS = 24, 10  # terms that are shown, and steps of the slider
_DOCUMENTS = 6  # typical ones
_SIDE = 420  # pixels of the map


def topics(found: Findings) -> Section:
    """The topics of the model."""
    model = found.model
    points, height = topic_circles(list(topic_map(model, top=5)), _SIDE)
    names = [str(name) for name in model.topic_names]
    rows: list[dict[str, Any]] = [
        {
            "topic": place,
            "name": name,
            "terms": " ".join(terms),
            "share": float(share),
            "x": round(point.x, 1),
            "y": round(point.y, 1),
            "area": round(4 * point.radius**2),
        }
        for place, (name, terms, share, point) in enumerate(
            zip(names, model.ranked_terms(5, 0.6), model.shares, points, strict=True)
        )
    ]
    lead = _("{topics} were found. The largest has {share} of all words: {terms}.").format(
        topics=plural(len(rows), "topic"), share=percent(rows[0]["share"]), terms=rows[0]["terms"]
    )
    return Section(
        "topics",
        _("Topics"),
        lead,
        charts={"topic-map": _map(rows, height), "topic-terms": _bars()},
        values={
            "headings": [column_title("topic"), _("first words"), _("share of words")],
            "rows": [
                {**row, "percent": percent(row["share"]), "width": _width(row, rows)}
                for row in rows
            ],
            "documents": len(found.corpus),
            "words": [column_title("word"), *_counts(), _("Topics")],
        },
        data={
            "terms": (terms := _terms(model)),
            "spread": _spread(model, {term for rows in terms for term, *_rest in rows}),
            "largest": max(row["area"] for row in rows),
            "typical": [_typical(found, topic) for topic in range(len(rows))],
            "shown": _TERMS,
            "text": {
                "share": _("{percent} of this topic"),
                "none": _("no document"),
                "spread": _("areas: where {word} occurs"),
            },
        },
    )


def _width(row: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    return f"{100 * row['share'] / max(one['share'] for one in rows):.1f}%"


def _terms(model: TopicModel) -> list[list[list[Any]]]:
    """Per topic the terms that the slider may show: term, count in the topic, count in all."""
    import numpy

    marginal = model.shares @ model.topic_term
    total = float(model.term_frequency.sum())
    chosen: list[set[int]] = [set() for _topic in model.shares]
    with numpy.errstate(divide="ignore", invalid="ignore"):
        logs, lifts = numpy.log(model.topic_term), numpy.log(model.topic_term / marginal)
    for number in range(_STEPS + 1):
        weight = number / _STEPS
        with numpy.errstate(invalid="ignore"):  # 0 × -inf of terms that a topic of nmf lacks
            scores = weight * logs + (1 - weight) * lifts
        scores = numpy.nan_to_num(scores, nan=-1e9, neginf=-1e9)
        for topic, row in enumerate(scores):
            chosen[topic] |= {*numpy.argsort(-row, kind="stable")[:_TERMS].tolist()}
    found = []
    for topic, columns in enumerate(chosen):
        size = float(model.shares[topic]) * total
        found.append(
            [
                [
                    model.terms[column],
                    float(f"{model.topic_term[topic, column]:.3g}"),
                    float(f"{marginal[column]:.3g}"),
                    round(float(model.topic_term[topic, column]) * size, 1),
                    round(float(marginal[column]) * total, 1),
                ]
                for column in sorted(columns)
                if model.topic_term[topic, column] > 0
            ]
        )
    return found


def _spread(model: TopicModel, terms: set[str]) -> dict[str, list[list[int]]]:
    """Per term the topics of its occurrences: topic and per cent, without those below 1 %."""
    weights = model.topic_term * model.shares[:, None]
    percents = (100 * weights / weights.sum(axis=0).clip(min=1e-300)).round().astype(int)
    return {
        term: [[topic, int(value)] for topic, value in enumerate(percents[:, place]) if value]
        for place, term in enumerate(model.terms)
        if term in terms
    }


def _counts() -> tuple[str, str]:
    return _("occurrences in this topic"), _("occurrences in all")


def _typical(found: Findings, topic: int) -> list[list[Any]]:
    """The most typical documents that the page has: number and share."""
    model, texts = found.model, found.corpus.texts
    rows = model.typical(topic, len(model.ids) if len(texts) < len(model.ids) else 200)
    seen: dict[str, int] = {}
    for row in rows:
        if row in texts and texts[row] not in seen:
            seen[texts[row]] = row
        if len(seen) == _DOCUMENTS:
            break
    return [[row, round(float(model.document_topic[row, topic]), 3)] for row in seen.values()]


def _map(rows: list[dict[str, Any]], height: int) -> Spec:
    across, down = (
        {"type": "quantitative", "axis": None, "scale": {"domain": ends, "nice": False}}
        for ends in ([0, _SIDE], [height, 0])
    )
    chosen = {"test": "datum.topic === chosen", "value": "var(--c2)"}
    return {
        "data": inline(rows),
        "height": height,
        "params": [{"name": "chosen", "value": 0}],
        "encoding": {
            "x": {"field": "x", **across},
            "y": {"field": "y", **down},
            "tooltip": [
                {"field": "name", "title": column_title("topic")},
                {"field": "terms", "title": _("first words")},
                {"field": "share", "title": _("share of words"), "format": ".1%"},
            ],
        },
        "layer": [
            {
                "mark": {"type": "circle", "cursor": "pointer", "stroke": "var(--paper)"},
                "encoding": {
                    "size": {
                        **{"field": "area", "type": "quantitative"},
                        **{"legend": None, "scale": None},
                    },
                    "color": {"condition": chosen, "value": "var(--c1)"},
                    "opacity": {"value": 0.72},
                },
            },
            {
                "mark": {
                    **{"type": "text", "cursor": "pointer", "fontWeight": "bold"},
                    **{"fontSize": 14, "fill": "var(--on-mark)"},
                },
                "encoding": {"text": {"field": "name"}},
            },
        ],
    }


def _bars() -> Spec:
    """Bars of a topic's terms: their occurrences in it, on those in all documents."""
    y = {"field": "term", "type": "nominal", "sort": None, "axis": text_axis()}
    tooltip = [
        {"field": "term", "title": column_title("word")},
        *(
            {"field": name, "title": title, "format": ",.0f"}
            for name, title in zip(("inside", "all"), _counts(), strict=True)
        ),
    ]
    all_, inside = (
        {"field": name, "type": "quantitative", "axis": value_axis(_("occurrences"))}
        for name in ("all", "inside")
    )
    return {
        "data": inline([]),
        **step(20),
        "encoding": {"y": y, "tooltip": tooltip},
        "layer": [
            {"mark": {"type": "bar", "color": "var(--faint)"}, "encoding": {"x": all_}},
            {
                "mark": {"type": "bar", "color": "var(--c2)", "height": {"band": 0.55}},
                "encoding": {"x": inside},
            },
        ],
    }
