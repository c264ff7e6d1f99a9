"""Apply a word table (단어표) to the tokens of a text."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress

from korpus.analyzers.spans import Span, align
from korpus.analyzers.table import ANALYZERS, Tokens
from korpus.analyzers.word_table import Word, WordTable
from korpus.messages import _, plural
from korpus.records import Counts
from korpus.tagsets import group_named, group_of, tag_for

logger = logging.getLogger("korpus")

# Nouns that the analyzers know, by what particles ask for: no final consonant, ㄹ, another one.
_KNOWN = {"": ("친구", "학교", "나라"), "ㄹ": ("서울", "겨울"), "+": ("사람", "시간", "책")}
_FINALS, _RIEUL = 28, 8
# What may follow a word in the same stretch of letters.
_AFTER_WORD = {"particle", "copula", "suffix", "ending", "verb", "adjective", "auxiliary"}
_FIRST_AFTER_WORD = {"particle", "copula", "suffix"}
# Tokens whose tag the table decides. A verb that is spelt like an entry stays a verb.
_NAMES = {
    *("noun", "propernoun", "boundnoun", "pronoun", "numeral", "root", "foreign", "number"),
    *("determiner", "adverb", "interjection", "symbol", "emoticon", "web", "unknown"),
}
Analyze = Callable[[Iterable[str]], Iterator[Tokens]]
_KEPT, _MERGED, _DROPPED = "kept ", "merged ", "dropped "
_SHOWN = 5


@dataclass
class Located:
    """The tokens of a text: forms, tags and spans, lists of equal length."""

    forms: list[str]
    tags: list[str]
    spans: list[Span | None]

    def only(self, stay: Iterable[object]) -> "Located":
        """Those tokens for which `stay` is true."""
        chosen = list(map(bool, stay))
        return Located(
            list(compress(self.forms, chosen)),
            list(compress(self.tags, chosen)),
            list(compress(self.spans, chosen)),
        )


def located(text: str, forms: list[str], tags: list[str]) -> Located:
    """Tokens with their spans in the text."""
    return Located(forms, tags, align(text, forms))


@dataclass
class WordRules:
    """A word table for the tokens of one analyzer.

    `split`: an analyzer, which splits the particles after a word that `analyzer` does not know, and
    its name; None for tokens that are there already, which are only joined.
    """

    table: WordTable
    analyzer: str
    split: tuple[str, Analyze] | None = None
    counts: Counts = field(default_factory=Counts)
    _tails: dict[tuple[str, str], list[tuple[str, str]] | None] = field(default_factory=dict)

    @property
    def _has_tags(self) -> bool:
        return "pos" in ANALYZERS[self.analyzer].options

    @cached_property
    def _tags(self) -> dict[str, str]:
        """The tag of each form that is kept whole."""
        return {
            word.form: tag_for(word.tag or "propernoun", self.analyzer) if self._has_tags else ""
            for word in self.table.words
            if word.is_kept_whole
        }

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """The lengths of the forms that begin with a character, longest first."""
        lengths: dict[str, set[int]] = {}
        for form in self._tags:
            lengths.setdefault(form[0], set()).add(len(form))
        return {first: sorted(found, reverse=True) for first, found in lengths.items()}

    @cached_property
    def _changes(self) -> dict[str, Word]:
        """The words that become others or are dropped."""
        return {word.form: word for word in self.table.words if word.becomes or word.drop}

    def apply(self, text: str, tokens: Located) -> Located:
        """Keep words whole, then merge and drop, in this order."""
        return self.change(self.keep_whole(text, tokens))

    def keep_whole(self, text: str, tokens: Located) -> Located:
        """Make one token of each word of the table.

        A word is found where a token starts. It ends where a token ends, or before particles and
        endings: then the analyzer is asked how it splits them after a noun that it knows. Of
        several words at a place, the longest is taken.
        """
        found = Located([], [], [])
        at = 0
        lengths = self._lengths
        while at < len(tokens.forms):
            span = tokens.spans[at]
            taken = None
            if span is not None and text[span[0]] in lengths:
                taken = self._at(text, tokens, at, span[0])
            if taken is None:
                found.forms.append(tokens.forms[at])
                found.tags.append(tokens.tags[at])
                found.spans.append(span)
                at += 1
            else:
                at, part = taken
                found.forms += part.forms
                found.tags += part.tags
                found.spans += part.spans
        return found

    def change(self, tokens: Located) -> Located:
        """Merge and drop tokens."""
        changes = self._changes
        if changes.keys().isdisjoint(tokens.forms):
            return tokens
        found = Located([], [], [])
        for form, tag, span in zip(tokens.forms, tokens.tags, tokens.spans, strict=True):
            word = changes.get(form)
            if word is None or not _fits(word, tag, self.analyzer):
                found.forms.append(form)
                found.tags.append(tag)
                found.spans.append(span)
                continue
            self.counts[(_DROPPED if word.drop else _MERGED) + form] += 1
            for term in word.becomes:
                found.forms.append(term)
                found.tags.append(self._tags.get(term, tag))
                found.spans.append(span)
        return found

    def _at(self, text: str, tokens: Located, first: int, start: int) -> tuple[int, Located] | None:
        """The longest word that starts at a token: the next token after it, and its tokens."""
        for length in self._lengths[text[start]]:
            end = start + length
            form = text[start:end]
            if form not in self._tags:
                continue
            taken = None
            after = first
            while after < len(tokens.forms) and _ends_by(tokens.spans[after], end):
                after += 1
            begins = _begins_by(tokens, after, end)
            if after > first and not begins and _covers(tokens.spans[after - 1], end):
                if after == first + 1 and group_of(tokens.tags[first], self.analyzer) not in _NAMES:
                    return None  # a verb that is spelt like the word
                taken = after, Located([form], [self._tags[form]], [(start, end)])
            if taken is None or self._is_torn(tokens, after, end):
                taken = self._before_particles(text, tokens, first, start, end) or taken
            if taken:
                self.counts[_KEPT + form] += 1
                return taken
        return None

    def _is_torn(self, tokens: Located, after: int, end: int) -> bool:
        """Whether what follows a word directly is no particle: the 이다/NNP of 존맛/NNP 이다/NNP."""
        if after == len(tokens.forms) or (tokens.spans[after] or (0, 0))[0] != end:
            return False
        return group_of(tokens.tags[after], self.analyzer) not in (
            _FIRST_AFTER_WORD | {"punctuation", "symbol", "ending", "emoticon"}
        )

    def _before_particles(
        self, text: str, tokens: Located, first: int, start: int, end: int
    ) -> tuple[int, Located] | None:
        """As `_at`, for a word that ends inside a token."""
        if start and text[start - 1].isalnum():
            return None  # inside a longer word, which only the analyzer splits
        last = end
        while last < len(text) and text[last].isalnum():
            last += 1
        form, rest = text[start:end], text[end:last]
        tail = self._tail(form[-1], rest) if rest else []
        if tail is None:
            return None
        after = first
        while after < len(tokens.forms) and _begins_before(tokens.spans[after], last):
            after += 1
        forms = [form for form, _tag in tail]
        tags = [tag if self._has_tags else "" for _form, tag in tail]
        spans = [span and (span[0] + end, span[1] + end) for span in align(rest, forms)]
        return after, Located([form, *forms], [self._tags[form], *tags], [(start, end), *spans])

    def _tail(self, final: str, rest: str) -> list[tuple[str, str]] | None:
        """The particles and endings in what follows a word; None if it is something else.

        `final`: the last character of the word, on which the form of particles depends.
        """
        if self.split is None:
            return None
        name, analyze = self.split
        code = ord(final) - ord("가")
        number = code % _FINALS if 0 <= code <= ord("힣") - ord("가") else 0
        kind = "ㄹ" if number == _RIEUL else "+" if number else ""
        if (kind, rest) not in self._tails:
            tails = (_tail_of(noun, rest, name, analyze) for noun in _KNOWN[kind])
            self._tails[kind, rest] = next(filter(None, tails), None)
        return self._tails[kind, rest]


def _tail_of(noun: str, rest: str, name: str, analyze: Analyze) -> list[tuple[str, str]] | None:
    """What an analyzer makes of the letters after a noun, if that is particles and endings."""
    forms, tags = next(iter(analyze([noun + rest])))
    groups = [group_of(tag, name) for tag in tags[1:]]
    if forms[0] != noun or not groups or groups[0] not in _FIRST_AFTER_WORD:
        return None
    return list(zip(forms, tags, strict=True))[1:] if _AFTER_WORD.issuperset(groups) else None


def _fits(word: Word, tag: str, analyzer: str) -> bool:
    """Whether a token with the form of a word is that word, as far as their tags tell."""
    group = group_of(tag, analyzer)
    if word.is_kept_whole:
        return group in _NAMES
    return not word.tag or group in ("unknown", group_named(word.tag))


def _ends_by(span: Span | None, end: int) -> bool:
    return span is not None and span[1] <= end


def _begins_before(span: Span | None, end: int) -> bool:
    return span is not None and span[0] < end


def _covers(span: Span | None, end: int) -> bool:
    return span is not None and span[1] == end


def _begins_by(tokens: Located, after: int, end: int) -> bool:
    """Whether the token after a word begins inside it, as the 았 of 가+았 does."""
    return after < len(tokens.forms) and _begins_before(tokens.spans[after], end)


def log_words(table: WordTable, counts: Counts) -> None:
    """Log what a word table did, and which of its words had no effect."""
    numbers = {
        what: sum(counts[what + word.form] for word in table.words)
        for what in (_KEPT, _MERGED, _DROPPED)
    }
    logger.info(
        _("word table: %s kept whole, %s merged, %s dropped"),
        *(f"{number:,}" for number in numbers.values()),
    )
    idle = [word.form for word in table.words if not any(effects(word, counts))]
    if idle:
        logger.info(
            _("%s had no effect: %s"),
            plural(len(idle), "table word"),
            ", ".join(idle[:_SHOWN]) + (" …" if len(idle) > _SHOWN else ""),
        )


def effects(word: Word, counts: Counts) -> tuple[int, int, int]:
    """How often a word was kept whole, merged and dropped."""
    return counts[_KEPT + word.form], counts[_MERGED + word.form], counts[_DROPPED + word.form]
