"""Clean text for an analyzer. The text stored in the document is not changed."""

import logging
import re
from unicodedata import is_normalized, normalize

from korpus.documents.characters import CONTROL, INVISIBLE, LINE_END, SPACE, SUSPECTS
from korpus.documents.letters import LETTERS, apart, mend_lone
from korpus.documents.split import pieces, spaced
from korpus.messages import _, plural
from korpus.records import Counts

logger = logging.getLogger("korpus")

_SUSPECT = re.compile(f"[{SUSPECTS}]")
_SUSPECT_OR_LETTER = re.compile(f"[{SUSPECTS}{LETTERS}]")
_NFD = "decomposed"
_REPAIRS = (
    ("line ends", LINE_END, "\n"),
    ("spaces", SPACE, " "),
    ("control", CONTROL, ""),
    ("invisible", INVISIBLE, ""),
)


class Gate:
    """Make text safe for analyzers, and count the changed documents by kind of change.

    NFD becomes NFC (not NFKC, which breaks ㅋ), every line end a line feed, tabs and unusual white
    space a space. Control characters are removed, and invisible characters inside words.
    `longest`: maximum characters that the analyzer takes at a time; `run`: maximum characters
    without a space; `apart`: whether single letters (ㅋㅋ) are split from syllables.
    """

    def __init__(
        self,
        changed: Counts | None = None,
        longest: int | None = None,
        run: int | None = None,
        *,
        apart: bool = False,
    ) -> None:
        self.changed = Counts() if changed is None else changed
        self.longest = longest
        self.run = run
        self.apart = apart
        self._suspect = _SUSPECT_OR_LETTER if apart else _SUSPECT

    def lines(self, text: str, id: str = "") -> list[str]:
        """The cleaned lines of a text that are not blank, cut to the limits of the analyzer.

        `id`: of the document, for messages. Raises UnicodeEncodeError for an unpaired surrogate.
        """
        is_decomposed = not is_normalized("NFC", text)
        if is_decomposed:
            text = normalize("NFC", text)
        if self._suspect.search(text):
            if _SUSPECT.search(text):
                text.encode()
                mended = mend_lone(text)
                is_decomposed |= mended != text
                text = mended
                for kind, pattern, replacement in _REPAIRS:
                    text, count = pattern.subn(replacement, text)
                    if count:
                        self._count(kind, id)
            if self.apart:
                text = apart(text)
        if is_decomposed:
            self._count(_NFD, id)
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

    def _count(self, kind: str, id: str) -> None:
        self.changed[kind] += 1
        logger.debug(_("document %r: cleaned for analysis (%s)"), id, kind)


def changes(changed: Counts) -> str:
    """The counts of a gate as a message: `line ends in 3 documents, …`."""
    messages = {
        _NFD: _("decomposed letters (NFD) in {documents}"),
        "line ends": _("line ends in {documents}"),
        "spaces": _("tabs and unusual spaces in {documents}"),
        "control": _("control characters in {documents}"),
        "invisible": _("invisible characters in {documents}"),
    }
    return ", ".join(
        message.format(documents=plural(changed[kind], "document"))
        for kind, message in messages.items()
        if changed[kind]
    )
