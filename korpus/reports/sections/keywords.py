"""The words that set groups of documents apart."""

from collections import Counter, defaultdict
from typing import Any

from korpus.documents.cuts import order_of
from korpus.documents.groups import shown
from korpus.messages import _, column_title, plural
from korpus.reports.gather import Findings
from korpus.reports.section import (
    Section,
    Spec,
    inline,
    number,
    quoted,
    step,
    text_axis,
    value_axis,
)

_BARS = 10
_THOUSAND = 1000  # words that shares are given of


def keywords(found: Findings) -> Section | None:
    """The keywords of each group; None without groups."""
    if not found.plan.by:
        return None
    sizes = Counter(found.groups)
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in found.keywords:
        if row["log_ratio"] > 0 and row["group"] != found.others:
            rows[row["group"]].append(row)
    groups = sorted((name for name in sizes if name in rows), key=order_of(found.plan.by))
    strongest = max(groups, key=lambda name: rows[name][0]["g2"])
    first = ", ".join(quoted(row["term"]) for row in rows[strongest][:3])
    most = max(row[side] for name in groups for row in rows[name][:_BARS] for side in _SIDES)
    lead = _("Words that set {group} apart from the rest: {words}.")
    return Section(
        "keywords",
        _("Keywords by {column}").format(column=found.plan.by_column),
        lead.format(group=quoted(shown(strongest)), words=first),
        charts={
            f"keywords-{place}": _bars(rows[name][:_BARS], most)
            for place, name in enumerate(groups)
        },
        values={
            "groups": [
                {
                    "name": shown(name),
                    "size": plural(sizes[name], "document"),
                    "words": ", ".join(row["term"] for row in rows[name][:_BARS]),
                }
                for name in groups
            ],
            "help": _(
                "Occurrences per 1,000 words: bars are this group, the line within all others. "
                "Words are ranked by the log-likelihood ratio G²."
            ),
            "headings": [
                found.plan.by_column,
                *(column_title("word"), _("occurrences"), _("elsewhere"), "G²", _("log ratio")),
            ],
            "rows": [
                (
                    shown(name),
                    row["term"],
                    number(row["count"]),
                    number(row["reference_count"]),
                    f"{row['g2']:.1f}",
                    f"{row['log_ratio']:.2f}",
                )
                for name in groups
                for row in rows[name][:_BARS]
            ],
        },
    )


_SIDES = ("share", "reference_share")


def _bars(rows: list[dict[str, Any]], most: float) -> Spec:
    values = [
        {"word": row["term"], **{side: row[side] * _THOUSAND for side in _SIDES}} for row in rows
    ]
    x = {
        "type": "quantitative",
        "axis": value_axis(format=",.3~g"),
        "scale": {"domain": [0, most * _THOUSAND]},
    }
    tooltip = [
        {"field": "word", "title": column_title("word")},
        {"field": "share", "title": _("in this group"), "format": ".2f"},
        {"field": "reference_share", "title": _("elsewhere"), "format": ".2f"},
    ]
    y = {"field": "word", "type": "nominal", "sort": None, "axis": text_axis()}
    return {
        "data": inline(values),
        **step(20),
        "encoding": {"y": y, "tooltip": tooltip},
        "layer": [
            {
                "mark": {"type": "bar", "color": "var(--c1)", "height": {"band": 0.72}},
                "encoding": {"x": {"field": "share", **x}},
            },
            {
                "mark": {"type": "bar", "color": "var(--paper)", "height": {"band": 0.24}},
                "encoding": {"x": {"field": "reference_share", **x}},
            },
        ],
    }
