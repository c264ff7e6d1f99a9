"""The picture of choose-k: each measure over the number of topics."""

from typing import TYPE_CHECKING

from korpus.records import Table
from korpus.views.fonts import default_font

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TITLES = {
    "npmi": "응집도 coherence, NPMI",
    "c_v": "응집도 coherence, C_v",
    "perplexity": "혼잡도 perplexity (낮을수록 좋음)",
    "diversity": "다양성 diversity",
    "stability": "안정성 stability",
}


def plot_k(table: Table) -> "Figure":
    """Draw the table of choose-k: a panel a measure, the number of topics along each.

    A measure without values, as the perplexity of nmf, has no panel.
    """
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.ticker import MaxNLocator

    font = FontProperties(fname=default_font())
    rows = list(table)
    shown = [name for name in _TITLES if rows and rows[0][name] is not None]
    across = 3 if len(shown) > 4 else 2
    figure = Figure(figsize=(4 * across, 6.4), dpi=120, layout="constrained")
    for place, name in enumerate(shown, 1):
        panel = figure.add_subplot(2, across, place)
        panel.plot([row["k"] for row in rows], [row[name] for row in rows], marker="o")
        panel.set_title(_TITLES[name], fontproperties=font)
        panel.set_xlabel("토픽 수 k", fontproperties=font)
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        panel.grid(alpha=0.3)
    return figure
