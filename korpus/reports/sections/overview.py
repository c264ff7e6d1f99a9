"""The corpus: how many documents, from when, how long, and what was cleaned or set aside."""

from collections import Counter
from typing import Any

from korpus.documents.clean_rules import labels
from korpus.documents.cuts import all_periods, order_of
from korpus.documents.groups import shown
from korpus.errors import KorpusError
from korpus.messages import _, column_title, plural
from korpus.records import Counts
from korpus.reports.gather import Findings
from korpus.reports.section import (
    Section,
    Spec,
    inline,
    number,
    percent,
    period_axis,
    room,
    span_text,
    step,
    text_axis,
    value_axis,
)

_BINS = 30
_MOST_BARS = 20
_MOST_FILES = 3  # that are named with their encodings
_ENCODINGS = {"utf-8-sig": "UTF-8 (BOM)", "cp949": "CP949 (EUC-KR)"}


def overview(found: Findings) -> Section:
    """What the corpus is."""
    corpus = found.corpus
    lengths = sorted(corpus.lengths)
    median = lengths[len(lengths) // 2]
    lead = _("Half of the documents have {median} characters or more; the longest has {most}.")
    if len(lengths) == 1:
        lead = _("The document has {most} characters.")
    charts = {"lengths": _lengths(lengths)}
    if time_span(found):
        charts["dates"] = _dates(found)
    if corpus.groups:
        charts["groups"] = _bars(Counter(corpus.groups), found.plan.by or "")
    if corpus.ratings and found.plan.rating != found.plan.by_column:
        charts["ratings"] = _bars(Counter(corpus.ratings), found.plan.rating or "")
    return Section(
        "corpus",
        _("The corpus"),
        lead.format(median=f"{median:,}", most=f"{lengths[-1]:,}"),
        charts=charts,
        values={
            "names": {
                "dates": _("Documents over time"),
                "lengths": _("Characters per document"),
                "groups": _("Documents by {column}").format(column=found.plan.by_column),
                "ratings": _("Documents by {column}").format(column=found.plan.rating),
            },
            "facts": [*_encodings(corpus.encodings), *_cleaning(found)],
            "facts_title": _("How the documents were read and cleaned"),
        },
    )


def figures(found: Findings) -> list[tuple[str, str]]:
    """The key figures at the head of the page: number and what it is."""
    corpus = found.corpus
    tokens = int(corpus.terms.numbers.size)
    rows = [
        (number(len(corpus)), column_title("documents")),
        (number(tokens), _("content words")),
        (number(len(corpus.terms.terms)), _("different words")),
        (number(sum(corpus.lengths) / len(corpus)), _("characters per document")),
    ]
    if span := time_span(found):
        rows.insert(1, (span, column_title("period")))
    return rows


def time_span(found: Findings) -> str:
    """From when to when the documents are; "" if unknown."""
    try:
        periods = [name for name in found.periods if name]
    except KorpusError:
        return ""
    first, last = min(periods), max(periods)
    return span_text(first, last)


def summary(found: Findings) -> str:
    """The corpus in one sentence."""
    documents = plural(len(found.corpus), "document")
    return ", ".join(filter(None, [documents, time_span(found)]))


def _encodings(encodings: dict[str, str]) -> list[str]:
    """The encodings of the files; of many files, how many have each."""
    known = {name: _ENCODINGS.get(found, found.upper()) for name, found in encodings.items()}
    if len(known) <= _MOST_FILES:
        lines = [(name.rpartition("/")[2], encoding) for name, encoding in known.items()]
    else:
        counts = Counter(known.values()).most_common()
        lines = [(plural(count, "file"), encoding) for encoding, count in counts]
    return [
        _("{files}: read as {encoding}").format(files=files, encoding=encoding)
        for files, encoding in lines
    ]


def _cleaning(found: Findings) -> list[str]:
    corpus = found.corpus
    if corpus.cleaned is None:
        return []
    counts: Counts = corpus.cleaned
    rows = [f"{label}: {counts[name]:,}" for name, label in labels(counts).items() if counts[name]]
    rows.append(
        _("changed {changed} of {documents}").format(
            changed=f"{counts['changed']:,}", documents=plural(len(corpus), "document")
        )
    )
    if corpus.rejected:
        rows.append(
            _("{documents} set aside").format(documents=plural(corpus.rejected, "document"))
        )
    if empty := sum(not length for length in corpus.lengths):
        rows.append(_("{documents} without text").format(documents=plural(empty, "document")))
    return rows


def _lengths(lengths: list[int]) -> Spec:
    most = lengths[int(0.99 * (len(lengths) - 1))] or 1
    step = max(1, round(most / _BINS))
    counts = Counter(min(length, most) // step * step for length in lengths)
    rows = [
        {"from": start, "to": start + step, "documents": counts[start]}
        for start in range(0, most + 1, step)
    ]
    return {
        "data": inline(rows),
        "height": 200,
        "mark": {"type": "bar", "binSpacing": 1},
        "encoding": {
            "x": {
                **{"field": "from", "type": "quantitative", "bin": {"binned": True, "step": step}},
                "axis": {**value_axis(_("characters")), "grid": False},
            },
            "x2": {"field": "to"},
            "y": {"field": "documents", "type": "quantitative", "axis": value_axis()},
            "tooltip": [
                {"field": "from", "title": _("characters from"), "format": ",d"},
                {"field": "documents", "title": column_title("documents"), "format": ",d"},
            ],
        },
    }


def _dates(found: Findings) -> Spec:
    counts = Counter(name for name in found.periods if name)
    names = all_periods(min(counts), max(counts), found.every)
    rows = [{"period": name, "documents": counts[name]} for name in names]
    return {
        "data": inline(rows),
        "height": 200,
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                **{"field": "period", "type": "ordinal", "sort": None},
                "axis": {**period_axis(), "domain": False},
            },
            "y": {"field": "documents", "type": "quantitative", "axis": value_axis()},
            "tooltip": [
                {"field": "period", "title": column_title("period")},
                {"field": "documents", "title": column_title("documents"), "format": ",d"},
            ],
        },
    }


def _bars(counts: Counter[str], by: str) -> Spec:
    names = sorted(counts, key=order_of(by))
    if len(names) > _MOST_BARS:
        names = [name for name, _count in counts.most_common(_MOST_BARS)]
    total = counts.total()
    rows: list[dict[str, Any]] = [
        {
            "name": shown(name),
            "documents": counts[name],
            "label": f"{counts[name]:,} ({percent(counts[name] / total)})",
        }
        for name in names
    ]
    y = {"field": "name", "type": "nominal", "sort": None, "axis": text_axis()}
    scale = room(max(counts.values()), 0.7)
    x = {"field": "documents", "type": "quantitative", "axis": None, "scale": scale}
    return {
        "data": inline(rows),
        **step(22),
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.72}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {"text": {"field": "label"}},
            },
        ],
    }
