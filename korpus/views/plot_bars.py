"""Bars of terms, a panel per group: of freq, ngrams, tfidf, keywords and topics."""

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from korpus.documents.groups import shown
from korpus.errors import KorpusError
from korpus.messages import _, column_title
from korpus.records import Record, Table
from korpus.views.labels import distinct, shortened
from korpus.views.style import (
    ACROSS,
    BAR,
    BLUE,
    FRAMELESS,
    MOST_PANELS,
    ORANGE,
    PANEL_WIDTH,
    UNMARKED,
    data,
    measure,
    styled,
    tooltip,
)

if TYPE_CHECKING:
    import altair

_MOST_BARS, _MOST_IN_GROUP = 30, 10
_WIDTH = 480  # pixels, of a single panel
_WHOLE = 1000  # numbers without decimals
_ROOM = 0.22  # for the numbers at the ends of bars, as a share of all
_SHOWN = ("term", "tag", "count", "df", "share")  # by tooltips
_FIRST = ("term", "n", "rank", "tag")  # columns that are no groups


def plot_freq(table: Table) -> "altair.TopLevelMixin":
    """Draw the table of `freq` or `ngrams`: the most frequent terms, by group if there are any.

    Columns in: `term`, `tag`, `count`; before `term` those of the groups, and `n` of n-grams.
    """
    title = _("Most frequent n-grams") if "n" in table.columns else _("Most frequent terms")
    return _by_group(table, "count", title)


def plot_tfidf(table: Table) -> "altair.TopLevelMixin":
    """Draw the table of `tfidf`: the terms with the highest weight per document or group.

    Columns in: `term`, `tfidf`; before `term` the `id` or the group.
    """
    return _by_group(table, "tfidf", _("Terms with the highest TF-IDF"))


def plot_keywords(table: Table, *, is_low_better: bool = False) -> "altair.TopLevelMixin":
    """Draw the table of `keywords`: those of each document or group.

    `is_low_better`: the best keywords have the lowest scores, as those of yake.
    Columns in: `rank`, `term`, `score`; before them the `id` or the group.
    """
    note = _("lower is better") if is_low_better else ""
    return _by_group(table, "score", _("Keywords"), note)


def plot_evenness(table: Table) -> "altair.TopLevelMixin":
    """Draw the table of `lexical --dispersion`: how unevenly the first terms occur.

    Columns in: `term`, `tag`, `dp`.
    """
    note = _("0: as evenly as the documents are long; 1: in one place only (DP)")
    return _by_group(table, "dp", _("How unevenly terms occur"), note)


def plot_topic_words(terms: Table) -> "altair.TopLevelMixin":
    """Draw the terms of topics: a panel per topic. Terms with a negative weight are orange.

    Columns in: `topic`, `term`, `weight`, and perhaps `share`.
    """
    return _by_group(terms, "weight", _("Terms of topics"))


def _by_group(table: Table, value: str, title: str, note: str = "") -> "altair.TopLevelMixin":
    import altair

    before = table.columns[: table.columns.index("term")]
    columns = [name for name in before if name not in _FIRST]
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for row in table:
        if row[value] is not None and math.isfinite(row[value]):
            groups.setdefault(tuple(row[name] for name in columns), []).append(row)
    if not groups:
        raise KorpusError(_("there is nothing to draw: no term is left"))
    notes = [note]
    if len(groups) > MOST_PANELS:
        found = _("the first {count} of {total}")
        notes.append(found.format(count=MOST_PANELS, total=f"{len(groups):,}"))
    most, width = (_MOST_IN_GROUP, PANEL_WIDTH) if len(groups) > 1 else (_MOST_BARS, _WIDTH)
    panels = [
        bar_panel(_rows(rows[:most], value), width, measure(value)).properties(
            title=group_title(columns, group)
        )
        for group, rows in list(groups.items())[:MOST_PANELS]
    ]
    chart = altair.concat(*panels, columns=min(ACROSS, len(panels))) if columns else panels[0]
    return styled(chart, title, notes)


def group_title(columns: list[str], group: tuple[Any, ...]) -> str:
    """The title of a panel: `rating 5`."""
    named = (
        f"{column_title(name)} {shown(str(one))}" for name, one in zip(columns, group, strict=True)
    )
    return shortened(", ".join(named), 40)


def bar_panel(rows: list[Record], width: int = PANEL_WIDTH, title: str = "") -> "altair.LayerChart":
    """A panel of bars with their numbers, from the top down in the order of the rows.

    Columns in: `label`, `value`; perhaps `is_less`, whether the bar is orange (default: the value
    is below 0). All others are shown by tooltips.
    """
    import altair

    bars = [{"is_less": row["value"] < 0, **row, "text": _number(row["value"])} for row in rows]
    low, high = (end(0, *(bar["value"] for bar in bars), 0) for end in (min, max))
    room = _ROOM * (high - low) or 1.0
    ends = altair.Scale(domain=[low - room * (low < 0), high + room * (high > 0)], nice=False)
    axis = altair.Axis(**UNMARKED, title=title)
    more = [name for name in rows[0] if name not in ("label", "value", "is_less")]
    base = altair.Chart(data(bars)).encode(
        altair.X("value:Q", scale=ends, axis=axis),
        altair.Y("label:N", title=None, sort=[row["label"] for row in rows]),
        tooltip=tooltip(*(f"{name}:{_kind(rows[0][name])}" for name in more)),
    )
    colour = altair.condition("datum.is_less", altair.value(ORANGE), altair.value(BLUE))
    right = base.transform_filter("datum.value >= 0").mark_text(align="left", dx=4)
    left = base.transform_filter("datum.value < 0").mark_text(align="right", dx=-4)
    numbers = [side.encode(altair.Text("text:N")) for side in (right, left)]
    layers = [base.mark_bar().encode(color=colour), *numbers]
    height = BAR * max(len(bars), 2)
    return altair.LayerChart(layer=layers, width=width, height=height, view=FRAMELESS)


def _kind(value: object) -> str:
    return "Q" if isinstance(value, int | float) else "N"


def _rows(rows: list[Record], value: str) -> list[Record]:
    """Rows as those of `bar_panel`."""
    return [
        {"label": label, "value": row[value]}
        | {name: row[name] for name in _SHOWN if row.get(name) is not None}
        for label, row in zip(labels(rows), rows, strict=True)
    ]


def labels(rows: list[Record], longest: int = 24) -> list[str]:
    """Terms as labels that all differ: with the tag where a term has several, shortened."""
    forms = Counter(row["term"] for row in rows)
    found: list[str] = []
    for row in rows:
        is_one = forms[row["term"]] == 1 or not row.get("tag")
        found.append(str(row["term"] if is_one else f"{row['term']}/{row['tag']}"))
    return distinct(shortened(label, longest) for label in found)


def _number(value: float) -> str:
    """A number at the end of a bar: whole ones with commas, others with three digits."""
    is_whole = float(value).is_integer() or abs(value) >= _WHOLE
    return f"{value:,.0f}" if is_whole else f"{value:#.3g}".rstrip(".")
