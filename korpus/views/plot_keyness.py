"""The picture of keyness: bars to the right for more frequent terms, to the left for others."""

from itertools import groupby
from typing import TYPE_CHECKING, Any

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record, Table
from korpus.views.plot_bars import bar_panel, group_title, labels
from korpus.views.style import (
    ACROSS,
    MOST_PANELS,
    styled,
)

if TYPE_CHECKING:
    import altair

_MOST_BARS = 20  # to each side
_TITLES = {
    "g2": "G²",
    "chi2": "χ²",
    "log_ratio": "log ratio",
    "log_odds": "log odds (z)",
    "percent_diff": "%DIFF",
    "odds_ratio": "odds ratio",
}


def plot_keyness(table: Table, sort: str = "g2") -> "altair.ConcatChart":
    """Draw the table of keyness: one panel per target, with the most typical terms at the top.

    At most 20 terms that are more frequent and 20 that are less, and 24 panels.
    Columns in: those of `korpus.keyness`; `sort`, the measure that it is ranked by.
    """
    import altair

    column = table.columns[0] if table.columns[0] != "term" else None
    rows = [row for row in table if row[sort] is not None]
    if not rows:
        raise KorpusError(_("there is nothing to draw: no term is left"))
    panels: list[Any] = []
    for group, found in groupby(rows, key=lambda row: row[column] if column else ""):
        if len(panels) < MOST_PANELS:
            name = group_title([column], (group,)) if column else ""
            panels.append(_panel(name, [*found], sort))
    note = _("blue: more frequent than in the reference; orange: less frequent")
    chart = altair.concat(*panels, columns=min(ACROSS, len(panels)))
    return styled(chart, _("Terms that set groups apart"), note)


def _panel(title: str, rows: list[Record], sort: str) -> "altair.LayerChart":
    more, less = ([row for row in rows if (row["log_ratio"] > 0) is side] for side in (True, False))
    rows = [*more[:_MOST_BARS], *less[-_MOST_BARS:]]
    shown = [
        {"label": label, "value": row[sort], "is_less": row["log_ratio"] <= 0}
        | {name: row[name] for name in ("term", "tag", "count", "reference_count", "log_ratio")}
        for label, row in zip(labels(rows), rows, strict=True)
    ]
    return bar_panel(shown, title=_TITLES[sort]).properties(title=title)


def label(row: Record) -> str:
    """A term with its tag."""
    return f"{row['term']}/{row['tag']}" if row["tag"] else str(row["term"])
