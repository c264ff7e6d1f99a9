"""Lists of stopwords (불용어) and their entries: word, word/TAG, */TAG."""

import logging
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from korpus.errors import UsageError
from korpus.messages import _
from korpus.records import Table
from korpus.tagsets import CHOICES, KOREAN, TAGSETS, base_tag

logger = logging.getLogger("korpus")

# word, word/TAG or */TAG, where TAG is a native tag or a group. The word may contain a slash.
_ENTRY = re.compile(rf"(?P<word>.+)/(?P<tag>[A-Za-z][A-Za-z0-9_+-]*|{'|'.join(KOREAN)})")


def shipped_stopwords() -> list[str]:
    """The entries of the Korean stopword list that korpus ships."""
    return list(shipped())


@cache
def shipped() -> tuple[str, ...]:
    """The same, read once."""
    text = files("korpus.data").joinpath("stopwords_ko.txt").read_text("utf-8")
    return tuple(stopword_entries(text))


def stopword_entries(text: str) -> list[str]:
    """The entries in the text of a word list, one per line.

    A `#` at the start of a line or after white space begins a comment.
    """
    lines = (re.split(r"(?:^|\s)#", line)[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def stopword_table(entries: Iterable[tuple[str, str]]) -> Table:
    """A table of entries with the list that each comes from. Columns out: `word`, `tag`, `list`."""
    rows = [(*split_entry(entry), source) for entry, source in entries]
    return Table(["word", "tag", "list"], lambda: rows)


def split_entry(entry: str) -> tuple[str, str]:
    """The word and tag of an entry; the tag is "" if the entry names none."""
    match = _ENTRY.fullmatch(entry)
    if match is None:
        if "," in entry.strip(","):
            logger.info(_("stopword %r contains a comma: a list has one word per line"), entry)
        return entry, ""
    tag = KOREAN.get(match["tag"], match["tag"])
    if tag not in CHOICES and not any(base_tag(tag) in tags for tags in TAGSETS):
        raise UsageError(
            _("{entry!r}: no analyzer has a part of speech (품사) {tag!r}").format(
                entry=entry, tag=tag
            ),
            _("groups: {groups}; or a native tag such as NNG, VV, Josa").format(
                groups=", ".join(CHOICES)
            ),
        )
    return match["word"], tag
