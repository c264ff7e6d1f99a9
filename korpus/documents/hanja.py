"""Hanja in Hangul: 漢字 → 한자, 美國(미국) → 미국, 미국(美國) → 미국."""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# A word, with its sound in brackets behind it, or in brackets behind its sound.
_WORD = re.compile(
    rf"(?P<before>[가-힣]+)[(（\[]\s?(?P<gloss>[{_HAN}]+)\s?[)）\]]"
    rf"|(?P<word>[{_HAN}]+)(?:[(（\[]\s?(?P<sound>[가-힣]+)\s?[)）\]])?"
)
_SIGNS = re.compile(f"[{_HAN}]")
_N, _R, _SILENT, _D, _J = 2, 5, 11, 3, 12  # initial consonants in Unicode's order
_NARROW = frozenset({2, 3, 6, 7, 12, 17, 20})  # vowels with y or i
_LONGEST = 3  # of the words with a sound of their own


class _Sounds(NamedTuple):
    first: dict[str, str]
    others: dict[str, str]
    words: dict[str, str]


def in_hangul(text: str) -> tuple[str, int]:
    """Hanja as Hangul by their sound at the beginning of a word or inside it, and how many words.

    A sound that stands beside a word in brackets is kept once. Unknown characters stay.
    """
    if not _SIGNS.search(text):
        return text, 0
    number = 0

    def sounded(found: re.Match[str]) -> str:
        nonlocal number
        new = _replacement(found)
        number += new != found[0]
        return new

    return _WORD.sub(sounded, text), number


def _replacement(found: re.Match[str]) -> str:
    if gloss := found["gloss"]:
        before = found["before"]
        if _sounds_as(gloss, before[-len(gloss) :]):
            return before
        return before + found[0][len(before)] + sound(gloss, True) + found[0][-1]
    word, given = found["word"], found["sound"]
    if given and _sounds_as(word, given):
        return given
    before = found.string[found.start() - 1 : found.start()]
    rest = found[0][len(word) :]
    return sound(word, not "가" <= before <= "힣") + rest


def sound(word: str, is_initial: bool) -> str:
    """The sound of hanja; `is_initial`: whether they begin a word, which changes ㄹ and ㄴ."""
    sounds = _sounds()
    found = ""
    at = 0
    while at < len(word):
        for length in range(_LONGEST, 1, -1):
            if (piece := sounds.words.get(word[at : at + length])) and at + length <= len(word):
                break
        else:
            length = 1
            piece = sounds.first.get(word[at], word[at])
            if word[at] == "不" and at + 1 < len(word):
                after = sounds.first.get(word[at + 1], "")
                piece = "부" if after and _parts(after)[0] in (_D, _J) else "불"
        if "가" <= piece[0] <= "힣":
            if not found:
                piece = (_initial(piece[0]) if is_initial else piece[0]) + piece[1:]
            elif (
                piece in ("률", "렬")
                and "가" <= found[-1] <= "힣"
                and _parts(found[-1])[2] in (0, 4)
            ):
                piece = _initial(piece)
        found += piece
        at += length
    return found


def _sounds_as(word: str, sound_: str) -> bool:
    """Whether Hangul may be the sound of hanja, with any of the sounds of each character."""
    if len(word) != len(sound_):
        return False
    sounds = _sounds()
    for char, syllable in zip(word, sound_, strict=True):
        known = sounds.first.get(char, "") + sounds.others.get(char, "")
        if syllable not in known and syllable not in map(_initial, known):
            return sounds.words.get(word) == sound_
    return True


def _parts(syllable: str) -> tuple[int, int, int]:
    code = ord(syllable) - ord("가")
    return code // 588, code % 588 // 28, code % 28


def _initial(syllable: str) -> str:
    """A syllable as it sounds at the beginning of a word: 녀 → 여, 로 → 노, 률 → 율."""
    first, vowel, last = _parts(syllable)
    if first == _R:
        first = _SILENT if vowel in _NARROW else _N
    elif first == _N and vowel in _NARROW:
        first = _SILENT
    return chr(ord("가") + first * 588 + vowel * 28 + last)


@cache
def _sounds() -> _Sounds:
    sounds = _Sounds({}, {}, {})
    for line in files("korpus.data").joinpath("hanja.txt").read_text("utf-8").splitlines():
        match line.split(" "):
            case ["=", syllable, characters]:
                sounds.first.update(dict.fromkeys(characters, syllable))
            case ["+", syllable, characters]:
                for char in characters:
                    sounds.others[char] = sounds.others.get(char, "") + syllable
            case [word, syllables]:
                sounds.words[word] = syllables
    return sounds
