"""The picture of choose-k: each measure over the number of topics."""

from typing import TYPE_CHECKING

from korpus.messages import _
from korpus.pictures import own_settings
from korpus.records import Table
from korpus.views.fonts import default_font

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@own_settings()
def plot_k(table: Table) -> "Figure":
    """Draw the table of choose-k: one panel per measure, over the number of topics.

    A measure without values, such as the perplexity of nmf, gets no panel.
    Columns in: `k`, `npmi`, `c_v`, `perplexity`, `diversity`, `stability`.
    """
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.ticker import MaxNLocator

    titles = {
        "npmi": _("coherence (NPMI)"),
        "c_v": _("coherence (C_v)"),
        "perplexity": _("perplexity (lower is better)"),
        "diversity": _("topic diversity"),
        "stability": _("stability"),
    }
    font = FontProperties(fname=default_font())
    rows = list(table)
    shown = [name for name in titles if rows and rows[0][name] is not None]
    across = 3 if len(shown) > 4 else 2
    figure = Figure(figsize=(4 * across, 6.4), dpi=120, layout="constrained")
    for number, name in enumerate(shown, 1):
        panel = figure.add_subplot(2, across, number)
        panel.plot([row["k"] for row in rows], [row[name] for row in rows], marker="o")
        panel.set_title(titles[name], fontproperties=font)
        panel.set_xlabel(_("number of topics k"), fontproperties=font)
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        panel.grid(alpha=0.3)
    return figure
