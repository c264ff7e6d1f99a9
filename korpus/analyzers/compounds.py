"""Compounds (합성어): one token, their parts, or both. 한국은행 → 한국 은행."""

from collections.abc import Container
from dataclasses import dataclass, field

from korpus.analyzers.located import Located
from korpus.analyzers.spans import Span, align
from korpus.analyzers.table import Parts, Tokens
from korpus.messages import plural
from korpus.records import Counts

KEEP, SPLIT, BOTH = CHOICES = ("keep", "split", "both")
_SPLIT_UP = "compounds split"  # counted
_MOST_KNOWN = 1 << 16


def compounds_split(counts: Counts) -> str:
    """The number of compounds that were split, in words; "" for none."""
    return plural(counts[_SPLIT_UP], "compound") if counts[_SPLIT_UP] else ""


@dataclass
class Compounds:
    """Splits compounds as the dictionary of an analyzer does.

    `choice`: SPLIT, or BOTH for each compound followed by its parts. `parts`: see `Analyzer`.
    `whole`: forms that are never split: those of a word table.
    """

    choice: str
    parts: Parts
    counts: Counts
    whole: Container[str] = frozenset()
    _known: dict[tuple[str, str], Tokens | None] = field(default_factory=dict)

    def apply(self, text: str, tokens: Located) -> Located:
        """Split the compounds of a text. Parts have their own spans.

        With BOTH, tokens get positions, and a compound has that of its first part.
        """
        found = Located([], [])
        done = 0
        for at, key in enumerate(zip(tokens.forms, tokens.tags, strict=True)):
            parts = self._parts(key)
            if parts is None:
                continue
            self.counts[_SPLIT_UP] += 1
            first = at + 1 if self.choice == BOTH else at
            found.add(tokens, done, first)
            if self.choice == BOTH:
                found.number()
                found.positions += range(found.positions[-1], found.positions[-1] + len(parts[0]))
            spans = _spans(text, tokens.spans[at], parts[0]) if tokens.spans else []
            found.forms += parts[0]
            found.tags += parts[1]
            found.spans += spans
            done = at + 1
        if not done:
            return tokens
        found.add(tokens, done)
        if self.choice == BOTH:
            found.number()
        return found

    def _parts(self, key: tuple[str, str]) -> Tokens | None:
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = None if key[0] in self.whole else self.parts(*key)
        return self._known[key]


def _spans(text: str, span: Span | None, forms: list[str]) -> list[Span | None]:
    """The spans of the parts of a token."""
    if span is None:
        return [None] * len(forms)
    start, end = span
    return [part and (part[0] + start, part[1] + start) for part in align(text[start:end], forms)]
