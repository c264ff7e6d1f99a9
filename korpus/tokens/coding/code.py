"""The stage code (코딩): tokens → a column per concept of coding rules."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import compress
from operator import call

from korpus.messages import _, plural
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Records,
    as_tokens,
    check_strings,
    lazily,
    rename_clashes,
    tokenized,
)
from korpus.tagsets import WIDER, base_tag, group_of
from korpus.tokens.coding.concepts import CODES
from korpus.tokens.coding.conditions import Found
from korpus.tokens.coding.rules import CodingRules

logger = logging.getLogger("korpus")

_DOCUMENTS, _CODED = "documents", "coded"
_CONCEPT, _USED = "concept ", "used "
_SHOWN = 8  # words that matched no token


def code(
    documents: DocumentSource, rules: str | CodingRules, *, counts: Counts | None = None
) -> Records:
    """Code documents (코딩): a column per concept of `rules`, 1 or 0. Streams.

    Parameters: `rules`, their text or what `CodingRules` made of it, see
    `korpus.tokens.coding.rules`; `counts`, where to count for `log_coded`; without it the totals
    are logged at the end. Near words and phrases go by `positions` where there are any (`morph
    --spans`), so removed tokens keep their places; else by the tokens that are there.

    Columns in: `tokens`, `tags`, and `text` for rules with strings. Out: the same columns, one per
    concept, and `codes`, the names of the concepts that a document has.
    Raises KorpusError for rules that cannot be read or documents without tokens.
    """
    parsed = rules if isinstance(rules, CodingRules) else CodingRules(rules)
    stage = partial(_logging, parsed) if counts is None else partial(_code, parsed, counts)
    return lazily(as_tokens(documents), lambda found: stage(tokenized(found, looked_up=True)))


def log_coded(counts: Counts, *, rules: CodingRules) -> None:
    """Log how many documents have each concept, and the words that matched no token."""
    documents = counts[_DOCUMENTS]
    for name in rules.concepts:
        found = counts[_CONCEPT + name]
        share = f"{found / documents:.1%}" if documents else "0%"
        logger.info(_("concept %s: %s (%s)"), name, plural(found, "document"), share)
    logger.info(_("no concept: %s"), plural(documents - counts[_CODED], "document"))
    unused = [word for word in rules.words if not counts[_USED + word]]
    if unused and documents:
        logger.info(
            _("%s of the rules matched no token: %s"),
            plural(len(unused), "word"),
            ", ".join(unused[:_SHOWN]) + (" …" if len(unused) > _SHOWN else ""),
        )
        if any(word.partition("/")[0].endswith("다") for word in unused):
            logger.info(_("verbs and adjectives end in 다 only after morph --lemma"))


def _logging(rules: CodingRules, documents: Iterable[Record]) -> Iterator[Record]:
    counts = Counts()
    yield from _code(rules, counts, documents)
    log_coded(counts, rules=rules)


def _code(rules: CodingRules, counts: Counts, documents: Iterable[Record]) -> Iterator[Record]:
    matchers = cache(partial(_Matchers, rules))
    ours = {*rules.concepts, CODES}
    seen: set[str] = set()
    for record in documents:
        analyzer = record.get("analyzer")
        matcher = matchers(analyzer if isinstance(analyzer, str) else None)
        try:
            words = list(map(call, map(matcher.__getitem__, record["tags"]), record["tokens"]))
        except TypeError:
            check_strings(record)
            raise
        places: dict[str, list[int]] = {}
        if any(words):
            positions = record.get("positions")
            if type(positions) is not list or len(positions) != len(words):
                positions = list(range(len(words)))
            for entries, position in compress(zip(words, positions, strict=True), words):
                for word in entries:
                    places.setdefault(word, []).append(position)
            seen.update(places)
        text = record.get("text")
        found = Found(places, text if isinstance(text, str) else "")
        for name, condition in rules.concepts.items():
            found.concepts[name] = condition(found)
        codes = [name for name, has in found.concepts.items() if has]
        if not ours.isdisjoint(record):
            record = rename_clashes(record, ours)
        yield {**record, **{name: int(has) for name, has in found.concepts.items()}, CODES: codes}
        counts[_DOCUMENTS] += 1
        counts[_CODED] += bool(codes)
        counts.update(_CONCEPT + name for name in codes)
    counts.update(_USED + word for word in seen)


class _Matchers(dict[str, Callable[[str], tuple[str, ...]]]):
    """For each tag of one analyzer, the function that gives the words of rules that a token is."""

    def __init__(self, rules: CodingRules, analyzer: str | None) -> None:
        self.rules = rules
        self.analyzer = analyzer

    def __missing__(self, tag: str) -> Callable[[str], tuple[str, ...]]:
        if type(tag) is not str:
            raise TypeError
        group = group_of(tag, self.analyzer)
        names = {"", tag, base_tag(tag), group}
        names |= {wider for wider, groups in WIDER.items() if group in groups}
        entries = {
            entry: word for entry, (word, its_tag) in self.rules.words.items() if its_tag in names
        }
        self[tag] = matching = _Matches(entries).__getitem__
        return matching


class _Matches(dict[str, tuple[str, ...]]):
    """The entries that each token of a tag matches; a star stands for any characters."""

    def __init__(self, entries: dict[str, str]) -> None:
        self.words: dict[str, list[str]] = {}
        self.patterns: list[tuple[str, re.Pattern[str]]] = []
        for entry, word in entries.items():
            if "*" in word:
                pattern = "".join(
                    f"(?>.*?{part})" for part in map(re.escape, word.split("*")[1:-1])
                )
                first, last = (re.escape(word.split("*")[end]) for end in (0, -1))
                self.patterns.append((entry, re.compile(f"{first}{pattern}.*{last}", re.DOTALL)))
            else:
                self.words.setdefault(word, []).append(entry)

    def __missing__(self, token: str) -> tuple[str, ...]:
        if type(token) is not str:
            raise TypeError
        found = [entry for entry, pattern in self.patterns if pattern.fullmatch(token)]
        self[token] = words = (*self.words.get(token, ()), *found)
        return words
