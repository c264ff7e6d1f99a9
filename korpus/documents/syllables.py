"""The parts of a syllable of Hangul: its vowel, and the consonant that may end it (받침)."""

import re
from unicodedata import normalize

from korpus.documents.letters import as_letters

_FIRST, _SYLLABLES, _VOWELS, _CONSONANTS = ord("가"), 11172, 21, 28
_FINALS = "\0ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
LETTERS = "".join(dict.fromkeys(_INITIALS + _FINALS.strip("\0") + _MEDIALS))
_SYLLABLE = re.compile(f"([{_INITIALS}])([{_MEDIALS}])(?:([{_FINALS[1:]}])(?![{_MEDIALS}]))?")


def final(word: str) -> str:
    """The consonant that ends a word; "" if none does."""
    at = ord(word[-1]) - _FIRST
    return _FINALS[at % _CONSONANTS].strip("\0") if 0 <= at < _SYLLABLES else ""


def medial(syllable: str) -> str:
    """The vowel of a syllable; "" for any other character."""
    at = ord(syllable) - _FIRST
    return _MEDIALS[at // _CONSONANTS % _VOWELS] if 0 <= at < _SYLLABLES else ""


def ends_in_vowel(word: str) -> bool:
    """Whether a word ends in a syllable without a final consonant."""
    at = ord(word[-1]) - _FIRST
    return 0 <= at < _SYLLABLES and at % _CONSONANTS == 0


def with_final(word: str, consonant: str) -> str:
    """A word with another consonant at its end: 매 and ㅂ give 맵, 맵 and "" give 매."""
    at = ord(word[-1]) - _FIRST
    return word[:-1] + chr(_FIRST + at - at % _CONSONANTS + _FINALS.index(consonant or "\0"))


def with_medial(word: str, vowel: str) -> str:
    """A word that ends in a vowel with another one at its end: 파라 and ㅐ give 파래."""
    at = ord(word[-1]) - _FIRST
    at += (_MEDIALS.index(vowel) - at // _CONSONANTS % _VOWELS) * _CONSONANTS
    return word[:-1] + chr(_FIRST + at)


def decomposed(word: str) -> str:
    """The letters (jamo) of a word, with the ㅇ that begins syllables; 각오 is ㄱㅏㄱㅇㅗ."""
    return as_letters(normalize("NFD", word))


def composed(letters: str) -> str:
    """The syllables that letters make; "" where they make none, as a consonant alone."""
    found = _SYLLABLE.findall(letters)
    if sum(map(len, map("".join, found))) != len(letters):
        return ""
    return "".join(
        chr(
            _FIRST
            + (_INITIALS.index(initial) * _VOWELS + _MEDIALS.index(vowel)) * _CONSONANTS
            + (_FINALS.index(last) if last else 0)
        )
        for initial, vowel, last in found
    )
