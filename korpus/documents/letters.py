"""Single letters of Hangul (낱자): ㅋㅋ, ㅠㅠ, and the ㄴ of 예쁘+ㄴ."""

import re
from unicodedata import lookup, name, normalize

LETTERS = "ㄱ-ㅎㅏ-ㅣ"
FILLER = "\u3164"
_FILLED = re.compile(f"{FILLER}([ㄱ-ㅎ])([ㅏ-ㅣ])([ㄱ-ㅎ{FILLER}])")
_BESIDE_SYLLABLE = re.compile(f"(?<=[가-힣])(?=[{LETTERS}])|(?<=[{LETTERS}])(?=[가-힣])")
_INITIALS, _VOWELS, _FINALS = "\u1100-\u1112", "\u1161-\u1175", "\u11a8-\u11c2"
# Parts of syllables that are in no syllable, neither of today's Hangul nor of old Hangul.
_LONE = re.compile(
    f"(?:[{_INITIALS}]+|(?<![\u1100-\u11ff])[{_VOWELS}]+|(?<![\u1100-\u11a7])[{_FINALS}]+)"
    "(?![\u1100-\u11ff])"
)
# U+11AB, the ㄴ at the end of a syllable, and U+1102, at its start, are ㄴ (U+3134).
_ONE_LETTER = {
    code: lookup("HANGUL LETTER " + name(chr(code)).split(" ", 2)[2])
    for code in (*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3))
}


def as_letters(text: str) -> str:
    """Give parts of syllables as letters: U+11AB as ㄴ."""
    return text.translate(_ONE_LETTER)


def mend_lone(text: str) -> str:
    """Give parts of syllables that are in no syllable as letters: ᄏᄏ as ㅋㅋ."""
    return _LONE.sub(lambda found: as_letters(found[0]), text)


def filled(text: str) -> str:
    """Compose syllables that are written as letters after a filler, as KS X 1001 does: 괞."""
    return _FILLED.sub(_composed, text)


def _composed(found: re.Match[str]) -> str:
    parts = zip(("CHOSEONG", "JUNGSEONG", "JONGSEONG"), found.groups(), strict=True)
    try:
        named = [
            lookup(f"HANGUL {part} {name(letter).removeprefix('HANGUL LETTER ')}")
            for part, letter in parts
            if letter != FILLER
        ]
    except KeyError:  # no syllable ends in ㄸ
        return found[0]
    return normalize("NFC", "".join(named))


def apart(text: str) -> str:
    """Insert spaces between syllables and single letters: 감동ㅠㅠ → 감동 ㅠㅠ."""
    return _BESIDE_SYLLABLE.sub(" ", text)
