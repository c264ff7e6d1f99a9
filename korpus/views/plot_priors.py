"""The picture of lda --by: a heat map of the topics' priors by group."""

from collections import defaultdict
from typing import TYPE_CHECKING

from korpus.messages import _
from korpus.records import Table
from korpus.views.style import CELL, DARK, data, diverging, group_axis, on_dark, styled, tooltip

if TYPE_CHECKING:
    import altair

_ROW = 24  # pixels
_LEAST = 1.0  # binary logarithm of the ratio with the full colour, at least


def plot_priors(priors: Table, terms: Table) -> "altair.HConcatChart":
    """Draw the shares of topics in the priors of groups: a panel per column of metadata.

    The colour is the ratio to the mean of all documents. `priors`: see `DmrModel.priors`. `terms`:
    the first terms of the topics, with which they are labelled.
    """
    import altair

    words: defaultdict[str, list[str]] = defaultdict(list)
    for row in terms:
        words[str(row["topic"])].append(row["term"])
    values = [
        {
            "column": row["column"],
            "group": row["group"] or _("no value"),
            "topic": f"{row['topic']}: {' '.join(words[str(row['topic'])])}",
            **{name: row[name] for name in ("documents", "share", "ratio")},
        }
        for row in priors
    ]
    topics = list(dict.fromkeys(value["topic"] for value in values))
    columns = list(dict.fromkeys(value["column"] for value in values))
    color = altair.Color(
        "ratio:Q",
        title=_("ratio to all"),
        scale=diverging(type="log", base=2, domain=_domain(values)),
        legend=altair.Legend(format=".2~r"),
    )
    panels = []
    for column in columns:
        cells = [value for value in values if value["column"] == column]
        groups = list(dict.fromkeys(cell["group"] for cell in cells))
        axis = group_axis(groups, CELL)
        base = altair.Chart(data(cells)).encode(
            altair.X("group:N", title=column, sort=groups, axis=axis),
            altair.Y(
                "topic:N",
                title=None,
                sort=topics,
                axis=altair.Axis(labels=column == columns[0], ticks=column == columns[0]),
            ),
        )
        shown = tooltip("group:N", "topic:N", "documents:Q", "share:Q", "ratio:Q")
        strong = f"abs(log(datum.ratio)) > {DARK} * log({_domain(values)[1]})"
        shares = base.mark_text().encode(
            altair.Text("share:Q", format=".0%"),
            color=on_dark(strong),
        )
        panel = (base.mark_rect().encode(color, tooltip=shown) + shares).properties(
            width=CELL * len(groups), height=max(_ROW * len(topics), 60)
        )
        panels.append(panel)
    note = _("shares of topics in the prior of each group")
    return styled(altair.hconcat(*panels), _("Topics by group"), note)


def _domain(values: list[dict[str, float]]) -> list[float]:
    """The ratios with the full colours: as far below 1 as above it."""
    largest = max((max(value["ratio"], 1 / value["ratio"]) for value in values), default=1.0)
    most = max(largest, 2.0**_LEAST)
    return [1 / most, most]
