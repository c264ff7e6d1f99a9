"""Characters that are repeated for emphasis: ㅋㅋㅋㅋ, !!!!, 하하하하."""

import re
from collections.abc import Callable

from korpus.checks import check_least
from korpus.documents.pictographs import SIGN, UNIT
from korpus.documents.web import ADDRESS
from korpus.messages import _

_LATIN = 3  # of the same letter stay: AAA, www, XXX
_HANGUL = "가-힣ㄱ-ㅎㅏ-ㅣ"
# Not digits (10000), spaces, or the marks of masks and of markup.
_SIGNS = r"[^\W\d_A-Za-z가-힣]|[^\w\s*#|\[\]{}()<>\\/=+@&%:-]"


def rule(most: int) -> Callable[[str], tuple[str, int]]:
    """The function that shortens what is repeated more than `most` times, and counts it.

    A character, an emoji, or two to four letters (하하, ㅋㅎ). Digits and addresses stay.
    Raises UsageError for a number below 1.
    """
    check_least("--repeat", most, 1, _("2 makes ㅋㅋ of ㅋㅋㅋㅋ"))
    longer = max(most, 2)  # 똑똑하다, 두근두근
    pattern = re.compile(
        rf"([A-Za-z])\1{{{max(most, _LATIN)},}}"
        rf"|([가-힣])\2{{{longer},}}"
        rf"|({_SIGNS})\3{{{most},}}"
        rf"|([{_HANGUL}]{{2,4}}?|[A-Za-z]{{2,4}}?)\4{{{longer},}}"
    )
    looks = re.compile(
        rf"([^\s\d])\1{{{most},}}|([{_HANGUL}]{{2,4}}?|[A-Za-z]{{2,4}}?)\2{{{longer},}}"
    )
    emoji = re.compile(rf"({UNIT})\1{{{most},}}")
    address = re.compile(ADDRESS, re.IGNORECASE)

    def shortened(found: re.Match[str]) -> str:
        letter, syllable, sign, several = found.groups()
        if letter:
            return letter * (most if most > 1 else _LATIN)
        return sign * most if sign else (syllable or several) * longer

    def outside_addresses(text: str) -> tuple[str, int]:
        if not looks.search(text):
            return text, 0
        if "@" not in text and "." not in text and "://" not in text:
            return pattern.subn(shortened, text)
        pieces, number, at = [], 0, 0
        for found in address.finditer(text):
            shorter, more = pattern.subn(shortened, text[at : found.start()])
            pieces += [shorter, found[0]]
            number += more
            at = found.end()
        shorter, more = pattern.subn(shortened, text[at:])
        return "".join([*pieces, shorter]), number + more

    def replaced(text: str) -> tuple[str, int]:
        emojis = 0
        if SIGN.search(text):
            text, emojis = emoji.subn(lambda found: found[1] * most, text)
        text, others = outside_addresses(text)
        return text, emojis + others

    return replaced
