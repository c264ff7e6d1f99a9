"""Search in text, for a piece of text or a regular expression, whose time is limited.

Decomposed letters (NFD) equal composed ones.
"""

from collections.abc import Callable
from unicodedata import normalize

import regex

from korpus.documents import patterns
from korpus.errors import KorpusError, UsageError
from korpus.messages import _


def containing(given: str) -> Callable[[str], bool]:
    """The function that finds a piece of text in a text."""
    wanted = normalize("NFC", given)
    return lambda text: wanted in normalize("NFC", text)


def matching(given: str) -> Callable[[str], bool]:
    """The function that finds a regular expression, /…/ or /…/i (any capitals), in a text.

    Raises UsageError for a bad expression; the function raises KorpusError if it takes too long.
    """
    body, _slash, flags = normalize("NFC", given)[1:].rpartition("/")
    try:
        pattern = regex.Regex(body, regex.IGNORECASE if flags else 0)
    except patterns.WRONG as error:
        raise UsageError(
            _("{pattern} is no regular expression: {reason}").format(pattern=given, reason=error),
            _("in quotes it is searched for as it is: '…'"),
        ) from None

    def found(text: str) -> bool:
        try:
            return pattern.search(normalize("NFC", text), timeout=patterns.SECONDS) is not None
        except TimeoutError:
            raise KorpusError(
                _("{pattern} takes more than {seconds} s on one text").format(
                    pattern=given, seconds=patterns.SECONDS
                ),
                _("avoid a repetition within a repetition, such as (a+)+"),
            ) from None

    return found
