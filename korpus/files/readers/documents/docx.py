"""Word documents (.docx)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from korpus.errors import KorpusError
from korpus.files.readers.documents.packed import check_encrypted, opened_member, opened_zip
from korpus.files.readers.documents.parts import CELL, TABLE, Parts
from korpus.files.readers.documents.xml import PARAGRAPH, ROW, SKIPPED, TEXT, read_xml
from korpus.files.readers.reading import COMMENTS, HEADERS, NOTES, Reading
from korpus.files.sources import peek
from korpus.messages import _
from korpus.records import Record

_ROLES = {
    "p": PARAGRAPH,
    "t": TEXT,
    "tbl": TABLE,
    "tr": ROW,
    "tc": CELL,
    "tab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "pPr": SKIPPED,  # its tabs are stops
    "del": SKIPPED,
    "moveFrom": SKIPPED,
    "Fallback": SKIPPED,  # the same text box for older programs
}
_BODY = "word/document.xml"
_BESIDE = (
    (re.compile(r"word/(foot|end)notes\.xml"), NOTES),
    (re.compile(r"word/comments\.xml"), COMMENTS),
    (re.compile(r"word/(header|footer)\d*\.xml"), HEADERS),
)
# The elements that hold one note or comment each.
_ONE = {"footnote": NOTES, "endnote": NOTES, "comment": COMMENTS}


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The document of a file. Raises KorpusError for other files and encrypted ones."""
    start = peek(stream)
    if not start.startswith(b"PK"):
        check_encrypted(stream.read(), name)
        raise _no_word(name)
    parts = Parts()
    with opened_zip(stream, name) as archive:
        names = archive.namelist()
        if _BODY not in names:
            raise _no_word(name)
        with opened_member(archive, _BODY, name) as body:
            read_xml(body, _ROLES, parts)
        for pattern, kind in _BESIDE:
            for member in sorted(filter(pattern.fullmatch, names)):
                with opened_member(archive, member, name) as beside:
                    read_xml(beside, _ROLES | _ONE, parts, HEADERS if kind == HEADERS else "")
    yield {"text": parts.text(reading)}


def _no_word(name: str) -> KorpusError:
    return KorpusError(
        _("{name}: not a Word document (.docx)").format(name=name),
        _("open it in Word and save it as .docx"),
    )
