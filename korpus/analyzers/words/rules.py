"""Apply a word table (단어표) to the tokens of a text."""

from collections.abc import Callable, Container, Iterable
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Protocol
from unicodedata import is_normalized, normalize

from korpus.analyzers.located import Located
from korpus.analyzers.spans import Span, align, of_original
from korpus.analyzers.table import entry
from korpus.analyzers.words.effects import DROPPED, KEPT, MERGED, PIECES, TORN
from korpus.analyzers.words.lookups import HEAD, InGroups, Lengths, until
from korpus.analyzers.words.particles import AFTER_NOUN, Pairs, Particles
from korpus.analyzers.words.shortcut import Shortcut
from korpus.analyzers.words.table import Word, WordTable, is_hangul
from korpus.records import Counts
from korpus.tagsets import group_named, group_of, tag_for

# Tokens whose tag the table decides. A verb that is spelt like an entry stays a verb.
_NAMES = {
    *("noun", "propernoun", "boundnoun", "pronoun", "numeral", "root", "foreign", "number"),
    *("determiner", "adverb", "interjection", "symbol", "emoticon", "web", "unknown"),
}
_AFTER = AFTER_NOUN | {"punctuation", "symbol", "ending", "emoticon"}  # what may follow a word
_AFTER_KNOWN = _AFTER | {"verb", "adjective", "auxiliary"}  # one that the analyzer knows


class Step(Protocol):
    """Changes the tokens of a text: see `korpus.analyzers.shaping`."""

    def apply(self, text: str, tokens: "Located") -> "Located": ...


@dataclass
class WordRules:
    """A word table for the tokens of one analyzer.

    `particles`: splits the particles after a word that the analyzer does not know; None for tokens
    that are there already, which are only joined. `keeps_text`, `knows`: see `Analyzer`.
    """

    table: WordTable
    analyzer: str
    particles: Particles | None = None
    counts: Counts = field(default_factory=Counts)
    keeps_text: bool = False
    knows: Callable[[str], bool] | None = None

    def counting(self, counts: Counts) -> "WordRules":
        """The same rules, with all that was found out for them, for other counts."""
        # Found out once: copies share it.
        _ = self._lengths, self._changes, self._shortcut, self._has_short, self._beginnings
        rules = copy(self)
        rules.counts = counts
        return rules

    @property
    def _has_tags(self) -> bool:
        return "pos" in entry(self.analyzer).options

    @cached_property
    def _tags(self) -> dict[str, str]:
        """The tag of each form that is kept whole."""
        return {
            word.form: tag_for(word.tag or "propernoun", self.analyzer) if self._has_tags else ""
            for word in self.table.words
            if word.is_kept_whole
        }

    @cached_property
    def _tagged(self) -> set[str]:
        """The forms whose tag the table gives; others keep the tag of a token that is there."""
        return {word.form for word in self.table.words if word.tag}

    @property
    def whole(self) -> Container[str]:
        """The forms that are kept whole."""
        return self._tags

    @cached_property
    def _lengths(self) -> Lengths:
        """The lengths of the forms that begin as a text does, longest first."""
        return Lengths(self._tags)

    @cached_property
    def _changes(self) -> dict[str, Word]:
        """The words that become others or are dropped."""
        return {word.form: word for word in self.table.words if word.becomes or word.drop}

    def apply(
        self, text: str, tokens: Located, *, spans: bool = False, steps: Iterable[Step] = ()
    ) -> Located:
        """Keep words whole, apply steps, merge and drop, in this order; `spans`: give spans too."""
        composed = text if is_normalized("NFC", text) else normalize("NFC", text)
        is_short = not spans and self._is_short(text, tokens.forms, tokens.tags)
        if not is_short and (spans or self._may_be_in(composed)):
            if not tokens.spans or composed is not text:
                tokens.spans = align(composed, tokens.forms)
            tokens = self.keep_whole(composed, tokens)
        for step in steps:
            tokens = step.apply(composed, tokens)
        tokens = self.change(tokens)
        if not spans:
            tokens.spans = []
        elif composed is not text:
            tokens.spans = of_original(tokens.spans, composed, text)
            starts = of_original([(at, at + 1) for at in tokens.sentence_starts], composed, text)
            tokens.sentence_starts = [start[0] for start in starts if start]
        return tokens

    def settles(self, text: str, forms: list[str], tags: list[str]) -> bool:
        """Whether nothing is to be done but to give words their tags, which then is done."""
        changes = self._changes
        is_same = not changes or changes.keys().isdisjoint(forms)
        return is_same and self._is_short(text, forms, tags)

    def _is_short(self, text: str, forms: list[str], tags: list[str]) -> bool:
        """Whether the words of the table are tokens already; then they are given their tags."""
        short = self._shortcut
        return short is not None and short.apply(text, forms, tags, self.counts)

    @cached_property
    def _shortcut(self) -> Shortcut | None:
        if self.particles is None or not self.keeps_text:
            return None
        names, after, after_known = (
            InGroups(groups, self.analyzer) for groups in (_NAMES, _AFTER, _AFTER_KNOWN)
        )
        tags = {form: tag if form in self._tagged else None for form, tag in self._tags.items()}
        knows = self.knows or (lambda _form: False)
        return Shortcut(tags, self._can_be_cut, knows, names, after, after_known, self.particles)

    def _may_be_in(self, text: str) -> bool:
        """Whether a word may be in a text: a fast check of how words begin."""
        pairs, triples = self._beginnings
        return (
            self._has_short
            or not pairs.isdisjoint(pairwise(text))
            or not triples.isdisjoint(zip(text, text[1:], text[2:], strict=False))
        )

    @cached_property
    def _has_short(self) -> bool:
        return any(len(form) == 1 for form in self._tags)

    @cached_property
    def _beginnings(self) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
        """The first three characters of the forms, and of those that have no more all two."""
        pairs = {tuple(form) for form in self._tags if len(form) == 2}
        return pairs, {tuple(form[:3]) for form in self._tags if len(form) > 2}

    def keep_whole(self, text: str, tokens: Located) -> Located:
        """Make one token of each word of the table.

        A word is found where a token starts. It ends where a token ends, or before particles and
        endings: then the analyzer is asked how it splits them after a noun that it knows. Of
        several words at a place, the longest is taken.
        """
        lengths = self._lengths
        starts = [
            at
            for at, span in enumerate(tokens.spans)
            if span and lengths[text[span[0] : span[0] + HEAD]]
        ]
        if not starts:
            return tokens
        found = Located([], [], [], sentence_starts=tokens.sentence_starts)
        positions = tokens.positions
        done = joined = 0
        for at in starts:
            if at < done or (taken := self._at(text, tokens, at)) is None:
                continue
            after, whole = taken
            found.add(tokens, done, at)
            found.add(whole)
            if positions:
                found.positions += [place - joined for place in positions[done : at + 1]]
                joined += positions[after - 1] - positions[at]
            done = after
        found.add(tokens, done)
        found.positions += [place - joined for place in positions[done:]]
        return found

    def change(self, tokens: Located) -> Located:
        """Merge and drop tokens."""
        changes = self._changes
        if changes.keys().isdisjoint(tokens.forms):
            return tokens
        found = Located([], [], sentence_starts=tokens.sentence_starts)
        for at, (form, tag) in enumerate(zip(tokens.forms, tokens.tags, strict=True)):
            word = changes.get(form)
            if word is None or not _fits(word, tag, self.analyzer):
                terms: tuple[str, ...] = (form,)
                found.tags.append(tag)
            else:
                self.counts[(DROPPED if word.drop else MERGED) + form] += 1
                terms = word.becomes
                found.tags += [self._tag_of(term, tag) for term in terms]
            found.forms += terms
            found.spans += tokens.spans[at : at + 1] * len(terms)
            found.positions += tokens.positions[at : at + 1] * len(terms)
        return found

    def _tag_of(self, term: str, tag: str) -> str:
        """The tag of what a word with a tag becomes: as the table says, or the analyzer."""
        known = self.particles.tag_of(term) if self.particles and self._has_tags else None
        if known and term not in self._tagged and group_of(known, self.analyzer) in _NAMES:
            return known
        if tag and group_of(tag, self.analyzer) == "foreign" and is_hangul(term):
            tag = tag_for("propernoun", self.analyzer)  # AI becomes 인공지능
        return self._tags.get(term, tag)

    def _at(self, text: str, tokens: Located, first: int) -> tuple[int, Located] | None:
        """The longest word that starts at a token: the next token after it, and its tokens.

        None without such a word, and where it is one token with its tag already.
        """
        spans = tokens.spans
        start = (spans[first] or (0, 0))[0]
        for length in self._lengths[text[start : start + HEAD]]:
            end = start + length
            form = text[start:end]
            tag = self._tags.get(form)
            if tag is None:
                continue
            taken = None
            after, is_last = until(spans, first, end)
            if is_last:
                is_one = after == first + 1
                if is_one and group_of(tokens.tags[first], self.analyzer) not in _NAMES:
                    return None  # a verb that is spelt like the word
                if is_one and form not in self._tagged:
                    tag = tokens.tags[first]
                elif self.particles is None and form in self._changes and form not in self._tagged:
                    tag = tokens.tags[after - 1]  # a compound is what its last part is
                if not self._is_torn(form, tokens, after, end):
                    self.counts[KEPT + form] += 1
                    self.counts[PIECES + form] += not is_one
                    is_done = is_one and tokens.tags[first] == tag and tokens.forms[first] == form
                    return None if is_done else (after, Located([form], [tag], [(start, end)]))
                taken = after, Located([form], [tag], [(start, end)])
            if is_last or self._can_be_cut(form):
                taken = self._before_particles(text, tokens, first, start, end) or taken
            if taken:
                self.counts[KEPT + form] += 1
                self.counts[PIECES + form] += taken[0] != first + 1 or not is_last
                return taken
            self.counts[TORN + form] += 1
        return None

    def _can_be_cut(self, form: str) -> bool:
        """Whether a word may end inside a token: unless the analyzer itself would have split it."""
        return not (entry(self.analyzer).takes_words and is_hangul(form))

    def _is_torn(self, form: str, tokens: Located, after: int, end: int) -> bool:
        """Whether what follows a word directly is no particle, as in 존맛/NNP 이다/NNP."""
        if after == len(tokens.forms) or (tokens.spans[after] or (0, 0))[0] != end:
            return False
        if self.knows and self.knows(form):
            return False  # then the analyzer knows best what follows it
        groups = _AFTER if self._can_be_cut(form) else _AFTER_KNOWN
        return group_of(tokens.tags[after], self.analyzer) not in groups

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
        tail: Pairs | None = None if rest else []
        if rest and self.particles:
            tail = self.particles.split(form[-1], rest)
        if tail is None:
            return None
        after = first
        while after < len(tokens.forms) and _begins_before(tokens.spans[after], last):
            after += 1
        forms = [form for form, _tag in tail]
        tags = [tag if self._has_tags else "" for _form, tag in tail]
        spans = [span and (span[0] + end, span[1] + end) for span in align(rest, forms)]
        return after, Located([form, *forms], [self._tags[form], *tags], [(start, end), *spans])


def _fits(word: Word, tag: str, analyzer: str) -> bool:
    """Whether a token with the form of a word is that word, as far as their tags tell."""
    group = group_of(tag, analyzer)
    if word.is_kept_whole:
        return group in _NAMES
    return not word.tag or group in ("unknown", group_named(word.tag))


def _begins_before(span: Span | None, end: int) -> bool:
    return span is not None and span[0] < end
