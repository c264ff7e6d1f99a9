"""The text of tokens that no text has: how they are written and spaced."""

from collections.abc import Sequence

from korpus.analyzers import CHAR
from korpus.tagsets import group_of

# Written without a space before them, and after them.
_AFTER_A_WORD = frozenset({"particle", "ending", "suffix", "copula", "punctuation", "unknown"})
_OPENING = ("SSO",)


def text_of(tokens: Sequence[str], tags: Sequence[str], analyzer: str | None) -> str:
    """Tokens as text. Kiwi joins its own; those of other analyzers are as they stood in texts."""
    if analyzer == "kiwi":
        from korpus.documents.kiwi import kiwi
        from korpus.documents.letters import mend_lone

        return mend_lone(kiwi().join(list(zip(tokens, tags, strict=True))))
    text, is_open = "", True
    for token, tag in zip(tokens, tags, strict=True):
        group = group_of(tag, analyzer)
        is_apart = tag in _OPENING or group not in _AFTER_A_WORD
        is_apart |= not tag and analyzer != CHAR  # a word of `space`, the start of one
        text += f" {token}" if is_apart and not is_open else token
        is_open = tag in _OPENING or group == "prefix"
    return text
