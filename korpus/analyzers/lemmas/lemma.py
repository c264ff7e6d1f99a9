"""Dictionary forms of verbs and adjectives (용언), for analyzers that give stems."""

from collections.abc import Iterable, Iterator

from korpus.analyzers.lemmas.derived import LIKE_SUFFIXES, Derived
from korpus.analyzers.lemmas.mistaken import MISTAKEN, OBJECTS, mended
from korpus.analyzers.lemmas.neighbours import chosen
from korpus.analyzers.lemmas.stems import Doubt, stem_of
from korpus.analyzers.table import Tokens
from korpus.analyzers.words.table import WordTable
from korpus.tagsets import CONJUGATED, group_of

# Forms, tags, and for each token the text that it came from, as far as known: with a space before
# it if a word begins there, "" if the token before came from it too (갔 → 가, 았).
Pieces = tuple[list[str], list[str], list[str]]

_MOST_KNOWN = 1 << 16
_OF_NOUNS = ("XSN", "XSM", "Suffix")  # suffixes that make no stems


def lemmatized(
    results: Iterable[Pieces],
    analyzer: str,
    split_derived: bool = False,
    words: WordTable | None = None,
) -> Iterator[Tokens]:
    """Give stems their dictionary form: 지/VV 어/EC → 짓다/VV 어/EC.

    Suffixes are joined to what is before them, unless `split_derived`: 공부하다/VV. For words of
    a table see `Derived`.
    """
    stems = _Stems(analyzer)
    derived = Derived(analyzer, words.whole if words else ())
    groups = _Groups(analyzer)
    for forms, tags, pieces in results:
        if analyzer in MISTAKEN or not OBJECTS.isdisjoint(forms):
            forms, tags, pieces = mended(forms, tags, pieces, analyzer)
        lemmas = forms[:]
        last = len(forms) - 1
        suffixes = []
        for i, group in enumerate(map(groups.__getitem__, tags)):
            if group:
                ending = forms[i + 1] if i < last and pieces[i + 1][:1] != " " else ""
                stem = stems[forms[i], group, ending]
                if not isinstance(stem, str):
                    stem = stems.settled(stem, forms, tags, pieces, i)
                if group == "suffix" or stem in LIKE_SUFFIXES:
                    suffixes.append((i, stem))
                if group != "suffix":
                    lemmas[i] = stem + "다"
        if suffixes and not split_derived:
            yield derived.joined(lemmas, tags, pieces, suffixes)
        else:
            yield lemmas, tags


class _Groups(dict[str, str]):
    """The group of a tag if it is that of stems, or of the suffixes that make stems; else ""."""

    def __init__(self, analyzer: str) -> None:
        self.analyzer = analyzer

    def __missing__(self, tag: str) -> str:
        group = group_of(tag, self.analyzer)
        is_of_stems = group in CONJUGATED or (group == "suffix" and not tag.startswith(_OF_NOUNS))
        self[tag] = found = group if is_of_stems else ""
        return found


class _Stems(dict[tuple[str, str, str], str | Doubt]):
    """The dictionary stem of each stem of a group before an ending, decided once."""

    def __init__(self, analyzer: str) -> None:
        self.analyzer = analyzer

    def __missing__(self, key: tuple[str, str, str]) -> str | Doubt:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        stem, group, ending = key
        self[key] = found = stem if group == "copula" else stem_of(stem, group, ending)
        return found

    def settled(
        self, doubt: Doubt, forms: list[str], tags: list[str], pieces: list[str], at: int
    ) -> str:
        """The stem that the word and its neighbours tell."""
        if doubt.spelled and doubt.spelled not in word_at(pieces, at):
            return doubt.own
        if doubt.choice is None:
            return doubt.other
        end = at + 1
        while end < len(forms) and self._is(tags[end], "ending"):
            end += 1
        found = chosen(
            doubt.choice,
            forms,
            at,
            end,
            lambda i: self._is(tags[i], "particle"),
            lambda i: self._is(tags[i], "adverb"),
        )
        return found or doubt.own

    def _is(self, tag: str, group: str) -> bool:
        return group_of(tag, self.analyzer) == group


def word_at(pieces: list[str], at: int) -> str:
    """The text of the word that a token is in, as far as known."""
    first = at
    while first > 0 and pieces[first][:1] != " ":
        first -= 1
    last = at + 1
    while last < len(pieces) and pieces[last][:1] != " ":
        last += 1
    return "".join(pieces[first:last])
