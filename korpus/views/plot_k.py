"""The picture of choose-k: each measure over the number of topics."""

from typing import TYPE_CHECKING

from korpus.messages import _
from korpus.records import Table
from korpus.views.style import ACROSS, PANEL_HEIGHT, PANEL_WIDTH, data, styled, tooltip

if TYPE_CHECKING:
    import altair


def plot_k(table: Table) -> "altair.ConcatChart":
    """Draw the table of choose-k: one panel per measure, over the number of topics.

    A measure without values, such as the perplexity of nmf, gets no panel.
    Columns in: `k`, `npmi`, `c_v`, `perplexity`, `diversity`, `stability`.
    """
    import altair

    titles = {
        "npmi": _("coherence (NPMI)"),
        "c_v": _("coherence (C_v)"),
        "perplexity": _("perplexity (lower is better)"),
        "diversity": _("topic diversity"),
        "stability": _("stability"),
    }
    rows = list(table)
    shown = [name for name in titles if rows and rows[0][name] is not None]
    ks = [row["k"] for row in rows]
    numbers = altair.X(
        "k:Q", title=_("number of topics k"), axis=altair.Axis(values=ks, format="d")
    )
    panels = [
        altair.Chart()
        .mark_line(point=True)
        .encode(
            numbers.scale(zero=False),
            altair.Y(f"{name}:Q", title=None).scale(zero=False),
            tooltip=tooltip("k:Q", f"{name}:Q"),
        )
        .properties(title=titles[name], width=PANEL_WIDTH, height=PANEL_HEIGHT)
        for name in shown
    ]
    across = ACROSS if len(shown) > 4 else 2
    chart = altair.concat(*panels, data=data(rows), columns=across)
    return styled(chart, _("Models by number of topics"))
