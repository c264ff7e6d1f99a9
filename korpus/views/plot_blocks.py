"""The picture of CONCOR: the tree of its splits, and the density of its blocks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from korpus.messages import _
from korpus.networks import NAMED_BY, Blocks
from korpus.records import Record
from korpus.views.labels import shortened
from korpus.views.style import FRAMELESS, GREY, LINE_COLOURS, PAPER, blues, data, styled, tooltip

if TYPE_CHECKING:
    import altair

_LINE, _STEP, _CELL = 15, 70, 90  # pixels: per node, per split, per block
_NAMES = 170  # pixels for the names of nodes


def plot_blocks(blocks: Blocks) -> "altair.TopLevelMixin":
    """Draw the tree of splits with the nodes of each block, and the density of each two blocks.

    Nodes of a block have its colour. Where the image matrix has 1, the number is bold. Long names
    are cut; tooltips show the whole.
    """
    import altair

    both: altair.HConcatChart = altair.hconcat(_tree(blocks), _densities(blocks), spacing=40)
    apart: altair.HConcatChart = both.resolve_scale(color="independent")
    return styled(apart, _("Blocks of similar ties (CONCOR)"), is_map=True)


def _tree(blocks: Blocks) -> "altair.LayerChart":
    import altair

    members = list(blocks.members)
    numbers = sorted({row["block"] for row in members})
    spans: dict[int, tuple[float, float]] = {}
    for place, row in enumerate(members):
        start, _end = spans.get(row["block"], (place, place))
        spans[row["block"]] = (start, place)
        row["y"], row["shown"] = place, str(row["block"])
    depth = _depth(blocks.splits)
    lines: list[dict[str, float]] = []
    for first, last in spans.values():
        lines += _elbow(depth, first, last, depth + 0.3)
    _joined(blocks.splits, 0, depth, spans, lines)
    width, height = (depth + 0.3) * _STEP + _NAMES, max(len(members), 2) * _LINE
    across = altair.Scale(domain=[0, width / _STEP], nice=False)
    down = altair.Scale(domain=[len(members) - 0.5, -0.5], nice=False)
    x, y = (
        altair.X("x:Q", axis=None, scale=across),
        altair.Y("y:Q", axis=None, scale=down),
    )
    colours = [LINE_COLOURS[place % len(LINE_COLOURS)] for place in range(len(numbers))]
    drawn = (
        altair.Chart(data(lines))
        .mark_rule(color=GREY)
        .encode(x, y, altair.X2("x2:Q"), altair.Y2("y2:Q"))
    )
    for row in members:
        row["dot"], row["x"], row["label"] = depth + 0.36, depth + 0.46, shortened(str(row["node"]))
    scale = altair.Scale(domain=[str(n) for n in numbers], range=colours)
    nodes = altair.Chart(data(members)).encode(y, tooltip=tooltip("node:N", "block:N"))
    names = nodes.mark_text(align="left").encode(x, altair.Text("label:N"))
    dots = nodes.mark_circle(size=60, opacity=1).encode(
        altair.X("dot:Q", axis=None, scale=across),
        altair.Color("shown:N", title=_("block"), scale=scale),
    )
    return altair.layer(drawn, dots, names).properties(  # type: ignore[return-value]
        width=width, height=height, title=_("splits"), view=FRAMELESS
    )


def _depth(splits: Any) -> int:
    return 1 + max(map(_depth, splits)) if isinstance(splits, list) else 0


def _elbow(x: float, first: float, last: float, end: float) -> list[dict[str, float]]:
    """A bracket: a line down from `first` to `last`, and lines from its ends to `end`."""
    lines = [{"x": x, "y": first, "x2": x, "y2": last}]
    return lines + [{"x": x, "y": y, "x2": end, "y2": y} for y in (first, last)]


def _joined(
    splits: Any,
    level: int,
    depth: int,
    spans: dict[int, tuple[float, float]],
    lines: list[dict[str, float]],
) -> float:
    """Add the lines of a split and those within it; returns where its trunk is."""
    if not isinstance(splits, list):
        first, last = spans[splits]
        middle = (first + last) / 2
        lines.append({"x": level, "y": middle, "x2": depth, "y2": middle})
        return middle
    ends = [_joined(part, level + 1, depth, spans, lines) for part in splits]
    lines += [{"x": level, "y": end, "x2": level + 1, "y2": end} for end in ends]
    lines.append({"x": level, "y": ends[0], "x2": level, "y2": ends[-1]})
    return sum(ends) / len(ends)


def _densities(blocks: Blocks) -> "altair.LayerChart":
    import altair

    labels = _labels(blocks)
    cells = list(_cells(blocks, labels))
    side = _CELL * len(labels)
    base = altair.Chart(data(cells)).encode(
        altair.X(
            "to:N", sort=None, title=_("to block"), axis=altair.Axis(labelAngle=0, orient="top")
        ),
        altair.Y("from:N", sort=labels, title=None, axis=altair.Axis(labelLimit=260)),
        tooltip=[
            altair.Tooltip("name:N", title=_("block")),
            altair.Tooltip("to name:N", title=_("to block")),
            altair.Tooltip("density:Q", title=_("density")),
        ],
    )
    most = max((cell["density"] or 0 for cell in cells), default=1) or 1
    squares = base.mark_rect(stroke=PAPER).encode(
        altair.Color(
            "density:Q",
            title=_("density"),
            scale=blues(domain=[0, most]),
        )
    )
    numbers = base.mark_text().encode(altair.Text("shown:N"))
    bold = base.transform_filter("datum.image == 1").mark_text(fontWeight="bold")
    return altair.layer(  # type: ignore[return-value]
        squares, numbers.transform_filter("datum.image != 1"), bold.encode(altair.Text("shown:N"))
    ).properties(width=side, height=side, title=_("density (bold: above the mean)"))


def _labels(blocks: Blocks) -> list[str]:
    """The number of each block and the first nodes of it."""
    nodes: dict[int, list[str]] = {}
    for row in blocks.members:
        nodes.setdefault(row["block"], []).append(shortened(str(row["node"])))
    return [f"{number}  {', '.join(names[:NAMED_BY])}" for number, names in nodes.items()]


def _cells(blocks: Blocks, labels: list[str]) -> Iterator[Record]:
    names = [row["name"] for row in blocks.density]
    for row, image in zip(blocks.density, blocks.image, strict=True):
        for number in range(1, len(row) - 2):
            value = row[str(number)]
            yield {
                "from": labels[row["block"] - 1],
                "to": str(number),
                "name": row["name"],
                "to name": names[number - 1],
                "density": value,
                "image": image[str(number)],
                "shown": "–" if value is None else f"{value:.3g}",
            }
