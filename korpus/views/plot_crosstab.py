"""The picture of crosstab: a heat map of adjusted residuals with the shares of groups."""

from typing import TYPE_CHECKING

from korpus.messages import _
from korpus.tokens.coding.concepts import is_coded
from korpus.views.charts import styled
from korpus.views.labels import text_width

if TYPE_CHECKING:
    import altair

    from korpus.tokens.crosstab import Crosstabs

_CELL = 70  # width in pixels
_LETTERS, _LONGEST = 12, 160  # size of the groups' names, and their length from which they are cut
_LEAST = 3  # residual with the full colour, at least
_DARK = 0.6  # share of the largest residual from which letters are white


def plot_crosstab(found: "Crosstabs") -> "altair.LayerChart":
    """Draw the cells of concepts × groups: colours are residuals, numbers the shares of groups."""
    import altair

    table = found.table()
    group = table.columns[2]
    answers = {tab.concept for tab in found.tabs if tab.is_yes_or_no}
    values = [
        {
            "concept": row["concept"] if row["concept"] in answers and is_coded(row["value"]) else
            f"{row['concept']}: {row['value']}",
            "group": row[group],
            **{name: row[name] for name in ("count", "share", "expected", "residual")},
        }
        for row in table
    ]  # fmt: skip
    rows, columns = (list(dict.fromkeys(v[name] for v in values)) for name in ("concept", "group"))
    most = max([_LEAST, *(abs(v["residual"] or 0) for v in values)])
    is_long = any(text_width(name, _LETTERS) > _CELL for name in columns)
    axis = altair.Axis(labelAngle=-45 if is_long else 0, labelLimit=_LONGEST)
    base = altair.Chart(altair.InlineData(values=values)).encode(
        altair.X("group:N", title=found.by, sort=columns, axis=axis),
        altair.Y("concept:N", title=None, sort=rows),
    )
    cells = base.mark_rect().encode(
        altair.Color(
            "residual:Q",
            title=_("residual"),
            scale=altair.Scale(domain=[-most, most], scheme="blueorange"),
        ),
        tooltip=["concept:N", "group:N", "count:Q", "share:Q", "expected:Q", "residual:Q"],
    )
    shares = base.mark_text().encode(
        altair.Text("share:Q", format=".1%"),
        color=altair.condition(
            f"abs(datum.residual) > {_DARK * most}", altair.value("white"), altair.value("black")
        ),
    )
    chart: altair.LayerChart = (cells + shares).properties(
        width=max(_CELL * len(columns), 120), height=max(28 * len(rows), 60)
    )
    return styled(chart)
