"""The neighbours of a word: those in the same documents, and those with similar vectors."""

from typing import Any

from korpus.errors import KorpusError
from korpus.messages import _, column_title, plural
from korpus.models import similar
from korpus.reports.gather import PAIRED, Findings
from korpus.reports.section import Section, Spec, inline, quoted, step, text_axis, value_axis

_SHOWN = 15
_WITH_VECTORS = 500  # words


def neighbours(found: Findings) -> Section:
    """The words that go with a word, to look up."""
    pairs = _together(found)
    if not pairs:
        raise KorpusError(_("no two words are together in two documents"))
    alike = _alike(found, [*pairs])
    first = next(iter(pairs))
    lead = _("With {word}, in the same documents: {others}.").format(
        word=quoted(first),
        others=", ".join(quoted(name) for name, *_rest in pairs[first][:3]),
    )
    charts = {"neighbours": _bars(column_title("cosine"))}
    if alike:
        charts["alike"] = _bars(_("cosine of the word vectors"))
    return Section(
        "neighbours",
        _("Neighbours of a word"),
        lead,
        charts=charts,
        values={
            "words": [*pairs],
            "label": _("Look up a word"),
            "together": _("In the same documents as"),
            "alike": _("Used like"),
            "bars": _("bars: cosine; numbers: documents with both"),
            "help": _("{words} can be looked up.").format(words=plural(len(pairs), "word")),
        },
        data={
            "together": pairs,
            "alike": alike,
            "first": first,
            "text": {"unknown": _("{word} is not among the words that can be looked up.")},
        },
    )


def _together(found: Findings) -> dict[str, list[list[Any]]]:
    """Per word, the words that are with it: name, cosine, documents with both."""
    import numpy

    pairs = found.pairs
    matrix, counts = pairs.matrix(pairs.measure("cosine")).tocsr(), pairs.matrix().tocsr()
    names = [form for form, _tag in pairs.terms]
    order = numpy.argsort(-pairs.frequencies, kind="stable")
    rows: dict[str, list[list[Any]]] = {}
    for row in order[:PAIRED].tolist():
        inside = slice(matrix.indptr[row], matrix.indptr[row + 1])
        columns, values, both = matrix.indices[inside], matrix.data[inside], counts.data[inside]
        best = numpy.lexsort((columns, -values))[: _SHOWN + 1]
        others = zip(
            columns[best].tolist(), values[best].tolist(), both[best].tolist(), strict=True
        )
        if near := [
            [names[column], round(value, 3), count]
            for column, value, count in others
            if column != row
        ]:
            rows[names[row]] = near[:_SHOWN]
    return rows


def _alike(found: Findings, words: list[str]) -> dict[str, list[list[Any]]]:
    """Per word, the words with the nearest vectors; empty without vectors."""
    if found.vectors is None:
        return {}
    rows: dict[str, list[list[Any]]] = {}
    for word in words[:_WITH_VECTORS]:
        try:
            nearest = similar(found.vectors, word, top=_SHOWN)
        except KorpusError:  # the model does not know it
            continue
        rows[word] = [[row["term"], round(row["similarity"], 3), None] for row in nearest]
    return rows


def _bars(title: str) -> Spec:
    y = {"field": "word", "type": "nominal", "sort": None, "axis": text_axis()}
    x = {
        **{"field": "value", "type": "quantitative", "axis": value_axis(title, ".2~f")},
        "scale": {"domainMin": 0},
    }
    tooltip = [
        {"field": "word", "title": column_title("word")},
        {"field": "value", "title": title, "format": ".3f"},
        {"field": "label", "title": _("documents with both")},
    ]
    return {
        "data": inline([]),
        **step(20),
        "encoding": {"x": x, "y": y, "tooltip": tooltip},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.72}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {"text": {"field": "label"}},
            },
        ],
    }
