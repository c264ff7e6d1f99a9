"""The conditions of coding rules, and what a document has for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass
class Found:
    """What a document has: the places of the words that rules ask for, its text, its concepts."""

    places: dict[str, list[int]]
    text: str
    concepts: dict[str, bool] = field(default_factory=dict)


class Condition(Protocol):
    """A condition on a document."""

    def __call__(self, found: Found) -> bool:
        """Whether a document meets it."""
        ...


@dataclass
class Word:
    """A word that occurs."""

    word: str

    def __call__(self, found: Found) -> bool:
        """Whether a document meets it."""
        return self.word in found.places


@dataclass
class Phrase:
    """Words one after the other."""

    words: Sequence[str]

    def __call__(self, found: Found) -> bool:
        """Whether a document meets it."""
        if not all(word in found.places for word in self.words):
            return False
        rest = [set(found.places[word]) for word in self.words[1:]]
        return any(
            all(start + step in places for step, places in enumerate(rest, 1))
            for start in found.places[self.words[0]]
        )


@dataclass
class Near:
    """Words that are at most `distance` apart, the first and the last; `ordered`: in this order."""

    words: Sequence[str]
    distance: int
    ordered: bool

    def __call__(self, found: Found) -> bool:
        """Whether a document meets it."""
        if not all(word in found.places for word in self.words):
            return False
        places = [found.places[word] for word in self.words]
        if self.ordered:
            return any(self._follows(start, places[1:], start) for start in places[0])
        ends = [(place, number) for number, found in enumerate(places) for place in found]
        return _closest(sorted(ends), len(places)) <= self.distance

    def _follows(self, last: int, rest: list[list[int]], start: int) -> bool:
        """Whether the other words follow in order, each at its next place."""
        for places in rest:
            after = [place for place in places if place > last]
            if not after:
                return False
            last = min(after)
        return last - start <= self.distance


def _closest(places: list[tuple[int, int]], words: int) -> float:
    """The length of the shortest stretch with all words, of different tokens, in sorted places."""
    best = float("inf")
    last: dict[int, int] = {}
    for place, word in places:
        last[word] = place
        if len(last) == words and len(set(last.values())) == words:
            best = min(best, max(last.values()) - min(last.values()))
    return best


@dataclass
class Text:
    """A string that the text contains."""

    string: str

    def __call__(self, found: Found) -> bool:
        """Whether a document meets it."""
        return self.string in found.text


@dataclass
class Named:
    """A concept above."""

    name: str

    def __call__(self, found: Found) -> bool:
        """Whether a document meets it."""
        return found.concepts[self.name]


@dataclass
class AllOf:
    """Conditions that all have to hold."""

    parts: Sequence[Condition]

    def __call__(self, found: Found) -> bool:
        """Whether a document meets it."""
        return all(part(found) for part in self.parts)


@dataclass
class AnyOf:
    """Conditions of which one has to hold."""

    parts: Sequence[Condition]

    def __call__(self, found: Found) -> bool:
        """Whether a document meets it."""
        return any(part(found) for part in self.parts)


@dataclass
class NotThis:
    """The opposite of a condition."""

    part: Condition

    def __call__(self, found: Found) -> bool:
        """Whether a document meets it."""
        return not self.part(found)
