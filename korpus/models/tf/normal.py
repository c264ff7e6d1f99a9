"""Texts as the tokenizers of transformers take them."""

from unicodedata import normalize

from korpus.errors import KorpusError
from korpus.messages import _


def composed_text(text: str) -> str:
    """A text of the command line, composed (NFC). Raises KorpusError for half a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise KorpusError(
            _("text contains an unpaired surrogate (half of an emoji)"),
            _("clean its text first: korpus clean"),
        ) from None
    return normalize("NFC", text)
