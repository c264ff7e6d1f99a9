"""Emoji in text."""

import re
from collections.abc import Callable
from functools import cache

# Those that are shown as pictures by default, and hearts and faces that are typed as text.
PICTURES = (
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1"
    "\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705"
    "\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50"
    "\u2b55\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a\U0001f201-\U0001f3fa"
    "\U0001f400-\U0001faff"
    "♥♡❤☺☹"
)
_TONES = "\U0001f3fb-\U0001f3ff"
_MOST = 9  # that are joined to another; kisses of two tones have three
_FLAG = "[\U0001f1e6-\U0001f1ff]{1,2}"
_ONE = (
    f"(?:(?:[{PICTURES}]|[\u00a9\u00ae\u203c-\u3299](?=\ufe0f))\ufe0f?[{_TONES}]?\u20e3?"
    "[\U000e0020-\U000e007f]{0,16})"
)
UNIT = f"(?:{_ONE}(?:\u200d{_ONE}){{0,{_MOST}}}+|{_FLAG}|[{_TONES}]|[0-9#*]\ufe0f?\u20e3)"
_RUN = re.compile(f"{UNIT}(?:[\u200d\ufe0f]*{UNIT})*[\u200d\ufe0f]*")
_UNIT = re.compile(UNIT)
SIGN = re.compile(f"[{PICTURES}\U0001f1e6-\U0001f1ff{_TONES}\ufe0f\u20e3]")
CHOICES = ("keep", "remove", "name")


def rule(choice: str) -> Callable[[str], tuple[str, int]]:
    """The function that removes or names emoji, and counts them."""
    replacement = _names if choice == "name" else lambda found: " "

    def replaced(text: str) -> tuple[str, int]:
        number = 0
        if not SIGN.search(text):
            return text, 0

        def replace(found: re.Match[str]) -> str:
            nonlocal number
            number += len(_UNIT.findall(found[0]))
            return replacement(found)

        return _RUN.sub(replace, text), number

    return replaced


def _names(found: re.Match[str]) -> str:
    return f" {' '.join(filter(None, map(_name, _UNIT.findall(found[0]))))} "


@cache
def _name(emoji: str) -> str:
    """The Korean name in Unicode's data (:활짝_웃는_얼굴:); none for an emoji too new for it."""
    import emoji as names

    emoji = emoji.replace("♡", "♥")  # which has no name
    named = names.demojize(emoji, language="ko")
    if named == emoji:  # with the mark of a picture, as some keyboards leave it out
        named = names.demojize(f"{emoji.rstrip(chr(0xFE0F))}\ufe0f", language="ko")
    return named if named.startswith(":") and named.isprintable() else ""
