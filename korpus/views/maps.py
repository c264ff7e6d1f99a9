"""Maps: places of named points on a square, and of their labels."""

import math
from typing import TYPE_CHECKING, Any

from korpus.records import Record
from korpus.views.labels import Circle, moved_apart, place_labels
from korpus.views.style import TEXT, data, tooltip

if TYPE_CHECKING:
    import altair
    import numpy

    Array = numpy.ndarray

SIDE, _MARGIN = 760, 40  # pixels
_RADIUS, _LETTERS = 4, TEXT
_LARGEST, _SMALLEST = 36.0, 4.0  # pixels, radii of topics
_FILLED = 0.25  # of the square, at most, by equal circles
_FLAT = 160  # pixels


def map_points(
    names: list[str], places: "Array", *, has_labels: bool, is_even: bool = False
) -> list[dict[str, Any]]:
    """Points as `name`, `x`, `y` in pixels, with `label_x`, `label_y` where a label has room.

    `is_even`: both axes have the same scale. The labels of the first names are placed first.
    """
    import numpy

    low, high = places.min(axis=0, initial=numpy.inf), places.max(axis=0, initial=-numpy.inf)
    spread = numpy.where(high > low, high - low, 1)
    if is_even:
        low = (low + high - spread.max()) / 2
        spread = numpy.full(2, spread.max())
    points: list[dict[str, Any]] = [
        {
            "name": name,
            "x": float(_MARGIN + (SIDE - 2 * _MARGIN) * (place[0] - low[0]) / spread[0]),
            "y": float(_MARGIN + (SIDE - 2 * _MARGIN) * (place[1] - low[1]) / spread[1]),
        }
        for name, place in zip(names, places, strict=True)
    ]
    if has_labels:
        circles = [
            Circle(point["x"], point["y"], _RADIUS, point["name"], _LETTERS) for point in points
        ]
        for point, at in zip(points, place_labels(circles, SIDE, SIDE), strict=True):
            if at is not None:
                point["label_x"], point["label_y"] = at
    return points


def topic_circles(rows: list[Record], side: int) -> tuple[list[Circle], int]:
    """The topics of `topic_map` as circles on a square, and the height that they need.

    Areas are shares. Circles that would cover each other are moved apart. Labels are empty.
    """
    import numpy

    names = [str(row["topic"]) for row in rows]
    places = numpy.array([(row["x"], -row["y"]) for row in rows])
    points = map_points(names, places, has_labels=False, is_even=True)
    most = max(row["share"] for row in rows)
    largest = min(_LARGEST, side * math.sqrt(_FILLED / (math.pi * len(rows))))
    height = _FLAT if len(rows) < 3 else side  # one or two topics are on a line
    circles = [
        Circle(
            point["x"] * side / SIDE,
            point["y"] * side / SIDE - (side - height) / 2,
            max(largest * math.sqrt(row["share"] / most), _SMALLEST),
            "",
            _LETTERS,
        )
        for point, row in zip(points, rows, strict=True)
    ]
    return moved_apart(circles, side, height), height


def map_chart(points: list[dict[str, Any]], colour: Any, columns: list[str]) -> "altair.LayerChart":
    """Dots of points, and their labels."""
    import altair

    dots = (
        altair.Chart(data(points))
        .mark_circle(size=46, opacity=0.75)
        .encode(
            altair.X("x:Q", axis=None).scale(domain=[0, SIDE], nice=False),
            altair.Y("y:Q", axis=None).scale(domain=[SIDE, 0], nice=False),
            colour,
            tooltip=tooltip(*columns),
        )
    )
    labelled = [point for point in points if "label_x" in point]
    words = (
        altair.Chart(data(labelled))
        .mark_text(fontSize=_LETTERS)
        .encode(
            altair.X("label_x:Q", axis=None),
            altair.Y("label_y:Q", axis=None),
            altair.Text("name:N"),
        )
    )
    return altair.LayerChart(layer=[dots, words], width=SIDE, height=SIDE)
