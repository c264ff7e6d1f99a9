"""Patterns of tokens: forms, tags, dictionary forms and expressions, several for a sequence."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any
from unicodedata import normalize

from korpus.analyzers.lemmas.conjugation import Forms
from korpus.analyzers.lemmas.lemma import lemmatized
from korpus.documents.searches import matching
from korpus.errors import UsageError
from korpus.messages import _
from korpus.records import Record
from korpus.tagsets import CONJUGATED, TAGSETS, TagSelection, group_of

_LEMMA = "lemma:"
_EXPRESSION = re.compile(r"[\^$\[\](){}|\\]|\.[*+?]")
_TAGS = frozenset().union(*TAGSETS)
_MOST_KNOWN = 1 << 16

Token = tuple[str, str]


@dataclass(frozen=True)
class Item:
    """What one token of a pattern must be.

    `form`: whether a form fits, None for any. `tag`: its tag or group, None for any. `lemma`: its
    dictionary form.
    """

    form: Callable[[str], bool] | None = None
    tag: str | None = None
    lemma: str | None = None


class TokenPattern:
    """Finds a pattern in documents: items separated by spaces, for tokens one after the other.

    An item is a form (`가격`), a tag (`NNG`), `form/TAG` with a tag or a group (`배우/noun`), a
    dictionary form (`lemma:가다`), or an expression (`.*회사$`, `/^재미/`). A star in a form
    stands for any characters, alone for any token. `VV` finds `VV+EP` too.
    Raises UsageError for a pattern that is wrong.
    """

    def __init__(self, pattern: str) -> None:
        self.items = [_item(part) for part in normalize("NFC", pattern).split()]
        if not self.items:
            raise UsageError(
                _("the pattern is empty"), _("such as 가격, 가격/NNG, NNG JKS VV or lemma:가다")
            )
        self._decisions: dict[tuple[int, object], _Decisions] = {}

    def find(self, record: Record) -> list[int]:
        """The first tokens of all places where a document has the pattern."""
        pairs = list(zip(record["tokens"], record["tags"], strict=True))
        analyzer = record.get("analyzer")
        lemmas = _lemmas(record) if any(item.lemma for item in self.items) else []
        found: list[int] | None = None
        positions = record.get("positions")
        if not isinstance(positions, list) or len(positions) != len(pairs):
            positions = range(len(pairs))
        for place, item in enumerate(self.items):
            key = (place, analyzer)
            if key not in self._decisions:
                self._decisions[key] = _Decisions(item, analyzer)
            fits = self._decisions[key].__getitem__
            if found is None:
                found = list(compress(range(len(pairs)), map(fits, pairs)))
            else:
                found = [
                    at
                    for at in found
                    if at + place < len(pairs)
                    and fits(pairs[at + place])
                    and positions[at + place] - positions[at + place - 1] == 1
                ]
            if item.lemma is not None:
                found = [
                    at
                    for at in found
                    if _has_lemma(pairs[at + place], lemmas[at + place], item.lemma)
                ]
        return found or []


class _Decisions(dict[Token, bool]):
    """Whether a token fits an item, decided once."""

    def __init__(self, item: Item, analyzer: object) -> None:
        self.form = item.form
        self.has: Callable[[str, str], bool] | None = None
        if item.tag is not None:
            known = analyzer if isinstance(analyzer, str) else None
            self.has = TagSelection([item.tag], known).has

    def __missing__(self, token: Token) -> bool:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        form, tag = token
        fits = self.form is None or self.form(normalize("NFC", form))
        self[token] = found = fits and (self.has is None or self.has(form, tag))
        return found


@lru_cache(maxsize=100)
def _item(part: str) -> Item:
    if part.startswith(_LEMMA) and len(part) > len(_LEMMA):
        return Item(lemma=part.removeprefix(_LEMMA))
    if part.startswith("/") and part.rstrip("i").endswith("/") and len(part) > 2:
        return Item(form=matching(part))
    if part in _TAGS or part.partition("+")[0] in _TAGS:
        return Item(tag=part)
    form, slash, tag = part.rpartition("/")
    if not (slash and form and tag):
        form, tag = part, ""
    return Item(form=_form(form), tag=tag or None)


def _form(form: str) -> Callable[[str], bool] | None:
    if form in ("*", ".*"):
        return None
    if _EXPRESSION.search(form) and any(map(str.isalnum, form)):
        return matching(f"/{form}/")
    if "*" in form and form.strip("*"):
        return re.compile(".*".join(map(re.escape, form.split("*"))), re.DOTALL).fullmatch  # type: ignore[return-value]
    return form.__eq__


def _lemmas(record: Record) -> list[str | None]:
    """The dictionary form of each token; None for one that is fused with its ending (갔/VV+EP)."""
    tokens, tags = record["tokens"], record["tags"]
    analyzer, analysis = record.get("analyzer"), record.get("analysis")
    if not isinstance(analyzer, str) or (isinstance(analysis, str) and "--lemma" in analysis):
        return list(tokens)
    (found,) = lemmatized([(tokens[:], tags[:], _pieces(record))], analyzer, split_derived=True)
    lemmas = found[0] if len(found[0]) == len(tokens) else tokens
    is_fused = [
        group_of(tag, analyzer) in CONJUGATED and ("+" in tag or analyzer == "okt") for tag in tags
    ]
    return [None if fused else lemma for lemma, fused in zip(lemmas, is_fused, strict=True)]


def _has_lemma(token: Token, lemma: str | None, wanted: str) -> bool:
    if lemma is not None:
        return lemma == wanted
    return any(_forms_of(wanted.removesuffix("다")).readings(normalize("NFC", token[0])))


@lru_cache(maxsize=100)
def _forms_of(stem: str) -> Forms:
    return Forms([stem], [stem])


def _pieces(record: Record) -> list[str]:
    """The text that each token came from, with a space before it if a word begins there."""
    text, spans = record.get("text"), record.get("spans")
    tokens: list[str] = record["tokens"]
    if not isinstance(text, str) or not isinstance(spans, list) or len(spans) != len(tokens):
        return [f" {token}" for token in tokens]
    return [_piece(text, span, token) for span, token in zip(spans, tokens, strict=True)]


def _piece(text: str, span: Any, token: str) -> str:
    if not span:
        return ""
    start, end = span
    space = " " if start == 0 or text[start - 1].isspace() else ""
    return space + normalize("NFC", text[start:end])
