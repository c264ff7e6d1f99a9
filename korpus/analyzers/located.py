"""Tokens with their places in the text."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import compress

from korpus.analyzers.spans import Span


@dataclass
class Located:
    """The tokens of a text: forms, tags and spans, lists of equal length; or without spans.

    `positions`: the number of each token among those before any was removed; or empty.
    `sentence_starts`: characters of the text at which sentences start; empty if not asked for.
    """

    forms: list[str]
    tags: list[str]
    spans: list[Span | None] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    sentence_starts: list[int] = field(default_factory=list)

    def add(self, other: "Located", first: int = 0, after: int | None = None) -> None:
        """Append tokens of another text, from one to before another. Positions are not copied."""
        self.forms += other.forms[first:after]
        self.tags += other.tags[first:after]
        self.spans += other.spans[first:after]

    def number(self) -> None:
        """Give positions to the tokens that have none: one after the other."""
        last = self.positions[-1] if self.positions else -1
        missing = len(self.forms) - len(self.positions)
        self.positions += range(last + 1, last + 1 + missing)

    def only(self, stay: Iterable[object]) -> "Located":
        """Those tokens for which `stay` is true."""
        chosen = list(map(bool, stay))
        return Located(
            list(compress(self.forms, chosen)),
            list(compress(self.tags, chosen)),
            list(compress(self.spans, chosen)),
            list(compress(self.positions, chosen)),
            self.sentence_starts,
        )
