"""Hangul documents: HWP 5 (.hwp) and HWPX (.hwpx), whatever their suffix says."""

import logging
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from korpus.errors import KorpusError
from korpus.files.readers.documents.packed import (
    ALWAYS_ALLOWED,
    encrypted,
    opened_member,
    opened_zip,
)
from korpus.files.readers.documents.parts import CELL, TABLE, Parts
from korpus.files.readers.documents.xml import (
    DELETED,
    END_DELETED,
    MEMO,
    PARAGRAPH,
    ROW,
    SKIPPED,
    TEXT,
    read_xml,
)
from korpus.files.readers.reading import COMMENTS, HEADERS, NOTES, Reading
from korpus.files.sources import binary_kind, check_size, peek
from korpus.messages import _
from korpus.records import Record

if TYPE_CHECKING:
    from olefile import OleFileIO

logger = logging.getLogger("korpus")

_SIGNATURE = b"HWP Document File"
_COMPRESSED, _ENCRYPTED, _LOCKED = 1, 2, 4  # bits of the header
_TEXT, _CONTROL, _LIST, _TABLE, _MEMO = 67, 71, 72, 77, 93  # tags of records
_KINDS = {  # by the id of a control
    b"tbl ": TABLE,
    b"fn  ": NOTES,
    b"en  ": NOTES,
    b"head": HEADERS,
    b"foot": HEADERS,
    b"tcmt": COMMENTS,
}
# A control character takes eight units; 0, 10, 13 and those from 24 on take one.
_CONTROLS = re.compile("[\x01-\x09\x0b\x0c\x0e-\x17](?s:.{0,7})")
_CHARACTERS = str.maketrans({"\r": None, "\0": None, "\x18": "-", "\x1e": " ", "\x1f": " "})
_ROW_AT = 10  # bytes, of the row's number in the record of a cell
_ROLES = {
    "p": PARAGRAPH,
    "t": TEXT,
    "tbl": TABLE,
    "tr": ROW,
    "tc": CELL,
    "footNote": NOTES,
    "endNote": NOTES,
    "header": HEADERS,
    "footer": HEADERS,
    "hiddenComment": COMMENTS,
    "fieldBegin": MEMO,
    "memo": COMMENTS,
    "secPr": SKIPPED,
    "tab": "\t",
    "lineBreak": "\n",
    "nbSpace": " ",
    "fwSpace": " ",
    "hyphen": "-",
    "deleteBegin": DELETED,
    "deleteEnd": END_DELETED,
}
_SECTION = re.compile(r"Contents/section(\d+)\.xml")


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The document of a file. Raises KorpusError for other files, locked and encrypted ones."""
    kind = binary_kind(peek(stream))
    parts = Parts()
    if peek(stream, 2) == b"PK":
        with opened_zip(stream, name) as archive:
            _read_hwpx(archive, name, parts)
    elif kind == "HWP 3":
        raise KorpusError(
            _("{name} is of Hangul 3.0 or older").format(name=name),
            _("save it as .hwpx in a newer Hangul"),
        )
    else:
        _read_hwp(BytesIO(stream.read()), name, parts)
    yield {"text": parts.text(reading)}


def _read_hwpx(archive: zipfile.ZipFile, name: str, parts: Parts) -> None:
    names = archive.namelist()
    if "META-INF/manifest.xml" in names:
        with opened_member(archive, "META-INF/manifest.xml", name) as manifest:
            if b"encryption-data" in manifest.read(1 << 20):
                raise encrypted(name)
    found = [match for match in map(_SECTION.fullmatch, names) if match]
    if not found:
        raise _no_hwp(name)
    for match in sorted(found, key=lambda match: int(match[1])):
        with opened_member(archive, match[0], name) as section:
            read_xml(section, _ROLES, parts)


def _no_hwp(name: str) -> KorpusError:
    return KorpusError(_("{name}: not a Hangul document").format(name=name))


def _read_hwp(data: BytesIO, name: str, parts: Parts) -> None:
    import olefile

    if not olefile.isOleFile(data):
        raise _no_hwp(name)
    with olefile.OleFileIO(data) as ole:
        if not ole.exists("FileHeader"):
            raise _no_hwp(name)
        header = ole.openstream("FileHeader").read(40)
        if not header.startswith(_SIGNATURE):
            raise _no_hwp(name)
        flags = int.from_bytes(header[36:40], "little")
        if flags & _ENCRYPTED:
            raise encrypted(name)
        if flags & _LOCKED:
            raise KorpusError(
                _("{name} is locked for distribution (배포용 문서)").format(name=name),
                _("its text cannot be read: ask for the document without the lock"),
            )
        count, size = 0, data.getbuffer().nbytes
        sections = _sections(ole)
        if not sections:  # the end of the file is missing, where the list of its parts is
            raise ValueError("no section of text")
        if ole.parsing_issues:
            logger.warning(_("%s is damaged: text may be missing"), name)
        for section in sections:
            content = ole.openstream(section).read()
            if flags & _COMPRESSED:
                content = _decompressed(content, name, size, count)
            count += len(content)  # streams that are not compressed may share their sectors
            check_size(name, size, count, ALWAYS_ALLOWED)
            _read_section(content, parts)


def _sections(ole: "OleFileIO") -> list[str]:
    """The streams of the text, in order."""
    found = [
        (int(path[1][7:]), "/".join(path))
        for path in ole.listdir()
        if len(path) == 2 and path[0] == "BodyText" and re.fullmatch(r"Section\d+", path[1])
    ]
    return [path for _number, path in sorted(found)]


def _decompressed(data: bytes, name: str, size: int, count: int) -> bytes:
    """Deflated data. Raises zlib.error if it is broken, KorpusError if it is too large.

    `size`: that of the whole file; `count`: how many bytes came from it before.
    """
    inflate = zlib.decompressobj(-15)
    found = []
    while not inflate.eof:
        piece = inflate.decompress(data, 1 << 20)
        data = inflate.unconsumed_tail
        if not piece and not data:
            raise zlib.error("it ends early")
        count += len(piece)
        check_size(name, size, count, ALWAYS_ALLOWED)
        found.append(piece)
    return b"".join(found)


def _records(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Tag, level and content of each record. Raises ValueError if the last one is cut."""
    at = 0
    while at < len(data):
        (head,) = struct.unpack_from("<I", data, at)
        at += 4
        size = head >> 20
        if size == 0xFFF:
            (size,) = struct.unpack_from("<I", data, at)
            at += 4
        if at + size > len(data):
            raise ValueError("a record is cut")
        yield head & 0x3FF, head >> 10 & 0x3FF, data[at : at + size]
        at += size


def _read_section(data: bytes, parts: Parts) -> None:
    """Add a section. What is below a control, by its level, belongs to it."""
    opened: list[tuple[int, str]] = []  # level and kind of the controls around a record
    rows: list[int] = []  # of the tables around it, the number of the row; -1 before the first
    for tag, level, content in _records(data):
        if tag not in (_TEXT, _CONTROL, _LIST, _TABLE, _MEMO):
            continue
        around = level - 1 if tag == _MEMO else level  # what follows a memo has its level
        while opened and opened[-1][0] >= around:
            _close(opened, rows, parts)
        if tag == _TEXT:
            parts.end_line()
            parts.add(_decoded(content))
            parts.end_line()
        elif tag == _MEMO:
            opened.append((level - 1, COMMENTS))
            parts.open(COMMENTS)
        elif tag == _CONTROL:
            kind = _KINDS.get(content[3::-1], "")
            opened.append((level, kind))
            if kind:
                parts.open(kind)
            if kind == TABLE:
                rows.append(-2)
        elif tag == _TABLE and opened and opened[-1][1] == TABLE:
            rows[-1] = -1
        elif tag == _LIST and opened and opened[-1][1] == TABLE and rows[-1] != -2:
            number = int.from_bytes(content[_ROW_AT : _ROW_AT + 2], "little")
            if number != rows[-1]:
                rows[-1] = number
                parts.row()
            opened.append((level, CELL))
            parts.open(CELL)
    while opened:
        _close(opened, rows, parts)


def _close(opened: list[tuple[int, str]], rows: list[int], parts: Parts) -> None:
    kind = opened.pop()[1]
    if kind:
        parts.close()
    if kind == TABLE:
        rows.pop()


def _decoded(content: bytes) -> str:
    """The text of a paragraph, without control characters."""
    units = len(content) // 2
    text = content[: 2 * units].decode("utf-16-le", "surrogatepass")
    if len(text) < units:  # one character per unit, as the control characters count units
        text = "".join(map(chr, struct.unpack(f"<{units}H", content[: 2 * units])))
    text = _CONTROLS.sub(lambda match: "\t" if match[0][0] == "\t" else "", text)
    text = text.translate(_CHARACTERS)
    if text.isascii() or not re.search("[\ud800-\udfff]", text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
