"""The topics: a map, their terms by relevance, and their most typical documents.

In the manner of LDAvis (Sievert & Shirley 2014).
"""

from typing import TYPE_CHECKING, Any

from korpus.messages import _, column_title, plural
from korpus.models import topic_map
from korpus.models.topics.topic_model import TopicModel
from korpus.reports.gather import Findings
from korpus.reports.section import Section, Spec, inline, percent, step, text_axis, value_axis

if TYPE_CHECKING:
    pass

_TERMS, _STEPS = 24, 10  # terms that are shown, and steps of the slider
_DOCUMENTS = 6  # typical ones


def topics(found: Findings) -> Section:
    """The topics of the model."""
    model = found.model
    points = list(topic_map(model, top=5))
    names = [str(name) for name in model.topic_names]
    rows = [
        {
            "topic": place,
            "name": name,
            "terms": " ".join(terms),
            "share": float(share),
            "x": point["x"],
            "y": point["y"],
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
        charts={"topic-map": _map(rows), "topic-terms": _bars()},
        values={
            "headings": [column_title("topic"), _("first words"), _("share of words")],
            "rows": [
                {**row, "percent": percent(row["share"]), "width": _width(row, rows)}
                for row in rows
            ],
            "documents": len(found.corpus),
        },
        data={
            "terms": _terms(model),
            "typical": [_typical(found, topic) for topic in range(len(rows))],
            "shown": _TERMS,
            "text": {"share": _("{percent} of this topic"), "none": _("no document")},
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


def _map(rows: list[dict[str, Any]]) -> Spec:
    across = {"type": "quantitative", "axis": None, "scale": {"zero": False, "padding": 46}}
    chosen = {"test": "datum.topic === chosen", "value": "var(--c2)"}
    return {
        "data": inline(rows),
        "height": 400,
        "params": [{"name": "chosen", "value": 0}],
        "encoding": {
            "x": {"field": "x", **across},
            "y": {"field": "y", **across},
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
                        "field": "share",
                        "type": "quantitative",
                        "legend": None,
                        "scale": {"domainMin": 0, "range": [0, 4200]},
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
        {"field": "inside", "title": _("occurrences in this topic"), "format": ",.0f"},
        {"field": "all", "title": _("occurrences in all"), "format": ",.0f"},
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
