"""Documents or groups of them as sentences with their tokens."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from korpus.documents.cuts import order_of
from korpus.documents.groups import Groups
from korpus.records import DocumentSource, Record, tokenized

_ANALYSES = ("analyzer", "analysis")


@dataclass
class Sentence:
    """A sentence. `document`, `number`: its document's id, and its place there, from 0.

    `places`: the number of each token among all of the document.
    """

    document: str
    number: int
    text: str
    tokens: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


@dataclass
class Unit:
    """A document, or the documents of a group. `analyses`: how their tokens were made."""

    name: str
    sentences: list[Sentence]
    analyses: dict[str, Any]

    def tokens(self) -> Iterator[str]:
        """All tokens in order."""
        for sentence in self.sentences:
            yield from sentence.tokens

    def record(self, sentences: Iterable[Sentence]) -> Record:
        """Some of its sentences as a document, for a model."""
        record: Record = {"id": self.name, "tokens": [], "tags": [], **self.analyses}
        for sentence in sentences:
            record["tokens"] += sentence.tokens
            record["tags"] += sentence.tags
        return record


def units(documents: DocumentSource, by: str | None) -> list[Unit]:
    """The documents, or with `by` its groups in their order.

    Columns in: `id`, `tokens`, `tags`; of `morph --spans`, also `spans`, `positions` and
    `sentence_starts`, without which a document is one sentence.
    """
    groups = Groups(by) if by else None
    found: dict[str, Unit] = {}
    made: list[Unit] = []
    for record in tokenized(documents):
        analyses: dict[str, Any] = {
            key: record[key] for key in ("analyzer", "analysis") if key in record
        }
        unit = Unit(str(record["id"]), sentences_of(record), analyses)
        if groups is None:
            made.append(unit)
            continue
        unit.name = groups.name(record)
        if unit.name in found:
            found[unit.name].sentences += unit.sentences
        else:
            found[unit.name] = unit
    return [found[name] for name in sorted(found, key=order_of(by))] if by else made


def sentences_of(record: Record) -> list[Sentence]:
    """The sentences of a document that has tokens."""
    text = record.get("text")
    text = text if isinstance(text, str) else ""
    tokens, tags, spans = record["tokens"], record["tags"], record.get("spans")
    places = record.get("positions")
    if not (isinstance(places, list) and len(places) == len(tokens)):
        places = list(range(len(tokens)))
    starts = record.get("sentence_starts")
    if not (isinstance(starts, list) and isinstance(spans, list) and len(spans) == len(tokens)):
        starts, spans = [], [None] * len(tokens)
    starts = [0, *(start for start in starts if 0 < start < len(text))]
    ends = [*starts[1:], len(text)]
    found = [
        Sentence(str(record["id"]), number, " ".join(normalize("NFC", text[start:end]).split()))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    number = 0
    for token, tag, place, span in zip(tokens, tags, places, spans, strict=True):
        if span:  # a token that is not in the text belongs to the sentence before it
            number = max(0, bisect_right(starts, span[0]) - 1)
        sentence = found[number]
        sentence.tokens.append(token)
        sentence.tags.append(tag)
        sentence.places.append(place)
    return found
