"""Labels of a picture that do not overlap."""

import math
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, combinations
from typing import NamedTuple

_DIRECTIONS = 12
_NEAR = (0, 6, 14, 26)  # pixels beyond the circle
_DISTANCES = (*_NEAR, 40, 56, 72, 90)  # with lines
_BESIDE = 12  # pixels to a label that needs no line
_POINTS = 12  # of a line
_GAP, _ROUNDS = 2, 400  # pixels between circles, and rounds of moving them apart
_LONGEST = 24  # Latin letters of a label; a syllable counts as two
_WIDE, _NARROW, _LINE = 0.95, 0.58, 1.15  # of a letter, in sizes of letters


class Circle(NamedTuple):
    """A circle with the label that belongs beside it, and the size of the letters."""

    x: float
    y: float
    radius: float
    label: str
    size: float


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def shortened(text: str, longest: int = _LONGEST) -> str:
    """A text as a label: at most about 12 syllables or 24 Latin letters, then … ."""
    width = 0
    for place, letter in enumerate(text):
        width += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if width > longest:
            return text[:place].rstrip() + "…"
    return text


def distinct(labels: Iterable[str]) -> list[str]:
    """Labels that all differ: those that are equal when shortened get spaces."""
    found: dict[str, None] = {}
    for label in labels:
        while label in found:
            label += " "
        found[label] = None
    return list(found)


def text_width(text: str, size: float) -> float:
    """About how wide a text is, in pixels."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (wide * _WIDE + (len(text) - wide) * _NARROW)


def place_labels(
    circles: Iterable[Circle], width: float, height: float, *, lines: bool = False
) -> list[tuple[float, float] | None]:
    """The centre of the label of each circle, inside the picture; None where there is no room.

    Circles that come first get the better places. A label stays off other labels and circles. With
    `lines` it may be farther away, where `line_to` leads to it, past the other labels.
    """
    shown = list(circles)
    taken = [Box(x - r, y - r, x + r, y + r) for x, y, r, _label, _size in shown]
    labels: list[Box] = []
    led: list[Box] = []  # points of the lines
    found: list[tuple[float, float] | None] = []
    for number, circle in enumerate(shown):
        others = taken[:number] + taken[number + 1 :]
        for x, y in _places(circle, _DISTANCES if lines else _NEAR):
            box = _box(circle, (x, y))
            line = _points_of_line(circle, (x, y)) if lines else []
            inside = box.left >= 0 and box.right <= width and box.top >= 0 and box.bottom <= height
            crosses = any(point.meets(label) for point in line for label in labels)
            free = not crosses and not any(map(box.meets, chain(labels, others, led)))
            if inside and free:
                labels.append(box)
                led += line
                found.append((x, y))
                break
        else:
            found.append(None)
    return found


def moved_apart(circles: Iterable[Circle], width: float, height: float) -> list[Circle]:
    """Circles that do not cover each other, as near to their places as they can be.

    They stay inside the picture. Those that have no room there may still overlap.
    """
    shown = [_inside(circle, width, height) for circle in circles]
    for _round in range(_ROUNDS):
        is_done = True
        for first, second in combinations(range(len(shown)), 2):
            a, b = shown[first], shown[second]
            across, down = b.x - a.x, b.y - a.y
            missing = a.radius + b.radius + _GAP - math.hypot(across, down)
            if missing <= 0:
                continue
            is_done = False
            # Circles at one place part in a direction of their own.
            angle = math.atan2(down, across) if across or down else float(first + 2 * second)
            x, y = (missing / 2 * part for part in (math.cos(angle), math.sin(angle)))
            shown[first] = _inside(a._replace(x=a.x - x, y=a.y - y), width, height)
            shown[second] = _inside(b._replace(x=b.x + x, y=b.y + y), width, height)
        if is_done:
            break
    return shown


def _inside(circle: Circle, width: float, height: float) -> Circle:
    x, y = (
        min(max(at, circle.radius), side - circle.radius)
        for at, side in ((circle.x, width), (circle.y, height))
    )
    return circle._replace(x=x, y=y)


def line_from(circle: Circle, end: tuple[float, float]) -> tuple[float, float]:
    """Where the line from a circle to `end` leaves the circle."""
    share = circle.radius / max(math.dist(circle[:2], end), circle.radius)
    return circle.x + share * (end[0] - circle.x), circle.y + share * (end[1] - circle.y)


def line_to(circle: Circle, place: tuple[float, float]) -> tuple[float, float] | None:
    """Where a line from a circle to its label at `place` ends; None for a label beside it."""
    box = _box(circle, place)
    x = min(max(circle.x, box.left), box.right)
    y = min(max(circle.y, box.top), box.bottom)
    return (x, y) if math.dist((x, y), circle[:2]) > circle.radius + _BESIDE else None


def _box(circle: Circle, place: tuple[float, float]) -> Box:
    half, rise = text_width(circle.label, circle.size) / 2, circle.size * _LINE / 2
    x, y = place
    return Box(x - half, y - rise, x + half, y + rise)


def _points_of_line(circle: Circle, place: tuple[float, float]) -> list[Box]:
    """Points of the line to a label, without its ends."""
    end = line_to(circle, place)
    if end is None:
        return []
    shares = [number / _POINTS for number in range(1, _POINTS)]
    across, down = end[0] - circle.x, end[1] - circle.y
    points = [(circle.x + across * share, circle.y + down * share) for share in shares]
    return [Box(x, y, x, y) for x, y in points]


def _places(circle: Circle, distances: Iterable[int]) -> Iterator[tuple[float, float]]:
    """Centres of a label around a circle: right, left, below, above, then between, then farther."""
    half, rise = text_width(circle.label, circle.size) / 2, circle.size * _LINE / 2
    for beyond in distances:
        many = 1 if beyond <= _NEAR[-1] else 3
        steps = many * _DIRECTIONS
        for number in sorted(
            range(steps), key=lambda n: (n % (3 * many) > 0, n % (6 * many) > 0, n)
        ):
            angle = 2 * math.pi * number / steps
            across, down = math.cos(angle), math.sin(angle)
            reach = circle.radius + 2 + beyond
            yield circle.x + across * (reach + half), circle.y + down * (reach + rise)


def wrapped(text: str, size: float, width: float) -> list[str]:
    """A text in lines of at most `width` pixels, broken at spaces or within long words."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if text_width(lines[-1] + letter, size) > width:
                lines.append("")
            lines[-1] += letter
    return lines
