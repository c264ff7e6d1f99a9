"""What all charts share: font, colours that colour-blind readers tell apart, sizes."""

from typing import TYPE_CHECKING, TypeVar

from korpus.pictures import FONT

if TYPE_CHECKING:
    import altair

# Okabe & Ito, Color Universal Design (2008), the yellow last as it is faint on white.
COLOURS = (
    *("#0072b2", "#e69f00", "#009e73", "#d55e00"),
    *("#cc79a7", "#56b4e9", "#000000", "#f0e442"),
)
BLUE, ORANGE = COLOURS[0], COLOURS[1]
_TEXT = 12  # size of letters, in pixels


Chart = TypeVar("Chart", bound="altair.TopLevelMixin")


def styled(chart: Chart) -> Chart:
    """The chart with korpus's look. Apply it last, to the whole chart."""
    plain = {"fontWeight": "normal"}
    words = {"labelFontSize": _TEXT, "titleFontSize": _TEXT, "titleFontWeight": "normal"}
    styled: Chart = chart.configure(
        font=FONT,
        axis={**words, "labelLimit": 240},
        legend={**words, "labelLimit": 240},
        header=words,
        title={**plain, "fontSize": _TEXT + 2, "anchor": "start"},
        mark={"color": BLUE},
        text={"fontSize": _TEXT},
        range={
            "category": list(COLOURS),
            "heatmap": {"scheme": "viridis"},
            "diverging": {"scheme": "blueorange"},
        },
        view={"stroke": "#cccccc"},
    )
    return styled
