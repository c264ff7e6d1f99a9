"""Documents with what is to be learned of them: a class, or a label per token."""

import logging
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from korpus.documents.conditions import Column
from korpus.documents.cuts import order_of
from korpus.documents.groups import Groups, no_column
from korpus.errors import KorpusError
from korpus.messages import _, listed, plural
from korpus.models.tuning.examples import Example, composed, tagged_words
from korpus.records import DocumentSource, Record, as_records, as_tokens

logger = logging.getLogger("korpus")

_SHOWN = 10
Span = tuple[int, int]


@dataclass
class Labelled:
    """Documents to learn from. `labels`: a class, labels of tokens, or None.

    `spans`: of the tokens. `column`: that of the labels, if any.
    """

    column: str | None
    ids: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    labels: list[str | list[str] | None] = field(default_factory=list)
    spans: list[list[Span]] = field(default_factory=list)

    def names(self, label: str | None) -> list[str]:
        """The classes in order. Raises KorpusError for fewer than two where there are labels."""
        if self.column is None:
            return []
        if not self.ids:
            raise KorpusError(
                _("no document has both a text and a label in column {column!r}").format(
                    column=self.column
                ),
                _("another column: --label COLUMN, or -c COLUMN of the text"),
            )
        counts: dict[str, int] = {}
        for one in self.labels:
            for name in [one] if isinstance(one, str) else one or []:
                counts[name] = counts.get(name, 0) + 1
        found = sorted(counts, key=order_of(self.column))
        if len(found) < 2:
            raise KorpusError(
                _("a classifier needs two classes: column {column!r} has {names}").format(
                    column=self.column, names=listed(found, _SHOWN) or _("no value")
                ),
                _("another column: --label COLUMN"),
            )
        return found

    def only(self, names: list[str]) -> "Labelled":
        """The documents whose labels are all among `names`. Raises KorpusError if none is."""
        if self.column is None:
            return self
        known = set(names)
        kept = [
            n
            for n, one in enumerate(self.labels)
            if known.issuperset([one] if isinstance(one, str) else one or [])
        ]
        if left_out := len(self.ids) - len(kept):
            logger.warning(
                _("%s of a class that the model does not know left out"),
                plural(left_out, "document"),
            )
        if not kept:
            raise KorpusError(
                _("no document has a class that the model knows in column {column!r}").format(
                    column=self.column
                ),
                _("its classes are {names}").format(names=listed(names, _SHOWN)),
            )
        lists: tuple[list[Any], ...] = (self.ids, self.texts, self.labels, self.spans)
        ids, texts, labels, spans = ([one[n] for n in kept] if one else [] for one in lists)
        return Labelled(self.column, ids, texts, labels, spans)


def labelled_texts(documents: DocumentSource, label: str | None) -> Labelled:
    """Texts with their classes. Those without one are left out and counted, as are empty texts."""
    found = Labelled(label)
    groups = Groups(label, text_of=str) if label else None
    unlabelled = empty = 0
    for record in as_records(documents):
        text = composed(record)
        name = groups.name(record) if groups else None
        if name == "":
            unlabelled += 1
        elif not text.strip():
            empty += 1
        else:
            found.ids.append(str(record.get("id")))
            found.texts.append(text)
            found.labels.append(name)
    _log(unlabelled, empty)
    return found


def labelled_words(documents: DocumentSource, label: str) -> Labelled:
    """Texts with their tokens and a label for each: places of morph --spans, or with spaces."""
    found = Labelled(label)
    column = Column(label)
    unlabelled = empty = 0
    for record in as_tokens(documents):
        tokens, labels = record.get("tokens"), record.get(column.key(record) or "")
        if column.key(record) is None:
            raise no_column(record, label)
        if not labels:
            unlabelled += 1
            continue
        _check_labels(record, tokens, labels, label)
        text, spans = _placed(record, [str(token) for token in tokens or []])
        if not spans:
            empty += 1
            continue
        found.ids.append(str(record.get("id")))
        found.texts.append(text)
        found.labels.append([str(name) for name in labels])
        found.spans.append(spans)
    _log(unlabelled, empty)
    return found


def _check_labels(record: Record, tokens: object, labels: object, column: str) -> None:
    """Raises KorpusError unless there is a label per token."""
    if not isinstance(tokens, list):
        raise KorpusError(
            _("document {id!r} has no tokens").format(id=record.get("id")),
            _("run korpus morph --spans first, or give lists of tokens and labels"),
        )
    if not isinstance(labels, list) or len(labels) != len(tokens):
        raise KorpusError(
            _("document {id!r}: {column} is not a list of {number} labels, one per token").format(
                id=record.get("id"), column=column, number=len(tokens)
            ),
            _("another column: --label COLUMN"),
        )


def _placed(record: Record, tokens: list[str]) -> tuple[str, list[Span]]:
    """A text and the spans of its tokens: its own, or the tokens with spaces between them."""
    text, spans = record.get("text"), record.get("spans")
    if isinstance(text, str) and isinstance(spans, list) and len(spans) == len(tokens):
        pairs = [tuple(span) if isinstance(span, list) else (0, 0) for span in spans]
        if all(len(pair) == 2 and all(isinstance(n, int) for n in pair) for pair in pairs):
            return text, [(pair[0], pair[1]) for pair in pairs]
    words = [normalize("NFC", token) for token in tokens]
    places: list[Span] = []
    at = 0
    for word in words:
        places.append((at, at + len(word)))
        at += len(word) + 1
    return " ".join(words), places


def tag_examples(
    tokenizer: Any, own: Labelled, place: dict[str, int], longest: int
) -> tuple[list[Example], int]:
    """An example per text for a tagger, and how many were cut."""
    labels = [[place[name] for name in one or []] for one in own.labels]
    return tagged_words(tokenizer, zip(own.texts, own.spans, labels, strict=True), longest)


def _log(unlabelled: int, empty: int) -> None:
    if unlabelled:
        logger.info(_("%s without a label left out"), plural(unlabelled, "document"))
    if empty:
        logger.info(_("%s without text left out"), plural(empty, "document"))
