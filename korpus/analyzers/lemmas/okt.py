"""Dictionary forms of Okt's words, whose stemmer knows each form of one verb only (불러: 불다)."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from korpus.analyzers.lemmas.conjugation import Forms, Reading, apart, is_irregular
from korpus.analyzers.lemmas.derived import LIKE_SUFFIXES, Derived
from korpus.analyzers.lemmas.irregular import DIGUT, SIOS, words
from korpus.analyzers.lemmas.mistaken import like_pronoun
from korpus.analyzers.lemmas.neighbours import BEFORE_EO, BEFORE_N, Choice, chosen
from korpus.analyzers.table import Tokens
from korpus.tagsets import CONJUGATED, OKT

_MADE = ("스럽", "롭", "답")  # any noun may be before these: 남자답
# Forms that Okt's dictionary has among its stems: 되어, of 되; 미우, of 밉.
_NO_STEMS = words("되어 돼 미우 물르 빨르 흘르 말르 불르 잘불르 기엉오르 힘드 읎드 가다듬다 쏫아붓")
_MORE_VERBS = (*DIGUT, "긷", "줍", "깁", "내리긋", "휘젓", "들이붓", "거르", "놓")
_PAIRS = {
    frozenset(choice.stems): choice
    for choices in (BEFORE_EO, BEFORE_N)
    for choice in choices.values()
}
# Okt does not tell these by their tags.
_PAIRS |= {
    frozenset(stems): Choice(stems, tuple((stems[1], mark, frozenset()) for mark in "을로"))
    for stems in (("이", "잇"), ("길", "긷"))
}
_ADVERB_NOUNS = words("다시 더 못 꼭 막 늘 꽉 푹 서로 모두")  # adverbs that Okt has as nouns
_OBJECT, _SHORT = ("을", "를"), ("", "서", "요", "도", "야")
_NOMINAL = frozenset({"Noun", "Josa", "Suffix", "Modifier"})
_NOT = "못"
_WITH_NOT = ("생기다", "나다")  # 못생기다 and 못나다 are words of their own
_UNABLE, _JI = ("못한", "못할"), ("지", "지는", "지도", "지를", "진", "질")
_GOING = ("가", "갔", "갑", "간", "오", "왔", "온", "옵", "다니", "다녀", "다녔", "나가", "나왔")
_CONJUGATED_TAGS = frozenset(tag for group in CONJUGATED for tag in OKT.get(group, "").split())
_PARTICLES, _ADVERBS = frozenset(OKT["particle"].split()), frozenset(OKT["adverb"].split())


class OktToken(NamedTuple):
    """A token of Okt with the lemma that Okt gives, and its text with the space before it."""

    form: str
    tag: str
    lemma: str
    piece: str
    is_known: bool


class Lemmas:
    """The lemmas of Okt's tokens, by the stems of its dictionary."""

    def __init__(self, verbs: list[str], adjectives: list[str], split_derived: bool) -> None:
        self._forms = Forms(
            _known((*verbs, *_MORE_VERBS)),
            _known((*adjectives, *_MADE, "아니")),
        )
        self._known = frozenset(_known((*verbs, *adjectives)))
        self._derived = Derived("okt")
        self._split = split_derived
        self._stems = lru_cache(maxsize=1 << 16)(self._stems_of)

    def of(self, tokens: list[OktToken]) -> Tokens:
        """The tokens of a text, verbs and adjectives in dictionary form."""
        tokens = self._with_verbs(tokens)
        forms = [token.form for token in tokens]
        tags = [token.tag for token in tokens]
        lemmas = [token.lemma for token in tokens]
        suffixes = []
        for i, token in enumerate(tokens):
            if token.tag in _CONJUGATED_TAGS:
                is_going = i + 1 < len(tokens) and forms[i + 1].startswith(_GOING)
                stem = self._stems(token.form, token.tag, token.lemma, is_going)
                if not isinstance(stem, str):
                    stem = self._settled(stem, forms, tags, i)
                lemmas[i] = stem + "다"
                if stem in LIKE_SUFFIXES:
                    suffixes.append((i, stem))
        if suffixes and not self._split:
            return self._derived.joined(lemmas, tags, [token.piece for token in tokens], suffixes)
        return lemmas, tags

    def _stems_of(self, form: str, tag: str, lemma: str, is_going: bool) -> str | Choice:
        own = lemma.removesuffix("다")
        readings = list(self._forms.readings(form))
        if len(readings) > 1:
            readings = [r for r in readings if (r.ending == "러") == is_going] or readings
        if not readings:
            return _made(form, self._forms) or own
        bases = [r.base for r in readings if r.stem == own] or [r.base for r in readings]
        base = max(bases, key=len)
        is_seen = form == own or (own in self._known and apart(form).startswith(apart(own)))
        if is_seen and len(base) <= len(apart(own)) and all(r.stem != own for r in readings):
            return own
        readings = [reading for reading in readings if reading.base == base]
        stems = {reading.stem for reading in readings}
        for pair, choice in _PAIRS.items():
            if pair <= stems:
                return choice
        # Regular stems would be written as one syllable with 아/어: 나+아 → 나.
        without_sios = [stem for stem in stems if stem.endswith(SIOS) and base[-1] in "아어으"]
        if own in stems and not without_sios:
            return own
        if without_sios:
            return without_sios[0]
        return max(readings, key=lambda reading: _fit(reading, tag)).stem

    def _with_verbs(self, tokens: list[OktToken]) -> list[OktToken]:
        """The tokens, with words as verbs that Okt takes for nouns it does not know: 저었다.

        After an object, also those that it takes for nouns it knows: 물을 부어.
        """
        if all(token.is_known for token in tokens) and not any(
            token.form in _OBJECT or token.form == _NOT for token in tokens
        ):
            return tokens
        found: list[OktToken] = []
        at = 0
        while at < len(tokens):
            end = at + 1
            while end < len(tokens) and tokens[end].piece[0] != " ":
                if tokens[end].tag not in _NOMINAL:
                    break
                end += 1
            word = "".join(token.form for token in tokens[at:end])
            after_object = bool(found) and found[-1].form in _OBJECT
            verb = self._torn(tokens, at)
            if verb:
                word, end = tokens[at].form + tokens[at + 1].form, at + 2
            elif tokens[at].piece[0] == " " and tokens[at].tag in _NOMINAL:
                verb = self._verb(word, not tokens[at].is_known, after_object)
            if verb is None:
                found.append(tokens[at])
                at += 1
            else:
                found.append(OktToken(word, verb[1], verb[0] + "다", " " + word, True))
                at = end
        return found

    def _torn(self, tokens: list[OktToken], at: int) -> tuple[str, str] | None:
        """The stem and tag of a word that okt cut: 깨/Noun 달았다/Verb, 못/VerbPrefix 생겼다/Verb.

        못한 after 지 is a noun and a particle to it: 깨끗하지 못/Noun 한/Josa.
        """
        first, after = tokens[at], tokens[at + 1 : at + 2]
        if not after or after[0].piece[0] == " " or first.piece[0] != " ":
            return None
        word = first.form + after[0].form
        if (
            at > 1
            and tokens[at - 1].form in _OBJECT
            and (stem := like_pronoun(word, [tokens[at - 2].form]))
        ):
            return stem, "Verb"
        if first.form == _NOT:
            if after[0].lemma in _WITH_NOT and after[0].tag in _CONJUGATED_TAGS:
                return _NOT + after[0].lemma.removesuffix("다"), "Adjective"
            before = tokens[at - 1].form if at else ""
            return ("못하", "Verb") if word in _UNABLE and before.endswith(_JI) else None
        if first.tag == "Noun" and after[0].tag in _CONJUGATED_TAGS:
            for reading in self._forms.readings(word):
                if reading.stem in DIGUT and len(reading.stem) > 1:
                    return reading.stem, "Verb"
        return None

    def _verb(self, word: str, is_unknown: bool, after_object: bool) -> tuple[str, str] | None:
        """The stem and tag of a word that is a verb or adjective, if it is clear enough."""
        if not is_unknown and not after_object:
            return None
        readings = [
            reading
            for reading in self._forms.readings(word)
            if is_unknown or (reading.ending in _SHORT and is_irregular(*reading[:2]))
        ]
        if not readings or len(word) < 2:
            return None
        best = max(readings, key=lambda reading: len(reading.base))
        return best.stem, "Adjective" if best.is_adjective else "Verb"

    def _settled(self, choice: Choice, forms: list[str], tags: list[str], at: int) -> str:
        found = chosen(
            choice,
            forms,
            at,
            at + 1,
            lambda i: tags[i] in _PARTICLES,
            lambda i: tags[i] in _ADVERBS or forms[i] in _ADVERB_NOUNS,
        )
        return found or choice.stems[0]


def _known(stems: Iterable[str]) -> list[str]:
    return [stem for stem in dict.fromkeys(stems) if stem not in _NO_STEMS]


def _made(form: str, forms: Forms) -> str | None:
    """The stem of an adjective made of any noun: 남자답게 → 남자답."""
    for cut in range(1, len(form) - 1):
        for reading in forms.readings(form[cut:]):
            if reading.stem in _MADE:
                return form[:cut] + reading.stem
    return None


def _fit(reading: Reading, tag: str) -> tuple[bool, int]:
    return (reading.is_adjective == (tag == "Adjective"), len(reading.base))
