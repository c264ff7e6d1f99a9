"""Terms that analyzers count differently, each with a sentence and how they split it there."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from korpus.records import Record
from korpus.tagsets import TagSelection

_END = re.compile(r"[.!?…\n]")
_SENTENCE = re.compile(r"[^.!?…\n]*[.!?…]*")  # what is left of it
_AROUND = 40  # characters on each side of a term that are shown
_MOST = 5  # places in a document that are analysed again


class _Place(NamedTuple):
    """A part of a text, and where in it a term may be."""

    row: int
    text: str
    start: int
    end: int


def differences(
    rows: Sequence[tuple[str, list[int], str]],
    names: Sequence[str],
    pos: Sequence[str],
    stage: Callable[..., Iterable[Record]],
) -> Iterator[Record]:
    """Terms with an example of how the analyzers differ.

    `rows`: terms, their count per analyzer, and a text in which these differ. `pos`: the parts of
    speech that count. `stage`: morph, with its options. Gives `term`, `found_by` (the analyzers
    that find it at all), `count_NAME` per analyzer, `example`, and `tokens_NAME`: the tokens that
    an analyzer makes of the term there.
    """
    places = [
        place
        for row, (term, _counts, text) in enumerate(rows)
        for place in _places(row, term, text)
    ]
    texts = [{"id": str(number), "text": place.text} for number, place in enumerate(places)]
    shown: list[dict[str, str]] = [{} for _place in places]
    finders: list[int] = [0] * len(places)  # how many analyzers find the term there
    for name in names:
        wanted = TagSelection(pos, name) if pos else None
        for record in stage(texts, name, spans=True, rejects=_ignore):
            number = int(record["id"])
            place = places[number]
            found = list(_tokens_at(record, place))
            shown[number][name] = " ".join(f"{form}/{tag}" if tag else form for form, tag in found)
            finders[number] += any(
                form == rows[place.row][0] and (wanted is None or wanted.has(form, tag))
                for form, tag in found
            )
    for row, (term, counts, _text) in enumerate(rows):
        its = [number for number, place in enumerate(places) if place.row == row]
        best = next((n for n in its if 0 < finders[n] < len(names)), its[0])
        found_by = [name for name, count in zip(names, counts, strict=True) if count]
        yield {
            "term": term,
            "found_by": ",".join(found_by),
            **{f"count_{name}": count for name, count in zip(names, counts, strict=True)},
            "example": places[best].text,
            **{f"tokens_{name}": shown[best].get(name, "") for name in names},
        }


def _places(row: int, term: str, text: str) -> list[_Place]:
    """Where a term is in a text, with its sentence; if nowhere, the start of the text."""
    found = []
    for match in islice(re.finditer(re.escape(term), text), _MOST):
        first = max(match.start() - _AROUND, 0)
        before = _END.split(text[first : match.start()])[-1].lstrip()
        after = _SENTENCE.match(text, match.end(), match.end() + _AROUND)
        piece = before + term + (after[0].rstrip() if after else "")
        found.append(_Place(row, piece, len(before), len(before) + len(term)))
    return found or [_Place(row, text[: 2 * _AROUND].strip(), 0, 2 * _AROUND)]


def _tokens_at(record: Record, place: _Place) -> Iterator[tuple[str, str]]:
    rows = zip(record["tokens"], record["tags"], record["spans"], strict=True)
    for form, tag, span in rows:
        if span and span[0] < place.end and span[1] > place.start:
            yield form, tag


def _ignore(record: Record) -> None:
    """What cannot be analysed has no tokens to show."""
