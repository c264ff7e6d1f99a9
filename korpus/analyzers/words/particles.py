"""The particles (조사) after a word that an analyzer does not know."""

from collections.abc import Callable, Iterable, Iterator
from itertools import product

from korpus.analyzers.table import Tokens
from korpus.documents.syllables import final
from korpus.tagsets import group_of, tag_for

Analyze = Callable[[Iterable[str]], Iterator[Tokens]]
Pairs = list[tuple[str, str]]

AFTER_NOUN = {"particle", "copula", "suffix"}
_AFTER_THAT = AFTER_NOUN | {"ending", "verb", "adjective", "auxiliary"}
# Nouns that the analyzers know, by what particles ask for: no final consonant, ㄹ, another one.
_KNOWN = {"": ("친구", "학교", "영화"), "ㄹ": ("서울", "겨울"), "+": ("사람", "시간", "마음")}
_CONTEXTS = ("", "집")  # what comes next in the text; mecab takes a last 의 for a noun
_PLURAL = "들"
_LONGEST = 10  # characters of particles and endings after a word: 에서부터였습니다


class Particles:
    """Asks an analyzer how it splits particles and endings after a noun that it knows."""

    def __init__(self, analyzer: str, analyze: Analyze) -> None:
        self.analyzer = analyzer
        self._analyze = analyze
        self._found: dict[tuple[str, str], Pairs | None] = {}
        self._tags: dict[str, str | None] = {}

    def split(self, last: str, rest: str) -> Pairs | None:
        """The forms and tags of what follows a word; None if that is no particle.

        `last`: the last character of the word, on which the form of particles depends.
        """
        if len(rest) > _LONGEST:
            return None
        if rest.startswith(_PLURAL):
            after = self.split(_PLURAL, rest[1:]) if rest[1:] else []
            return None if after is None else [(_PLURAL, tag_for("XSN", self.analyzer)), *after]
        consonant = final(last)
        kind = consonant if consonant in _KNOWN else "+"
        if (kind, rest) not in self._found:
            nouns = product(_CONTEXTS, _KNOWN[kind])
            splits = (self._after(noun, rest, context) for context, noun in nouns)
            self._found[kind, rest] = next(filter(None, splits), None)
        return self._found[kind, rest]

    def tag_of(self, word: str) -> str | None:
        """The tag that the analyzer gives a word alone; None if it splits it."""
        if word not in self._tags:
            forms, tags = next(iter(self._analyze([word])))
            self._tags[word] = tags[0] if forms == [word] else None
        return self._tags[word]

    def _after(self, noun: str, rest: str, context: str) -> Pairs | None:
        forms, tags = next(iter(self._analyze([f"{noun}{rest} {context}".strip()])))
        if forms[0] != noun or (context and forms[-1] != context):
            return None
        found = list(zip(forms, tags, strict=True))[1 : -1 if context else None]
        groups = [group_of(tag, self.analyzer) for _form, tag in found]
        fits = groups and groups[0] in AFTER_NOUN and _AFTER_THAT.issuperset(groups)
        return found if fits else None


def topic_particle(form: str) -> str:
    """The particle 은 or 는, as it follows a word."""
    return "은" if final(form[-1]) else "는"
