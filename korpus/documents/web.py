"""What comes from the web: addresses, mentions (@누구) and hashtags (#맛집)."""

import re
from collections.abc import Callable

_DOMAINS = "com|net|org|kr|io|gg|me|tv|ly|be|info|biz|jp|edu|gov"
# Hangul only where a part of the path begins: a particle is glued to the end (naver.com에서).
# So do brackets: wiki/서울_(도시).
_PIECE = r"(?<=[/=_+-])(?:[가-힣]+|\([^\s()]{1,50}\))"
_PATH = rf"(?:[!#-&*-;=?-Z_a-z~]|{_PIECE})*(?:[A-Za-z0-9/#=&_~-]|{_PIECE})"
_EMAIL = (
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9_][A-Za-z0-9._%+-]{0,63}"
    r"@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
_URL = (
    rf"(?<![A-Za-z])(?:(?:https?|ftp)://{_PATH}|www\.{_PATH}"
    rf"|(?<![\w@./-])(?:[A-Za-z0-9-]{{1,63}}\.){{1,8}}(?:{_DOMAINS})(?![A-Za-z0-9@.-])(?:/{_PATH})?)"
)
_TAG = r"#(?=\w*[^\W\d_])\w+"


def _bracketed(pattern: str) -> str:
    """The pattern, with brackets around it if it is all that they hold."""
    pairs = [rf"\(\s?{pattern}\s?\)", rf"<\s?{pattern}\s?>", rf"\[\s?{pattern}\s?\]", pattern]
    return f"(?i:{'|'.join(pairs)})"


PLAIN_EMAIL = _EMAIL
ADDRESS = rf"{_URL}|{_EMAIL}"
_MENTION = r"(?<![\w@./])@(?!\S*@)((?:[A-Za-z0-9][A-Za-z0-9_.-]*)?[A-Za-z0-9]|[가-힣]{1,20})"
_HASHTAG = rf"(?<![&/A-Za-z0-9_#])(?:{_TAG})+"
CHOICES = {
    "urls": ("keep", "remove", "mask"),
    "emails": ("keep", "remove", "mask"),
    "mentions": ("keep", "remove", "word"),
    "hashtags": ("keep", "remove", "word"),
}
# What each must have, as a quick look.
_SIGNS = {
    "urls": re.compile(r"[A-Za-z0-9]\.[A-Za-z]|://"),
    "emails": re.compile("@"),
    "mentions": re.compile("@"),
    "hashtags": re.compile("#"),
}
_MASKS = {"urls": "[URL]", "emails": "[EMAIL]"}
# Compiled when they are needed: that of URLs takes a tenth of a second.
_PATTERNS = {
    "urls": _bracketed(_URL),
    "emails": _bracketed(_EMAIL),
    "mentions": _MENTION,
    "hashtags": _HASHTAG,
}


def rule(kind: str, choice: str) -> Callable[[str], tuple[str, int]]:
    """The function that removes or replaces what is of a kind, and counts it."""
    pattern, sign = re.compile(_PATTERNS[kind]), _SIGNS[kind]
    replacement: str | Callable[[re.Match[str]], str] = " "
    if choice == "mask":
        replacement = _MASKS[kind]
    elif choice == "word":
        replacement = _words
    return lambda text: pattern.subn(replacement, text) if sign.search(text) else (text, 0)


def _words(found: re.Match[str]) -> str:
    """The words of hashtags (#맛집#서울 → 맛집 서울) or of a mention, apart from a word before."""
    words = found[0].replace("#", " ").replace("@", " ").strip()
    before = found.string[found.start() - 1 : found.start()]
    return f" {words}" if before and not before.isspace() else words
