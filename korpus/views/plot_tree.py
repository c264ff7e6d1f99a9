"""The picture of dependency trees: words in a row, and an arc from each head to its dependents."""

import logging
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from korpus.messages import _, plural
from korpus.records import Record
from korpus.views.labels import shortened, text_width
from korpus.views.style import (
    BLUE,
    FRAMELESS,
    INK,
    PALE_INK,
    PAPER,
    SMALL,
    TEXT,
    data,
    styled,
    tooltip,
)

if TYPE_CHECKING:
    import altair

logger = logging.getLogger("korpus")

MOST_SENTENCES = 10
_MOST_WORDS = 300  # of a sentence; the work grows with their square
_MARGIN, _GAP, _LETTER = 24, 18, 10  # pixels: around, between words, beside a label of an arc
_STEP = 22  # pixels from one level of arcs to the next
_APART = 5  # pixels between arcs that start at one word
_CORNER, _POINTS = 14, 7  # pixels, and points of a corner of an arc
_WORD, _TAG, _BELOW = 16, 32, 30  # pixels from the arcs to words and to tags; between sentences
_HEADING = 22  # pixels for the id of a sentence
_ROOT = "root"


class _Arc(NamedTuple):
    """An arc from a head to a word, as numbers from 1, and how high it is; the root's head is 0."""

    head: int
    word: int
    level: int


def plot_tree(sentences: Iterable[Record], of: int | None = None) -> "altair.LayerChart":
    """Draw the trees of sentences below each other: the first 10, without those of more than 300
    words. What is left out is logged.

    `of`: how many there are, if `sentences` are only the first ones.

    Each needs `id`, `tokens`, `tags`, `heads`, `relations`, and heads that make a tree. Tooltips
    show the relation with both words. Long words are cut.
    """
    import altair

    waiting = iter(sentences)
    first = list(islice(waiting, MOST_SENTENCES))
    total = of if of is not None else len(first) + sum(1 for _one in waiting)
    if total > len(first):
        logger.info(
            _("the picture shows the first %s of %s"),
            plural(len(first), "sentence"),
            f"{total:,}",
        )
    drawn = [one for one in first if len(one["tokens"]) <= _MOST_WORDS]
    if len(drawn) < len(first):
        logger.warning(
            _("%s with more than %s words left out of the picture"),
            plural(len(first) - len(drawn), "sentence"),
            f"{_MOST_WORDS:,}",
        )
    rows = _Rows(has_headings=len(drawn) > 1)
    for number, sentence in enumerate(drawn):
        rows.add(number, sentence)
    width, height = rows.width + _MARGIN, rows.bottom
    x = altair.X("x:Q", axis=None).scale(domain=[0, width], nice=False)
    y = altair.Y("y:Q", axis=None).scale(domain=[height, 0], nice=False)
    arcs = (
        altair.Chart(data(rows.points))
        .mark_line(color=BLUE, strokeWidth=1.3)
        .encode(x, y, altair.Detail("arc:N"), altair.Order("step:Q"))
    )
    ends = (
        altair.Chart(data(rows.ends))
        .mark_point(shape="triangle-down", filled=True, color=BLUE, size=44, opacity=1)
        .encode(x, y)
    )
    named = altair.Chart(data(rows.labels)).encode(
        x, y, altair.Text("relation:N"), tooltip=tooltip("relation:N", "head:N", "token:N")
    )
    layers = [
        arcs,
        ends,
        named.mark_text(fontSize=SMALL, color=PAPER, stroke=PAPER, strokeWidth=4),
        named.mark_text(fontSize=SMALL, color=INK),
        altair.Chart(data(rows.words)).mark_text(fontSize=TEXT).encode(x, y, altair.Text("word:N")),
        altair.Chart(data(rows.tags))
        .mark_text(fontSize=SMALL, color=PALE_INK)
        .encode(x, y, altair.Text("tag:N")),
        altair.Chart(data(rows.headings))
        .mark_text(fontSize=SMALL, color=PALE_INK, align="left")
        .encode(x, y, altair.Text("id:N")),
    ]
    chart = altair.LayerChart(layer=layers, width=width, height=height, view=FRAMELESS)
    title, note = _("Dependency trees"), _("arrows lead from the head to the dependent")
    return styled(chart, title, note, is_map=True)


class _Rows:
    """What is drawn, in pixels from the top left."""

    def __init__(self, *, has_headings: bool) -> None:
        self.has_headings = has_headings
        self.points: list[Record] = []
        self.ends: list[Record] = []
        self.labels: list[Record] = []
        self.words: list[Record] = []
        self.tags: list[Record] = []
        self.headings: list[Record] = []
        self.width, self.bottom = float(_MARGIN), 0.0

    def add(self, number: int, sentence: Record) -> None:
        """Add a sentence below the others."""
        tokens = [shortened(" ".join(token.split())) for token in sentence["tokens"]]
        relations = [str(name or "") for name in sentence["relations"]]
        tags = [str(tag or "") for tag in sentence.get("tags") or [""] * len(tokens)]
        top = self.bottom
        if self.has_headings:
            shown = shortened(str(sentence["id"]), 60)
            self.headings.append({"x": _MARGIN / 2, "y": top + _HEADING / 2, "id": shown})
            top += _HEADING
        arcs = arcs_of(sentence["heads"])
        centres = _centres(tokens, tags, relations, arcs)
        base = top + _STEP * (max((arc.level for arc in arcs), default=0) + 1)
        starts = _starts(arcs)
        for arc in arcs:
            word, label = arc.word - 1, relations[arc.word - 1] or _ROOT * (not arc.head)
            end, height = centres[word], base - _STEP * arc.level
            start = centres[arc.head - 1] + starts[arc] if arc.head else end
            name = f"{number} {arc.word}"
            self.points += [
                {"arc": name, "step": step, "x": x, "y": y}
                for step, (x, y) in enumerate(_line(start, end, base, height))
            ]
            self.ends.append({"x": end, "y": base - 3})
            head = tokens[arc.head - 1] if arc.head else _ROOT
            place = {"x": (start + end) / 2, "y": height - (0 if arc.head else SMALL / 2)}
            self.labels.append({**place, "relation": label, "head": head, "token": tokens[word]})
        for centre, token, tag in zip(centres, tokens, tags, strict=True):
            self.words.append({"x": centre, "y": base + _WORD, "word": token})
            self.tags.append({"x": centre, "y": base + _TAG, "tag": tag})
        last = centres[-1] + text_width(tokens[-1], TEXT) / 2 if tokens else 0
        self.width = max(self.width, last)
        self.bottom = base + _TAG + _BELOW


def arcs_of(heads: Sequence[int]) -> list[_Arc]:
    """The arcs of a sentence. Those that overlap are on different levels, shorter ones below."""
    places = [
        (min(head, word), max(head, word), head, word) for word, head in enumerate(heads, 1) if head
    ]
    found: list[_Arc] = []
    levels: list[tuple[int, int, int]] = []
    for low, high, head, word in sorted(places, key=lambda place: (place[1] - place[0], place)):
        below = (level for first, last, level in levels if first < high and last > low)
        level = 1 + max(below, default=0)
        levels.append((low, high, level))
        found.append(_Arc(head, word, level))
    for word, head in enumerate(heads, 1):
        if not head:
            above = (level for first, last, level in levels if first <= word <= last)
            found.append(_Arc(0, word, 1 + max(above, default=0)))
    return sorted(found, key=lambda arc: arc.word)


def _centres(
    tokens: list[str], tags: list[str], relations: list[str], arcs: list[_Arc]
) -> list[float]:
    """The middle of each word; between neighbours there is room for the name of their relation."""
    widths = [
        max(text_width(token, TEXT), text_width(tag, SMALL))
        for token, tag in zip(tokens, tags, strict=True)
    ]
    room: dict[int, float] = {}  # number of a word: pixels to the middle of the next one
    for head, word, _level in arcs:
        if head and abs(head - word) == 1:
            needed = text_width(relations[word - 1], SMALL) + _LETTER + 2 * (_CORNER + _APART)
            room[min(head, word)] = max(room.get(min(head, word), 0), needed)
    centres: list[float] = []
    for number, width in enumerate(widths):
        if not centres:
            centres.append(_MARGIN + width / 2)
            continue
        step = (widths[number - 1] + width) / 2 + _GAP
        centres.append(centres[-1] + max(step, room.get(number, 0)))
    return centres


def _starts(arcs: list[_Arc]) -> dict[_Arc, float]:
    """How far from the middle of the head each arc starts: shorter ones farther."""
    found: dict[_Arc, float] = {}
    sides: dict[tuple[int, bool], list[_Arc]] = {}
    for arc in arcs:
        sides.setdefault((arc.head, arc.word > arc.head), []).append(arc)
    for (_head, is_right), its in sides.items():
        its.sort(key=lambda arc: -abs(arc.word - arc.head))
        for place, arc in enumerate(its, 1):
            found[arc] = (1 if is_right else -1) * _APART * min(place, 3)
    return found


def _line(start: float, end: float, base: float, height: float) -> Iterator[tuple[float, float]]:
    """The points of an arc: up from its start, along, and down to its end."""
    if start == end:
        yield from ((start, height), (end, base))
        return
    corner = math.copysign(min(_CORNER, abs(end - start) / 2), end - start)
    angles = [step / _POINTS * math.pi / 2 for step in range(_POINTS + 1)]
    for angle in angles:
        yield start + corner * (1 - math.cos(angle)), base - (base - height) * math.sin(angle)
    for angle in reversed(angles):
        yield end - corner * (1 - math.cos(angle)), base - (base - height) * math.sin(angle)
