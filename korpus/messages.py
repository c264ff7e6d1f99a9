"""Messages: in the reader's language, and safe to show on a terminal."""

import gettext
import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path

LOCALE = Path(__file__).parent / "cli" / "locale"
LANGUAGES = ("ko", "en")
_chosen: list[str] = []  # by `in_language`, the last one counts
# Escape sequences in text must not reach the terminal, whole or in part: those that set colours
# and move the cursor, those that carry a text (a title, a link), and all other control characters.
_CONTROL = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)


def language() -> str:
    """The language of messages: `ko` or `en`.

    `in_language` decides, else KORPUS_LANG, else the locale as gettext reads it: LC_ALL,
    LC_MESSAGES, LANG.
    """
    if _chosen:
        return _chosen[-1]
    names = ("KORPUS_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    value = next(filter(None, map(os.environ.get, names)), "")
    return "ko" if value.lower().startswith("ko") else "en"


@contextmanager
def in_language(name: str) -> Iterator[None]:
    """Give messages in this language meanwhile: `ko` or `en`. For texts that are written."""
    _chosen.append(name)
    try:
        yield
    finally:
        _chosen.pop()


def _(message: str) -> str:
    """A message in the reader's language; English where the catalogue lacks it."""
    return _catalogue(language()).gettext(message)


def column_title(column: str) -> str:
    """The heading of a column on a terminal. Headers in files never change."""
    return _catalogue(language()).pgettext("column", column)


def plural(count: int, noun: str) -> str:
    """A count with its noun: `1 document`, `2,000 documents`, 문서 2,000개.

    `noun` is English and singular. The catalogue's entries read `{count} document`.
    """
    ending = "es" if noun.endswith("s") else "s"
    singular, several = f"{{count}} {noun}", f"{{count}} {noun}{ending}"
    return _catalogue(language()).ngettext(singular, several, count).format(count=f"{count:,}")


def listed(items: Iterable[str], most: int) -> str:
    """The first items with commas between them; … stands for more."""
    first = list(islice(items, most + 1))
    return ", ".join(first[:most]) + (" …" if len(first) > most else "")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("korpus", LOCALE, [language], fallback=True)


def printable(text: str) -> str:
    """Text without control characters and escape sequences; tabs and line ends stay."""
    return _CONTROL.sub("", text)


def one_line(message: str) -> str:
    """A message without the escape sequences and line ends that data may bring into it."""
    return " ".join(printable(message).splitlines())


def to_stderr(level: int) -> None:
    """Send messages of korpus of this level and above to standard error."""
    logging.getLogger().addHandler(logging.NullHandler())  # libraries keep theirs to themselves
    logger = logging.getLogger("korpus")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_OneLine())
        logger.addHandler(handler)
    logger.setLevel(level)


class _OneLine(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:
        return f"korpus: {one_line(record.message)}"
