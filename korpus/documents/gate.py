"""The one gate that text passes on its way to an analyzer. The stored text stays as it came."""

import re
from unicodedata import is_normalized, normalize

from korpus.records import Notes, plural

# Some analyzers take these for a token, or stop reading at them.
_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff\xad]|(?<=\\w)[\u200c\u200d](?=\\w)")
_SUSPECT = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]"
)
NFD = "decomposed letters (NFD)"
_REPAIRS = (
    ("line ends", _LINE_END, "\n"),
    ("tabs and unusual blanks", _BLANK, " "),
    ("control characters", _CONTROL, ""),
    ("invisible characters", _INVISIBLE, ""),
)


class Gate:
    """Makes text safe for analyzers and counts the documents that it changed, by kind.

    NFD becomes NFC (never NFKC, which breaks ㅋ), line ends of every kind a line feed, tabs
    and unusual blanks a space; control characters and invisible ones inside words go.
    """

    def __init__(self, changed: Notes | None = None) -> None:
        self.changed = Notes() if changed is None else changed

    def lines(self, text: str) -> list[str]:
        """The lines of a text that are not blank, ready for an analyzer."""
        if not is_normalized("NFC", text):
            self.changed[NFD] += 1
            text = normalize("NFC", text)
        if _SUSPECT.search(text):
            for kind, pattern, replacement in _REPAIRS:
                text, count = pattern.subn(replacement, text)
                self.changed[kind] += bool(count)
        if "\n" not in text:
            return [text] if text and not text.isspace() else []
        return [line for line in text.split("\n") if line and not line.isspace()]


def changes(changed: Notes) -> str:
    """What a gate changed, for a message: `tabs in 3 documents, …`."""
    kinds = (NFD, *(kind for kind, _, _ in _REPAIRS))
    return ", ".join(
        f"{kind} in {plural(changed[kind], 'document')}" for kind in kinds if changed[kind]
    )
