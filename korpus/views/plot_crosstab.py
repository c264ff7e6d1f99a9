"""The picture of crosstab: a heat map of adjusted residuals with the shares of groups."""

from typing import TYPE_CHECKING

from korpus.documents.groups import heading
from korpus.messages import _
from korpus.tokens.coding.concepts import is_coded
from korpus.views.style import DARK, data, diverging, group_axis, on_dark, styled, tooltip

if TYPE_CHECKING:
    import altair

    from korpus.tokens.crosstab import Crosstabs

_CELL, _ROW = 70, 28  # pixels
_LEAST = 3  # residual with the full colour, at least


def plot_crosstab(found: "Crosstabs") -> "altair.LayerChart":
    """Draw the cells of concepts × groups: colours are residuals, numbers the shares of groups."""
    import altair

    table = found.table()
    group = table.columns[2]
    answers = {tab.concept for tab in found.tabs if tab.is_yes_or_no}
    values = [
        {
            "concept": row["concept"] if row["concept"] in answers and is_coded(row["value"]) else
            f"{heading(row['concept'])}: {row['value']}",
            "group": row[group],
            **{name: row[name] for name in ("count", "share", "expected", "residual")},
        }
        for row in table
    ]  # fmt: skip
    rows, columns = (list(dict.fromkeys(v[name] for v in values)) for name in ("concept", "group"))
    most = max([_LEAST, *(abs(v["residual"] or 0) for v in values)])
    axis = group_axis(columns, _CELL)
    base = altair.Chart(data(values)).encode(
        altair.X("group:N", title=found.by, sort=columns, axis=axis),
        altair.Y("concept:N", title=None, sort=rows),
    )
    cells = base.mark_rect().encode(
        altair.Color(
            "residual:Q",
            title=_("residual"),
            scale=diverging(domain=[-most, most]),
        ),
        tooltip=tooltip("concept:N", "group:N", "count:Q", "share:Q", "expected:Q", "residual:Q"),
    )
    shares = base.mark_text().encode(
        altair.Text("share:Q", format=".1%"),
        color=on_dark(f"abs(datum.residual) > {DARK * most}"),
    )
    chart: altair.LayerChart = (cells + shares).properties(
        width=max(_CELL * len(columns), 120), height=max(_ROW * len(rows), 60)
    )
    title = _("Concepts by {column}").format(column=found.by)
    return styled(
        chart, title, _("numbers: share of the group; blue: more than expected, orange: less")
    )
