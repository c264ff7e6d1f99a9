"""Places of labels: they do not overlap, and the lines that lead to them do not cross others."""

import math
from itertools import combinations
from random import Random

import pytest

from korpus.views.labels import (
    Box,
    Circle,
    line_from,
    line_to,
    moved_apart,
    place_labels,
    text_width,
)

LETTERS = 12


def box(circle: Circle, place: tuple[float, float]) -> Box:
    half, rise = text_width(circle.label, LETTERS) / 2, LETTERS / 2
    return Box(place[0] - half, place[1] - rise, place[0] + half, place[1] + rise)


@pytest.mark.parametrize("seed", range(3))
def test_lines_make_room_and_pass_other_labels(seed: int) -> None:
    dice = Random(seed)
    middle = [(300 + dice.gauss(0, 30), 300 + dice.gauss(0, 30)) for _number in range(30)]
    circles = [Circle(x, y, 4, f"단어{n}", LETTERS) for n, (x, y) in enumerate(middle)]
    near = place_labels(circles, 600, 600)
    far = place_labels(circles, 600, 600, lines=True)
    assert far.count(None) < near.count(None)
    placed = [(circle, place) for circle, place in zip(circles, far, strict=True) if place]
    boxes = [box(*pair) for pair in placed]
    assert not any(a.meets(b) for n, a in enumerate(boxes) for b in boxes[:n])
    ends = [line_to(*pair) for pair in placed]
    assert any(ends) and not all(ends)
    for number, ((circle, _place), end) in enumerate(zip(placed, ends, strict=True)):
        if end:
            x, y = (circle.x + end[0]) / 2, (circle.y + end[1]) / 2
            others = boxes[:number] + boxes[number + 1 :]
            assert not any(Box(x, y, x, y).meets(other) for other in others)


@pytest.mark.parametrize("seed", range(3))
def test_circles_are_moved_apart(seed: int) -> None:
    random = Random(seed)
    sizes = [12.0, 8.0, *(random.uniform(4, 20) for _number in range(28))]
    places = [(50.0, 50.0)] * 2 + [
        (random.gauss(150, 40), random.gauss(150, 40)) for _ in sizes[2:]
    ]
    circles = [Circle(*at, size, "", 12) for at, size in zip(places, sizes, strict=True)]
    moved = moved_apart(circles, 300, 300)
    for first, second in combinations(moved, 2):
        assert math.dist(first[:2], second[:2]) >= first.radius + second.radius - 1e-6
    for circle in moved:
        assert circle.radius - 1e-6 <= circle.x <= 300 - circle.radius + 1e-6
        assert circle.radius - 1e-6 <= circle.y <= 300 - circle.radius + 1e-6
    alone = [Circle(40, 40, 10, "", 12), Circle(90, 40, 10, "", 12)]
    assert moved_apart(alone, 300, 300) == alone


def test_a_line_starts_at_the_edge_of_its_circle() -> None:
    assert line_from(Circle(10, 20, 5, "", 12), (10, 60)) == (10, 25)
