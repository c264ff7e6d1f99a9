"""Labels of a picture that do not overlap."""

import math
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_DIRECTIONS = 12
_DISTANCES = (0, 6, 14, 26)  # pixels beyond the circle
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


def shortened(text: str) -> str:
    """A text as a label: at most about 12 syllables or 24 Latin letters, then … ."""
    most = 0
    for place, letter in enumerate(text):
        most += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if most > _LONGEST:
            return text[:place].rstrip() + "…"
    return text


def text_width(text: str, size: float) -> float:
    """About how wide a text is, in pixels."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (wide * _WIDE + (len(text) - wide) * _NARROW)


def place_labels(
    circles: Iterable[Circle], width: float, height: float
) -> list[tuple[float, float] | None]:
    """The centre of the label of each circle, inside the picture; None where there is no room.

    Circles that come first get the better places. A label stays off other labels and circles.
    """
    shown = list(circles)
    taken = [Box(x - r, y - r, x + r, y + r) for x, y, r, _label, _size in shown]
    labels: list[Box] = []
    found: list[tuple[float, float] | None] = []
    for number, circle in enumerate(shown):
        others = taken[:number] + taken[number + 1 :]
        for x, y in _places(circle):
            half = text_width(circle.label, circle.size) / 2
            rise = circle.size * _LINE / 2
            box = Box(x - half, y - rise, x + half, y + rise)
            inside = box.left >= 0 and box.right <= width and box.top >= 0 and box.bottom <= height
            if inside and not any(map(box.meets, labels)) and not any(map(box.meets, others)):
                labels.append(box)
                found.append((x, y))
                break
        else:
            found.append(None)
    return found


def _places(circle: Circle) -> Iterator[tuple[float, float]]:
    """Centres of a label around a circle: right, left, below, above, then between, then farther."""
    half, rise = text_width(circle.label, circle.size) / 2, circle.size * _LINE / 2
    order = sorted(range(_DIRECTIONS), key=lambda n: (n % 3 != 0, n % 6 != 0, n))
    for beyond in _DISTANCES:
        for number in order:
            angle = 2 * math.pi * number / _DIRECTIONS
            across, down = math.cos(angle), math.sin(angle)
            reach = circle.radius + 2 + beyond
            yield circle.x + across * (reach + half), circle.y + down * (reach + rise)
