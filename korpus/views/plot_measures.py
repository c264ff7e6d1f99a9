"""Dots of measures, with their intervals: of groups, of pairs of analyzers and of coders."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from korpus.documents.groups import shown
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record, Table
from korpus.views.plot_bars import labels
from korpus.views.style import ACROSS, BLUE, GREY, PANEL_WIDTH, data, measure, styled, tooltip

if TYPE_CHECKING:
    import altair

_ROW, _LEAST = 24, 60  # pixels: height of a row, and of a panel
_MOST_ROWS, _LONGEST = 60, 36
_VOCABULARY = ("ttr", "mattr", "mtld", "hdd", "yule_k", "entropy", "density", "sentence_length")
_AGREEMENT = ("agreement", "rank_correlation", "top_shared", "keywords_shared")
_COEFFICIENTS = {
    "agreement": "%",
    "krippendorff_alpha": "α",
    "fleiss_kappa": "κ (Fleiss)",
    "cohen_kappa": "κ (Cohen)",
}
_TENTATIVE, _RELIABLE = 0.667, 0.8  # Krippendorff (2004, p. 241)


def plot_lexical(table: Table) -> "altair.TopLevelMixin":
    """Draw the table of `lexical --by`: a panel per measure, a dot per group, its interval if any.

    Columns in: that of the groups, and measures such as `mattr`, `mattr_low` and `mattr_high`.
    """
    rows = [{**row, "label": shown(str(row[table.columns[0]]))} for row in table]
    return styled(_panels(rows, _VOCABULARY), _("Vocabulary"), _("lines: 95 % intervals"))


def plot_agree(table: Table) -> "altair.TopLevelMixin":
    """Draw the table of `agree`: a panel per measure, a dot per pair of analyzers.

    Columns in: `a`, `b`, `agreement`, `rank_correlation`, `top_shared`, `keywords_shared`.
    """
    rows = [{**row, "label": f"{row['a']} · {row['b']}"} for row in table]
    return styled(_panels(rows, _AGREEMENT, is_share=True), _("Agreement of analyzers"))


def plot_reliability(table: Table) -> "altair.TopLevelMixin":
    """Draw the table of `reliability`: coefficients, intervals and Krippendorff's bounds.

    Columns in: `measure`, `coders`, `value`, `low`, `high`.
    """
    import altair

    rows = [{**row, "label": f"{_COEFFICIENTS[row['measure']]}: {row['coders']}"} for row in table]
    bounds = data({"at": bound} for bound in (_TENTATIVE, _RELIABLE))
    lines = altair.Chart(bounds).mark_rule(color=GREY, strokeDash=[4, 4]).encode(altair.X("at:Q"))
    note = _("lines: 95 % intervals; dashed: α of 0.667 (tentative) and 0.8 (reliable)")
    drawn = _panel(rows, "value", is_share=True, below=[lines]).properties(width=2 * PANEL_WIDTH)
    return styled(drawn, _("Agreement of coders"), note)


def _panels(
    rows: list[Record], measures: Sequence[str], *, is_share: bool = False
) -> "altair.ConcatChart":
    import altair

    rows = rows[:_MOST_ROWS]
    known = [name for name in measures if _values(rows, name)]
    if not known:
        raise KorpusError(_("there is nothing to draw: no measure has a value"))
    panels = [
        _panel(rows, name, is_share).properties(title=measure(name), width=PANEL_WIDTH)
        for name in known
    ]
    chart: altair.ConcatChart = altair.concat(*panels, columns=min(ACROSS, len(panels)))
    return chart


def _values(rows: list[Record], *names: str) -> list[float]:
    """The values of columns that there are."""
    found = [row.get(name) for row in rows for name in names]
    return [value for value in found if value is not None and math.isfinite(value)]


def _panel(
    rows: list[Record], name: str, is_share: bool, below: Sequence[Any] = ()
) -> "altair.LayerChart":
    import altair

    low, high = ("low", "high") if name == "value" else (f"{name}_low", f"{name}_high")
    names = labels([{"term": row["label"]} for row in rows], _LONGEST)
    points = [
        {
            "label": label,
            "value": row[name],
            "low": row.get(low),
            "high": row.get(high),
        }
        for label, row in zip(names, rows, strict=True)
    ]
    scale = altair.Scale(zero=False, padding=8)
    if is_share:  # correlations and coefficients may be below 0
        scale = altair.Scale(domain=[min(0, *_values(points, "value", "low"), 0), 1], padding=8)
    x = altair.X("value:Q", title=None, scale=scale, axis=altair.Axis(tickCount=5))
    y = altair.Y("label:N", title=None, sort=None)
    base = altair.Chart(data(points)).encode(
        y, tooltip=tooltip("label:N", "value:Q", "low:Q", "high:Q")
    )
    layers: list[Any] = [*below]
    if _values(points, "low"):
        interval = base.transform_filter("isValid(datum.low)").mark_rule(color=BLUE)
        layers.append(
            interval.encode(altair.X("low:Q", title=None, scale=scale), altair.X2("high:Q"))
        )
    layers.append(base.mark_point(filled=True, size=50, opacity=1, color=BLUE).encode(x))
    return altair.LayerChart(layer=layers, height=max(_ROW * len(points), _LEAST))
