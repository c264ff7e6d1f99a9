"""The stems that a whole word may be a form of: 불러 → 부르 and 불, by the rules of conjugation.

Words are compared with their final consonants apart (갔다: 가ㅆ다), so that an ending that begins
with a consonant can be told from the stem.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from korpus.analyzers.lemmas.irregular import (
    BIUP_VERBS,
    DIGUT,
    EU_IN_REU,
    REGULAR_BIUP,
    REGULAR_HIEUH,
    REO,
    SIOS,
)
from korpus.documents.syllables import final, medial, with_final, with_medial

# How endings begin, with their final consonants apart: those that follow the stem as it is, those
# before which 으 is added or ㄹ lost, and those that follow 아/어.
_ANY = (
    r"고(?![ㄹㅇㅅ])|지(?!ㄹ)|죠|쥬|게|기(?!어)|다(?!ㄹ.|르|ㅁ|ㄱ|라|아|려|시)|도로ㄱ|더|자(?!ㅁ|라)|거|겠|구나|구려|구마ㄴ"
    r"|구ㄴ|드ㅅ|드ㄴ|자ㄶ|기ㄹ래"
)
_NIEUN = r"느ㄴ|는|니(?!ㄹ)|네(?!ㅁ)|느냐|느라|느니|냐|나(?:$|요|ㄴ|보|봐)|노"
_SIOT = r"스ㅂ|소(?:$|이다)"
_LOSING = (
    r"ㄴ(?:$|다|데|지|들|가|거|대|바|단|답|드ㅅ|주ㄹ|것)|ㅂ(?:니|시|디)|시(?!ㄱ|ㄹ)|세(?:요|$|우ㄴ)"
    r"|셔(?:$|서|ㅆ|요|도|야|라)|오(?:$|니|면|ㅂ)"
)
_RIEUL = r"ㄹ(?:$|게|까|래|수로ㄱ|지|거|데|쏘|테|드ㅅ|주ㄹ|때|라고|려(?:고|면|는)|꺼|께|뿌ㄴ)"
_EU = (
    r"며|려(?:고|며|는|나|다|더|구|느|하|ㅁ)|러(?:$|요|도|는|ㄴ$)|므로|리(?:$|라|니|까)|되"
    r"|ㅁ(?:$|에|이|으|을|은|도|만|과)|라(?:$|고|는|느ㄴ|며|면|니|도)"
)
_EO = (
    r"$|ㅆ|서|도|야|요|라(?:$|고|니|도|ㄴ)|지|주|보|봐|줘|버|다(?:가|주|줘|드|달)"
    r"|가(?:$|고|ㄴ|ㄹ|는|느ㄴ)|ㄴ$"
)
_PLAIN = re.compile(f"{_ANY}|{_NIEUN}|{_SIOT}")
_PLAIN_AFTER_RIEUL = re.compile(f"{_ANY}|{_EU}")
_AFTER_EU = re.compile(f"{_LOSING}|{_RIEUL}|{_EU}|니|나(?:$|마|요)")
_AFTER_LOST_RIEUL = re.compile(f"{_LOSING}|{_RIEUL}|{_NIEUN}")
_AFTER_EO = re.compile(_EO)
_CONTRACTED = {"ㅗ": "ㅘ", "ㅜ": "ㅝ", "ㅣ": "ㅕ", "ㅚ": "ㅙ"}
_UNCHANGED = "ㅏㅓㅐㅔㅕ"  # 가+아 → 가
_BRIGHT = "ㅏㅗ"


class Reading(NamedTuple):
    """A stem that a word is a form of, and the ending, with its consonants apart."""

    stem: str
    is_adjective: bool
    base: str
    ending: str


class Forms:
    """The forms of some stems."""

    def __init__(self, verbs: Iterable[str], adjectives: Iterable[str]) -> None:
        self._bases: defaultdict[str, list[tuple[str, bool, re.Pattern[str]]]] = defaultdict(list)
        for is_adjective, stems in ((False, verbs), (True, adjectives)):
            for stem in stems:
                for base, endings in _bases(stem, is_adjective):
                    self._bases[apart(base)].append((stem, is_adjective, endings))

    def readings(self, word: str) -> Iterator[Reading]:
        """The stems that a word may be a form of."""
        letters = apart(word)
        for end in range(1, len(letters) + 1):
            for stem, is_adjective, endings in self._bases.get(letters[:end], ()):
                ending = letters[end:]
                if endings.match(ending):
                    yield Reading(stem, is_adjective, letters[:end], ending)


def apart(word: str) -> str:
    """A word with the final consonants of its syllables apart: 갔다 → 가ㅆ다."""
    return "".join(
        with_final(syllable, "") + consonant if (consonant := final(syllable)) else syllable
        for syllable in word
    )


def _bases(stem: str, is_adjective: bool) -> Iterator[tuple[str, re.Pattern[str]]]:
    """What a stem is before each kind of ending."""
    consonant = final(stem)
    if consonant == "ㄹ":
        yield stem, _PLAIN_AFTER_RIEUL
        yield with_final(stem, ""), _AFTER_LOST_RIEUL
    else:
        yield stem, _PLAIN
        yield _before_eu(stem, is_adjective), _AFTER_EU
    for base in with_eo(stem, is_adjective):
        yield base, _AFTER_EO


def is_irregular(stem: str, is_adjective: bool) -> bool:
    """Whether the consonant at the end of a stem changes before 으 and 아/어."""
    consonant = final(stem)
    return (
        (consonant == "ㅅ" and stem.endswith(SIOS))
        or (consonant == "ㄷ" and stem in DIGUT)
        or (consonant == "ㅎ" and is_adjective and not stem.endswith(REGULAR_HIEUH))
        or (
            consonant == "ㅂ"
            and (
                not stem.endswith(REGULAR_BIUP)
                if is_adjective
                else stem.endswith((*BIUP_VERBS, "스럽", "롭", "답"))
            )
        )
    )


def _before_eu(stem: str, is_adjective: bool) -> str:
    consonant = final(stem)
    vowel = with_final(stem, "")
    if not consonant:
        return stem
    if not is_irregular(stem, is_adjective):
        return stem + "으"
    return {"ㅅ": vowel + "으", "ㄷ": vowel + "ㄹ으", "ㅎ": vowel, "ㅂ": vowel + "우"}[consonant]


def with_eo(stem: str, is_adjective: bool) -> Iterator[str]:
    """A stem with 아 or 어."""
    consonant, vowel = final(stem), with_final(stem, "")
    last = medial(stem[-1])
    is_bright = last in _BRIGHT
    if consonant and is_irregular(stem, is_adjective):
        if consonant == "ㅎ":
            for changed in {"ㅑ": "ㅒ", "ㅕ": "ㅖ"}.get(last, "ㅐㅔ"):
                yield with_medial(vowel, changed)
        elif consonant == "ㅂ":
            yield vowel + ("와" if stem in ("돕", "곱") else "워")
        else:
            between = "ㄹ" if consonant == "ㄷ" else ""
            yield vowel + between + ("아" if is_bright else "어")
    elif consonant:
        yield from (stem + "아", stem + "어")
        if stem.endswith("놓"):
            yield with_medial(vowel, "ㅘ")
    elif stem.endswith("하"):
        yield from (stem[:-1] + "해", stem + "여")
    elif last == "ㅡ":
        yield from _with_eo_for_eu(stem)
    elif last in _UNCHANGED:
        yield from (stem, stem + "어") if last in "ㅐㅔ" else (stem,)
    elif stem.endswith("푸") and stem == "푸":
        yield "퍼"
    else:
        if last in _CONTRACTED:
            yield with_medial(stem, _CONTRACTED[last])
        yield stem + ("아" if is_bright else "어")


def _with_eo_for_eu(stem: str) -> Iterator[str]:
    before = medial(stem[-2]) if len(stem) > 1 else ""
    vowel = "ㅏ" if before in _BRIGHT and before else "ㅓ"
    if stem.endswith(REO):
        yield stem + "러"
    if stem[-1] == "르" and len(stem) > 1 and not stem.endswith(EU_IN_REU):
        if stem not in REO or stem in ("이르", "누르"):
            yield stem[:-1] + "ㄹ" + ("라" if vowel == "ㅏ" else "러")
    else:
        yield with_medial(stem, vowel)
