"""Places of labels: they do not overlap, and the lines that lead to them do not cross others."""

from random import Random

import pytest

from korpus.views.labels import Box, Circle, line_to, place_labels, text_width

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
