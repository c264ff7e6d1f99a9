"""What to show of a document that was found: the place that matches, or its sentences."""

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from korpus.records import Record

Span = tuple[int, int]

WIDTH = 80  # characters of a passage
_BEFORE, _AFTER = "[", "]"
_CUT = "…"
_LINE_END = re.compile(r"\s+")


def matches(record: Record, wanted: Mapping[str, float]) -> list[tuple[Span, str]]:
    """The spans of the tokens of a document that are wanted, in the order of the text.

    Empty for a document without spans (`morph --spans` gives them).
    """
    spans, tokens = record.get("spans"), record.get("tokens")
    if not (isinstance(spans, list) and isinstance(tokens, list) and len(spans) == len(tokens)):
        return []
    found = {
        (span, token)
        for span, token in zip(map(_span, spans), tokens, strict=True)
        if span and isinstance(token, str) and token in wanted
    }
    return sorted(found)


def passage(text: str, found: list[tuple[Span, str]]) -> str:
    """The part of a text with the most different matches, which are put in [ ]."""
    start, end = _window(text, found)
    shown, last = [_CUT] if start else [], start
    for (first, after), _token in found:
        if last <= first and after <= end and first < after:  # one may be part of another
            shown += [text[last:first], _BEFORE, text[first:after], _AFTER]
            last = after
    shown += [text[last:end], _CUT if end < len(text) else ""]
    return _LINE_END.sub(" ", normalize("NFC", "".join(shown))).strip()


def _window(text: str, found: list[tuple[Span, str]]) -> Span:
    """The part of a text to show, about as wide as `WIDTH`, at spaces where there are any."""
    if len(text) <= WIDTH:
        return 0, len(text)
    most, first, last = (0, 0), 0, 0
    for number, ((start, _end), _token) in enumerate(found):
        inside = [(end, token) for (_s, end), token in found[number:] if end <= start + WIDTH]
        score = len({token for _end, token in inside}), len(inside)
        if score > most:
            most, first, last = score, start, inside[-1][0]
    start = max(0, min(first - (WIDTH - (last - first)) // 2, len(text) - WIDTH))
    end = start + WIDTH
    if start and (space := text.find(" ", start, first)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", last, end)) > 0:
        end = space
    return start, end


def sentences(record: Record) -> list[Span]:
    """The sentences of a document (`morph --spans`); the whole text without them."""
    text = record.get("text") or ""
    starts = record.get("sentence_starts")
    if not isinstance(starts, list) or not all(type(start) is int for start in starts):
        starts = []
    inside = sorted({0, *(start for start in starts if 0 < start < len(text))})
    return list(zip(inside, [*inside[1:], len(text)], strict=True))


def around(text: str, number: int, spans: list[Span], context: int) -> Span:
    """A sentence with the sentences on each side of it, without white space at the ends."""
    start = spans[max(0, number - context)][0]
    found = text[start : spans[min(number + context, len(spans) - 1)][1]].rstrip()
    return start + len(found) - len(found.lstrip()), start + len(found)


def best_sentence(spans: list[Span], found: list[tuple[Span, str]], wanted: Any) -> int:
    """The number of the sentence whose different matches weigh most; the first among equals."""
    weights = []
    for start, end in spans:
        inside = {token for (first, _after), token in found if start <= first < end}
        weights.append(sum(wanted[token] for token in inside))
    return max(range(len(spans)), key=lambda number: (weights[number], -number))


def _span(span: object) -> Span | None:
    """A span as it should be; None for tokens that are not in the text."""
    match span:
        case [int(start), int(end)]:
            return start, end
    return None
