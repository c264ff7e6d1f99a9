"""Tokens with their places in the text."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import compress

from korpus.analyzers.spans import Span


@dataclass
class Located:
    """The tokens of a text: forms, tags and spans, lists of equal length; or without spans."""

    forms: list[str]
    tags: list[str]
    spans: list[Span | None] = field(default_factory=list)

    def add(self, other: "Located", first: int = 0, after: int | None = None) -> None:
        """Append tokens of another text, from one to before another."""
        self.forms += other.forms[first:after]
        self.tags += other.tags[first:after]
        self.spans += other.spans[first:after]

    def only(self, stay: Iterable[object]) -> "Located":
        """Those tokens for which `stay` is true."""
        chosen = list(map(bool, stay))
        return Located(
            list(compress(self.forms, chosen)),
            list(compress(self.tags, chosen)),
            list(compress(self.spans, chosen)),
        )
