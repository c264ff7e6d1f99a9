"""The dictionary stem of a stem as an analyzer gives it, by the ending after it."""

from typing import NamedTuple

from korpus.analyzers.lemmas.irregular import (
    EU,
    with_biup,
    with_digut,
    with_rieul,
    with_sios,
)
from korpus.analyzers.lemmas.neighbours import BEFORE_EO, BEFORE_N, Choice
from korpus.documents.syllables import final, with_final

_EU, _EO = frozenset("으은을음읍"), frozenset("아어았었")
_BEFORE_LOST_RIEUL = frozenset("ㄴㄹㅂ오시신실십심셔셨세")
_NIEUN = (ord("나"), ord("니") + 28)  # syllables that begin with ㄴ
_AFTER_EO = frozenset("라서도야요ㅆ")


class Doubt(NamedTuple):
    """A stem that its neighbours decide.

    `own`: what the analyzer gave. `spelled`: what must be in the word, else `own` is right.
    `other`: the stem if it is, unless `choice` tells.
    """

    own: str
    spelled: str
    other: str
    choice: Choice | None = None


def stem_of(stem: str, group: str, ending: str) -> str | Doubt:
    """The dictionary stem of a stem of a group (`verb`, `adjective` …) before an ending."""
    first = ending[:1]
    if stem == "마":
        return "말"
    if found := _of_fused(stem, group, ending):
        return found
    if first in _EU:
        return with_biup(stem) or with_sios(stem) or with_digut(stem) or stem
    if first in _EO:
        return with_biup(stem) or _before_eo(stem, group, first)
    if first in _BEFORE_LOST_RIEUL or (first and _NIEUN[0] <= ord(first) < _NIEUN[1]):
        return _before_n(stem, group)
    return with_biup(stem) or stem


def _of_fused(stem: str, group: str, ending: str) -> str | None:
    """The stem of one that an analyzer cut wrongly: 불르+어, 웁+니다, 꺼+라, 서둘+러."""
    if len(stem) > 1 and stem[-1] == "르" and final(stem[-2]) == "ㄹ" and stem != "들르":
        return with_final(stem[:-1], "") + "르"
    if final(stem) == "ㅂ" and ending.startswith(("니다", "니까", "시다")):
        vowel = with_final(stem, "")
        return with_rieul(vowel, adjective=False)
    if stem in EU and ending[:1] in _EO | _AFTER_EO:
        return EU[stem]
    if group != "adjective" and final(stem) == "ㄹ" and ending[:1] in ("러", "렀", "랐"):
        vowel = with_final(stem, "")
        if not with_rieul(vowel, adjective=False) and not any(stem in pair for pair in BEFORE_N):
            return vowel + "르"
    return None


def _before_eo(stem: str, group: str, first: str) -> str | Doubt:
    for (lateral, stop), choice in BEFORE_EO.items():
        if stem in (lateral, stop) and group != "adjective":
            return Doubt(stem, lateral + first, stem, choice)
    if group == "adjective" and stem == "길":
        return stem
    if found := with_digut(stem):
        return found
    if found := with_sios(stem):
        # A regular stem would be written as one syllable with the ending: 나+아 → 나.
        return Doubt(stem, stem + first, found)
    return stem


def _before_n(stem: str, group: str) -> str | Doubt:
    if group == "verb":
        for pair, choice in BEFORE_N.items():
            if stem in pair:
                return Doubt(stem, "", stem, choice)
    return with_rieul(stem, group == "adjective") or with_biup(stem) or stem
