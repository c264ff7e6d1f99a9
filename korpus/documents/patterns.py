"""Regular expressions that users write themselves: replacements. Their time is limited."""

from collections.abc import Callable
from functools import lru_cache

import regex

from korpus.errors import UsageError
from korpus.messages import _

SECONDS = 3  # per pattern and text; a good pattern takes a thousandth
WRONG = (regex.error, OverflowError, RecursionError)  # what a pattern that cannot be used raises


class TooSlow(Exception):
    """A pattern took too long; its argument is the pattern."""


@lru_cache(maxsize=100)
def rule(pattern: str) -> Callable[[str], tuple[str, int]]:
    r"""The function that replaces by a pattern REGEX=REPLACEMENT, and counts.

    The last `=` ends the expression; `\=` is one in the replacement. Raises UsageError for a
    pattern that cannot be used; the function raises TooSlow.
    """
    before, equals, after = pattern.replace("\\=", "\0").rpartition("=")
    before, after = before.replace("\0", "\\="), after.replace("\0", "=")
    if not equals or not before:
        raise UsageError(
            _("--pattern {pattern!r} has no replacement").format(pattern=pattern),
            _("write REGEX=REPLACEMENT; 'REGEX=' removes what it matches"),
        )
    try:
        compiled = regex.Regex(before)
    except WRONG as error:
        raise _wrong(pattern, error) from None

    def replaced(text: str) -> tuple[str, int]:
        try:
            found: tuple[str, int] = compiled.subn(after, text, timeout=SECONDS)
        except TimeoutError:
            raise TooSlow(before) from None
        except (regex.error, IndexError) as error:  # in the replacement
            raise _wrong(pattern, error) from None
        return found

    return replaced


def _wrong(pattern: str, error: Exception) -> UsageError:
    return UsageError(
        _("--pattern {pattern!r} is wrong: {reason}").format(pattern=pattern, reason=error),
        _(r"a regular expression, '=', and what to put there; \1 is its first group"),
    )
