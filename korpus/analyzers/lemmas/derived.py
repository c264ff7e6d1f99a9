"""Verbs and adjectives made of a noun or root and a suffix: 공부/NNG 하/XSV → 공부하다/VV."""

from collections.abc import Container

from korpus.analyzers.lemmas.adjective_roots import ADJECTIVE_ROOTS
from korpus.analyzers.table import Tokens
from korpus.tagsets import group_of

# Groups of what may be before the suffix.
_BASES = {
    *("noun", "propernoun", "boundnoun", "pronoun", "numeral", "root", "adverb"),
    *("foreign", "interjection"),
}
# Stems that analyzers tag as verbs, too, where they are suffixes: 리뷰/NNP 하/VV.
LIKE_SUFFIXES = frozenset({"하", "되", "시키", "당하", "스럽", "롭", "답"})
# Of suffixes with a tag of their own, or with that of all suffixes (hannanum), those of stems.
_OF_STEMS = (*LIKE_SUFFIXES, "받", "거리", "대", "이", "지", "맞", "쩍", "나", "화하")
_OF_ADJECTIVES = ("스럽", "롭", "답", "쩍", "맞")
_NEGATION = "안"  # 안했다 is 안 했다 without its space
_VERB, _ADJECTIVE, _AUXILIARY = "verb", "adjective", "auxiliary"
# The tag of a joined token in each tagset; Sejong's without a name.
_TAGS = {
    "": {_VERB: "VV", _ADJECTIVE: "VA", _AUXILIARY: "VX"},
    "okt": {_VERB: "Verb", _ADJECTIVE: "Adjective", _AUXILIARY: "Verb"},
    "hannanum": {_VERB: "PV", _ADJECTIVE: "PA", _AUXILIARY: "PX"},
}


class Derived:
    """Joins the suffixes of verbs and adjectives to what is before them, for one analyzer.

    `words`: those of a word table, which stay apart from a suffix if they are several tokens or
    names: B급 스럽다. Nouns that the analyzer knows are joined: 공부하다.
    """

    def __init__(self, analyzer: str, words: Container[str] = ()) -> None:
        self.analyzer = analyzer
        self.words = words
        self.tags = _TAGS.get(analyzer, _TAGS[""])

    def joined(
        self, lemmas: list[str], tags: list[str], pieces: list[str], suffixes: list[tuple[int, str]]
    ) -> Tokens:
        """The tokens of a text with these suffixes joined.

        `suffixes`: the positions of tokens that may be such, with their stems. A suffix with
        nothing before it in its word (공부 했다) is a verb itself: 하다.
        """
        forms: list[str] = []
        kept: list[str] = []
        done = 0
        for at, stem in suffixes:
            is_suffix = self._group(tags[at]) == "suffix"
            if is_suffix and not self._is_of_stems(stem, tags, at):
                continue
            base = self._base(lemmas, tags, pieces, at)
            if (base == at and not is_suffix) or (
                self.words and self._is_word(lemmas, tags, pieces, at)
            ):
                continue
            forms += lemmas[done:base]
            kept += tags[done:base]
            root = "".join(lemmas[base:at])
            forms.append(root + stem + "다")
            kept.append(self._tag(root, stem, tags, base, at))
            done = at + 1
        return forms + lemmas[done:], kept + tags[done:]

    def _is_word(self, lemmas: list[str], tags: list[str], pieces: list[str], at: int) -> bool:
        """Whether a word of the table is before a suffix: several tokens, or a name."""
        form = ""
        for first in range(at, 0, -1):
            if pieces[first][:1] == " ":
                break
            form = lemmas[first - 1] + form
            is_name = first < at or self._group(tags[first - 1]) == "propernoun"
            if is_name and form in self.words:
                return True
        return False

    def _is_of_stems(self, stem: str, tags: list[str], at: int) -> bool:
        """Whether a suffix makes a stem: of hannanum's, 들, 적, 님 and 이 (많+이) do not."""
        if tags[at].startswith(("XSV", "XSA")):
            return True
        return (
            self.analyzer == "hannanum"
            and stem in _OF_STEMS
            and at + 1 < len(tags)
            and self._group(tags[at + 1]) == "ending"
        )

    def _base(self, lemmas: list[str], tags: list[str], pieces: list[str], at: int) -> int:
        """Where the noun or root before a suffix starts; `at` if no noun or root is before it.

        Prefixes and suffixes of nouns belong to it: 재/XPN 개발/NNG, 현대/NNG 화/XSN.
        """
        first = at
        while first > 0 and pieces[first][:1] != " " and self._group(tags[first - 1]) == "suffix":
            first -= 1
        if first == 0 or pieces[first][:1] == " ":
            return at
        group = self._group(tags[first - 1])
        if lemmas[first - 1] == _NEGATION or group not in _BASES:
            is_prefix = group == "prefix" and first == at and lemmas[first - 1] != _NEGATION
            return first - 1 if is_prefix else at
        first -= 1
        if first > 0 and pieces[first][:1] != " " and self._group(tags[first - 1]) == "prefix":
            first -= 1
        return first

    def _tag(self, root: str, stem: str, tags: list[str], base: int, at: int) -> str:
        own = tags[at]
        around = [self._group(each) for each in tags[max(0, base - 1) : at]]
        if around[:2] == ["ending", "boundnoun"]:  # 먹을 만하다
            return self.tags[_AUXILIARY]
        if own.startswith("XSA"):
            return "VA" + own[len("XSA") :]
        if stem in _OF_ADJECTIVES or (stem == "하" and root in ADJECTIVE_ROOTS):
            return self.tags[_ADJECTIVE]
        if own.startswith("XSV"):
            return "VV" + own[len("XSV") :]
        return own if self._group(own) in (_VERB, _ADJECTIVE) else self.tags[_VERB]

    def _group(self, tag: str) -> str:
        return group_of(tag, self.analyzer)
