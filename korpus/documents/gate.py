"""The one gate that text passes on its way to an analyzer. The stored text stays as it came."""

import logging
import re
from unicodedata import is_normalized, normalize

from korpus.documents.split import pieces, spaced
from korpus.messages import plural
from korpus.records import Counts

logger = logging.getLogger("korpus")

# Some analyzers take these for a token, or stop reading at them.
_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff\xad]|(?<=\\w)[\u200c\u200d](?=\\w)")
_SUSPECT = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000"
    "\ufeff\ud800-\udfff]"
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
    `longest`: the most characters that an analyzer takes at a time; `run`: and without a blank.
    """

    def __init__(
        self, changed: Counts | None = None, longest: int | None = None, run: int | None = None
    ) -> None:
        self.changed = Counts() if changed is None else changed
        self.longest = longest
        self.run = run

    def lines(self, text: str, id: str = "") -> list[str]:
        """The lines of a text that are not blank, in pieces that an analyzer takes.

        `id`: the document's, for messages. Raises UnicodeEncodeError for half a character.
        """
        if not is_normalized("NFC", text):
            self._note(NFD, id)
            text = normalize("NFC", text)
        if _SUSPECT.search(text):
            text.encode()
            for kind, pattern, replacement in _REPAIRS:
                text, count = pattern.subn(replacement, text)
                if count:
                    self._note(kind, id)
        if "\n" not in text:
            lines = [text] if text and not text.isspace() else []
        else:
            lines = [line for line in text.split("\n") if line and not line.isspace()]
        if self.run and len(text) > self.run:
            lines = [spaced(line, self.run) for line in lines]
        if self.longest and len(text) > self.longest:
            lines = [
                piece
                for line in lines
                for piece in pieces(line, self.longest)
                if not piece.isspace()
            ]
        return lines

    def _note(self, kind: str, id: str) -> None:
        self.changed[kind] += 1
        logger.debug("document %r: %s cleaned for analysis", id, kind)


def changes(changed: Counts) -> str:
    """What a gate changed, for a message: `tabs in 3 documents, …`."""
    kinds = (NFD, *(kind for kind, _, _ in _REPAIRS))
    return ", ".join(
        f"{kind} in {plural(changed[kind], 'document')}" for kind in kinds if changed[kind]
    )
