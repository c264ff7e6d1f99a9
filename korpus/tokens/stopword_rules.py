"""The rules of stopwords: which tokens of which tags stay."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache, lru_cache, partial

from korpus.checks import check_least
from korpus.messages import _
from korpus.tagsets import (
    NEVER,
    WIDER,
    FormDecisions,
    TagSelection,
    base_tag,
    group_by_form,
    group_of,
    groups_of,
)
from korpus.tokens.purposes import NEGATION, Purpose
from korpus.tokens.stopword_lists import shipped, split_entry

_ANY = "*"
EXCEPTION = "!"  # begins an entry of a list that keeps a word


@lru_cache(maxsize=1)  # a worker asks for the same rules with every batch
def rules_of(
    default: bool,
    given: tuple[str, ...],
    keep: tuple[str, ...],
    drop_pos: tuple[str, ...],
    min_length: int,
    purpose: Purpose | None,
) -> "Rules":
    """The rules of the options of `stopwords`; `given`: entries of lists and of --add.

    Raises UsageError for a bad entry or a negative length.
    """
    entries = (*(shipped() if default else ()), *given)
    drop = [entry for entry in entries if not entry.startswith(EXCEPTION)]
    kept = [entry.removeprefix(EXCEPTION) for entry in entries if entry.startswith(EXCEPTION)]
    check_least("--min-length", min_length, 0, _("1 keeps every token"))
    negation: tuple[str, ...] = NEGATION if default or min_length > 1 else ()
    if purpose is not None:
        if not purpose.keep:
            negation = ()
        drop_pos = (*purpose.drop_pos, *drop_pos)
        kept.extend(purpose.keep)
    return Rules(drop, [*kept, *keep], (*given, *keep), drop_pos, min_length, negation)


class Rules:
    """What to remove and keep.

    `drop`, `keep`: entries with their words and tags. `given`: the user's own entries, `used`:
    those of them that matched a token since it was last cleared. `negation`: entries that neither
    the shipped list nor `min_length` removes, `negated`: the tokens that they matched. `decisions`:
    the tag decisions of each analyzer.
    """

    def __init__(
        self,
        drop: list[str],
        keep: list[str],
        given: tuple[str, ...],
        drop_pos: tuple[str, ...],
        min_length: int,
        negation: tuple[str, ...] = (),
    ) -> None:
        self.drop = [(entry, *split_entry(entry)) for entry in drop]
        self.keep = [(entry, *split_entry(entry)) for entry in keep]
        self.given = frozenset(entry.removeprefix(EXCEPTION) for entry in given)
        self.used: set[str] = set()
        self.negation = [(entry, *split_entry(entry)) for entry in negation]
        self.negated: set[str] = set()
        self.drop_pos = drop_pos
        self.min_length = min_length
        self.decisions = cache(partial(_TagDecisions, self))


class _TagDecisions(dict[str, Callable[[str], bool | int]]):
    """For each tag of one analyzer, the function that decides whether a token stays."""

    def __init__(self, rules: Rules, analyzer: str | None) -> None:
        self.rules = rules
        self.analyzer = analyzer
        self.drop_pos = TagSelection(rules.drop_pos, analyzer)
        self.short_nouns: set[tuple[str, str]] = set()

    def __missing__(self, tag: str) -> Callable[[str], bool | int]:
        if type(tag) is not str:
            raise TypeError
        rules = {group: self._rule(tag, group) for group in groups_of(tag, self.analyzer)}
        own = group_of(tag, self.analyzer)

        def stays(token: str) -> bool:
            group = own if len(rules) == 1 else group_by_form(token) or own
            dropped, kept, negation, drops_all = rules[group]
            keeping, dropping = kept.matching(token), dropped.matching(token)
            self.rules.used.update(self.rules.given.intersection(keeping + dropping))
            if keeping:
                return True
            if drops_all or not self.rules.given.isdisjoint(dropping):
                return False
            if negation.matching(token):
                self.rules.negated.add(token)
                return True
            if dropping:
                return False
            if len(token) >= self.rules.min_length:
                return True
            if len(token) == 1 and group in WIDER["noun"]:
                self.short_nouns.add((token, tag))
            return False

        never = all(
            (drops_all or (dropped.all and not negation.entries))
            and not kept.entries
            and self.rules.given.isdisjoint(dropped.entries)
            for dropped, kept, negation, drops_all in rules.values()
        )
        self[tag] = NEVER if never else FormDecisions(stays).__getitem__
        return self[tag]

    def _rule(self, tag: str, group: str) -> "tuple[_Matcher, _Matcher, _Matcher, bool]":
        """Entries to remove, to keep and of negation, and whether all others go, of one tag."""
        names = {"", tag, base_tag(tag), group}
        names |= {wider for wider, groups in WIDER.items() if group in groups}
        dropped, kept, negation = (
            _Matcher((entry, word) for entry, word, its_tag in entries if its_tag in names)
            for entries in (self.rules.drop, self.rules.keep, self.rules.negation)
        )
        return dropped, kept, negation, self.drop_pos.selects(tag, group)


class _Matcher:
    """Finds the entries that match a token. `entries`: (entry, word or pattern) of one tag."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self.entries: set[str] = set()
        self.all: list[str] = []  # entries */TAG
        self.words: defaultdict[str, list[str]] = defaultdict(list)
        self.patterns: list[tuple[str, re.Pattern[str]]] = []
        for entry, word in entries:
            self.entries.add(entry)
            if word == _ANY != entry:
                self.all.append(entry)
            elif _ANY in word and word.strip(_ANY):
                self.patterns.append((entry, _pattern(word)))
            else:
                self.words[word].append(entry)

    def matching(self, token: str) -> list[str]:
        """The entries that match a token."""
        patterns = [entry for entry, pattern in self.patterns if pattern.fullmatch(token)]
        return [*self.words.get(token, []), *self.all, *patterns]


def _pattern(word: str) -> re.Pattern[str]:
    """The pattern of a word with stars. Atomic groups keep its time linear in a long token."""
    first, *middle, last = map(re.escape, word.split(_ANY))
    found = "".join(f"(?>.*?{part})" for part in middle)
    return re.compile(f"{first}{found}.*{last}", re.DOTALL)
