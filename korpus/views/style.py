"""The look that all pictures share: sizes, letters, colours, titles and tooltips.

The font is `korpus.pictures.FONT`. Pictures take all they draw with from here.
"""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from korpus.messages import _, column_title, language
from korpus.pictures import FONT
from korpus.records import Record
from korpus.views.labels import text_width, wrapped

if TYPE_CHECKING:
    import altair

Chart = TypeVar("Chart", bound="altair.TopLevelMixin")

# Okabe & Ito, Color Universal Design (2008), the yellow last as it is faint on white.
COLOURS = (
    *("#0072b2", "#e69f00", "#009e73", "#d55e00"),
    *("#cc79a7", "#56b4e9", "#000000", "#f0e442"),
)
BLUE, ORANGE = COLOURS[0], COLOURS[1]
BRIGHT = COLOURS[:6]  # on white and on black
LINE_COLOURS = COLOURS[:-1]  # lines and letters in yellow could not be read
GREY = "#999999"  # of what belongs to no group, and of lines that only guide the eye
INK, PALE_INK, PAPER = "#222222", "#595959", "#ffffff"  # letters, letters of notes, background
_DIVERGING: Final = "blueorange"
_SEQUENTIAL: Final = "blues"
_PALE = (0.0, 0.55)  # of _SEQUENTIAL: black numbers can be read on all
DARK = 0.6  # share of the end of a scale of colours from which letters are white

SMALL, TEXT, LARGE = 10, 12, 14  # sizes of letters, in pixels
_TITLE, _OFFSET = 16, 16
BAR, CELL = 19, 60  # pixels: height of a bar, side of a cell of a heat map
PANEL_WIDTH, PANEL_HEIGHT = 280, 150
MOST_PANELS, ACROSS = 24, 3
# Of panels whose marks have numbers beside them: an axis that only has a title, and no frame.
UNMARKED: Final[dict[str, Any]] = dict.fromkeys(("labels", "ticks", "grid", "domain"), False)
FRAMELESS: Final[dict[str, Any]] = {"stroke": None}
_LABEL_LIMIT, _LONGEST = 240, 160  # pixels, from which labels of axes are cut, and those aslant
_FORMATS = {
    **dict.fromkeys(("count", "df", "documents", "tokens", "size", "frequency"), ","),
    **dict.fromkeys(("share", "df_share"), ".2~%"),
}
# Columns whose names are abbreviations, as English pictures write them.
_ENGLISH = {
    "df": "document frequency",
    "dp": "deviation of proportions (DP)",
    "tfidf": "TF-IDF weight",
    "ttr": "type-token ratio (TTR)",
    "mattr": "moving-average TTR (MATTR)",
    "mtld": "textual lexical diversity (MTLD)",
    "hdd": "lexical diversity (HD-D)",
    "yule_k": "Yule's K",
    "density": "share of content words",
    "top_shared": "frequent words shared",
    "keywords_shared": "keywords shared",
    "pmi": "PMI",
    "npmi": "NPMI",
}
_DATES = {"year": "%Y", "day": "%Y-%m-%d", "week": "%Y-%m-%d"}


def styled(
    chart: Chart, title: str = "", note: "str | list[str]" = "", *, is_map: bool = False
) -> Chart:
    """The chart with the look of the family. Apply it last, to the whole chart.

    `title` and `note` stand above it: what it shows, and how to read it. `is_map`: places have been
    computed in pixels, so that another size only enlarges or reduces the whole.
    """
    words = {"labelFontSize": TEXT, "titleFontSize": TEXT, "titleFontWeight": "normal"}
    dark = {"labelColor": INK, "titleColor": INK}
    styled: Chart = chart.configure(
        font=FONT,
        background=PAPER,
        axis={
            **{**words, **dark, "labelLimit": _LABEL_LIMIT, "gridColor": "#e5e5e5"},
            "labelSeparation": 6,
            "labelFlush": False,  # else labels at the ends are moved onto their neighbours
        },
        legend={**words, **dark, "labelLimit": _LABEL_LIMIT},
        header={**words, **dark},
        title={
            **{
                "fontWeight": "normal",
                "fontSize": LARGE,
                "anchor": "start",
                "color": INK,
                "frame": "group",
            },
            **{"subtitleFontSize": TEXT, "subtitleColor": PALE_INK, "subtitlePadding": 6},
        },
        mark={"color": BLUE},
        text={"fontSize": TEXT, "color": INK},
        range={
            "category": list(COLOURS),
            "heatmap": {"scheme": "viridis"},
            "diverging": {"scheme": _DIVERGING},
        },
        view={"stroke": "#cccccc"},
    )
    if is_map:
        styled = _with(styled, "usermeta", {"is_map": True})
    return _with_title(styled, title, [note] if isinstance(note, str) else note)


def titled(chart: Chart, title: str) -> Chart:
    """The chart with another title over its note. An empty one leaves out both."""
    heading: Any = chart.to_dict(validate=False).get("title", {}) if title else {}
    note = heading.get("subtitle", []) if isinstance(heading, dict) else heading
    return _with_title(chart, title, [note] if isinstance(note, str) else note)


def _with_title(chart: Chart, title: str, note: list[str]) -> Chart:
    import altair

    lines = [line for line in note if line]
    if not title and not lines:
        return _with(chart, "title", altair.Undefined)
    width = max(_across(chart), 2 * PANEL_WIDTH)
    text = [part for line in title.splitlines() for part in wrapped(line, _TITLE, width)]
    below = [part for line in lines for part in wrapped(line, TEXT, width)]
    more: dict[str, Any] = {"subtitle": below} if below else {}
    heading = altair.TitleParams(text=text, fontSize=_TITLE, offset=_OFFSET, frame="bounds", **more)
    return _with(chart, "title", heading)


def _with(chart: Chart, name: str, value: Any) -> Chart:
    """The chart with another property, also one that only the whole chart may have."""
    changed: Chart = chart.copy(deep=False)  # type: ignore[attr-defined]
    setattr(changed, name, value)
    return changed


def _across(chart: Any) -> float:
    """About how wide a chart is, in pixels, without its axes and legends."""
    import altair

    def parts(name: str) -> list[Any]:
        found: Any = getattr(chart, name, altair.Undefined)
        return [] if found is altair.Undefined else list(found)

    if side := parts("hconcat"):
        return sum(_across(part) for part in side)
    if panels := parts("concat"):
        columns = chart.columns if isinstance(chart.columns, int) else len(panels)
        return min(columns, len(panels)) * max(_across(part) for part in panels)
    if blocks := parts("vconcat"):
        return max(_across(part) for part in blocks)
    width = getattr(chart, "width", altair.Undefined)
    return float(width) if isinstance(width, int | float) else PANEL_WIDTH


def data(rows: Iterable[Record]) -> "altair.InlineData":
    """Rows as the data of a chart; numbers that are none (NaN) and infinite ones are left out."""
    import altair

    values = [{name: value for name, value in row.items() if _is_drawn(value)} for row in rows]
    return altair.InlineData(values=values)


def _is_drawn(value: object) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def measure(column: str) -> str:
    """The title of a column with a known name, in words, for axes, panels and tooltips."""
    if language() == "ko":
        return column_title(column)
    return _ENGLISH.get(column, column.replace("_", " "))


def left_out(labels: int) -> str:
    """The note on labels that had no room. Empty if all labels are drawn."""
    return _("labels left out for lack of room: {count}").format(count=labels) if labels else ""


def tooltip(*names: str, **formats: str) -> "list[altair.Tooltip]":
    """What a page shows of a mark: columns as `term:N`, under their titles in the language."""
    import altair

    shown = []
    for name in names:
        column, _colon, kind = name.partition(":")
        numbers = {"format": formats.get(column) or _FORMATS.get(column, ".4~g")}
        more: dict[str, Any] = numbers if kind == "Q" else {}
        shown.append(altair.Tooltip(name, title=measure(column), **more))
    return shown


def shares(**more: Any) -> "altair.Axis":
    """An axis of shares, in per cent."""
    import altair

    return altair.Axis(format="~%", **more)


def group_axis(names: Iterable[str], cell: float) -> "altair.Axis":
    """An axis of groups; names that are wider than a cell of the heat map are written aslant."""
    import altair

    is_long = any(text_width(name, TEXT) > cell for name in names)
    return altair.Axis(labelAngle=-45 if is_long else 0, labelLimit=_LONGEST)


def dates(every: str) -> "dict[str, Any]":
    """The scale and the axis of dates whose unit is a year, quarter, month, week or day."""
    import altair

    return {
        "title": None,
        "scale": altair.Scale(type="utc"),
        "axis": altair.Axis(format=_DATES.get(every, "%Y-%m"), labelOverlap=True),
    }


def blues(**more: Any) -> "altair.Scale":
    """A scale of blues that are pale enough for black numbers."""
    import altair

    return altair.Scale(scheme=altair.SchemeParams(name=_SEQUENTIAL, extent=_PALE), **more)


def diverging(**more: Any) -> "altair.Scale":
    """A scale from orange (less) over white to blue (more)."""
    import altair

    return altair.Scale(scheme=_DIVERGING, reverse=True, **more)


def on_dark(test: str) -> Any:
    """Letters that are white where an expression is true, as the colour below them is dark."""
    import altair

    return altair.condition(test, altair.value(PAPER), altair.value(INK))
