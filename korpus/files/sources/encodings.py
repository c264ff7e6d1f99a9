"""Detect the encoding of a byte stream by one rule that refuses what it cannot decide.

An explicit encoding wins and is strict. Otherwise: a byte order mark; else a NUL byte means binary
or UTF-16; else UTF-8 if the whole input is valid UTF-8; else CP949 if the whole input is valid
CP949; else an error that names the line and byte. UTF-8 comes first because many short UTF-8
strings are also valid CP949.
"""

import codecs
import logging
from collections.abc import Iterator
from typing import BinaryIO

from korpus.errors import KorpusError, UsageError
from korpus.files.sources.kinds import binary_kind
from korpus.files.sources.open import LONGEST_LINE, too_long
from korpus.messages import _

logger = logging.getLogger("korpus")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16 LE, which is its prefix
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# As on the web, EUC-KR means its superset CP949: files labelled EUC-KR contain 뷁 and 똠 too.
_CP949_NAMES = {"euc_kr", "ks_c_5601_1987", "ms949", "uhc", "windows_949"}
_CHUNK = 1 << 20


def bom_encoding(start: bytes) -> str | None:
    """The encoding that a byte order mark at the start declares, else None."""
    return next((name for bom, name in _BOMS if start.startswith(bom)), None)


def detect(
    stream: BinaryIO, name: str, encoding: str | None = None, *, by_line: bool = True
) -> str:
    """The encoding of the whole stream, which is read to its end and rewound.

    `name` is for messages; `encoding` is the user's choice, or None; `by_line`: the stream will be
    read by line, so a line longer than LONGEST_LINE is an error.
    Raises KorpusError if the input is binary or in none of the encodings, UsageError for an
    encoding that does not exist.
    """
    lines_of = name if by_line else None
    if encoding:
        chosen = _with_bom(_canonical(encoding), bom_encoding(stream.read(4)))
        stream.seek(0)
        if not _decodes(stream, chosen, lines_of):
            hint = _("give the real encoding; {encoding} is wrong").format(encoding=encoding)
            raise _undecodable(stream, name, chosen, hint)
        return chosen
    start = stream.read(1 << 16)
    stream.seek(0)
    if kind := binary_kind(start):
        raise KorpusError(
            _("{name} is a file of {kind}").format(name=name, kind=kind), _way_out(kind)
        )
    declared = bom_encoding(start)
    if declared:
        if not _decodes(stream, declared, lines_of):
            raise _undecodable(stream, name, declared, _("the file may have been cut short"))
        return declared
    if _is_utf8(stream, name, lines_of):
        return "utf-8"
    if _decodes(stream, "cp949", lines_of):
        logger.info(_("%s is not UTF-8: read as CP949 (EUC-KR); -e ENCODING overrides"), name)
        return "cp949"
    raise _undecodable(
        stream,
        name,
        "utf-8",
        _("it is neither UTF-8 nor CP949 throughout: give -e ENCODING, or correct that line"),
    )


def _way_out(kind: str) -> str:
    if kind.startswith("Excel") or kind == "ODS":
        return _("read it with --input-format xlsx, or give its name that suffix")
    return _("save its text as .txt or .csv, and read that")


def _canonical(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding.replace("ks_c_5601-1987", "euc-kr")).name
        "".encode(name)  # base64 and its like are codecs, but not encodings
    except (LookupError, UnicodeError):
        raise UsageError(
            _("unknown encoding {name!r}").format(name=encoding),
            _("try utf-8, cp949, euc-kr or utf-16"),
        ) from None
    return "cp949" if name in _CP949_NAMES else name


def _with_bom(encoding: str, declared: str | None) -> str:
    """The form of the chosen encoding that drops the byte order mark, if there is one."""
    if declared and declared.replace("-sig", "") == encoding.removesuffix("-le").removesuffix(
        "-be"
    ):
        return declared
    return encoding


def _chunks(stream: BinaryIO, lines_of: str | None) -> Iterator[bytes]:
    """The bytes of a stream. Raises KorpusError for too long a line if `lines_of` is a name."""
    line, held = 1, 0
    while chunk := stream.read(_CHUNK):
        end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        held = len(chunk) - end - 1 if end >= 0 else held + len(chunk)
        line += chunk.count(b"\n")
        if held > LONGEST_LINE and lines_of is not None:
            raise too_long(lines_of, line)
        yield chunk


def _decodes(stream: BinaryIO, encoding: str, lines_of: str | None) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for chunk in _chunks(stream, lines_of):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:  # UTF-16 raises this for a missing mark
        return False
    finally:
        stream.seek(0)
    return True


def _is_utf8(stream: BinaryIO, name: str, lines_of: str | None) -> bool:
    """Whether the whole stream is UTF-8, in one pass. Raises KorpusError for a NUL anywhere."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    valid = True
    for chunk in _chunks(stream, lines_of):
        if b"\0" in chunk:
            raise KorpusError(
                _("{name} is binary, or UTF-16 without a byte order mark").format(name=name),
                _("if it is UTF-16 text, give -e utf-16-le or -e utf-16-be"),
            )
        valid = valid and _is_valid(decoder, chunk)
    stream.seek(0)
    return valid and _is_valid(decoder, b"", final=True)


def _is_valid(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _undecodable(stream: BinaryIO, name: str, encoding: str, hint: str) -> KorpusError:
    """The error that names the first bad byte by line.

    Lines can be split as bytes: no line end is part of a longer UTF-8 or CP949 sequence.
    """
    stream.seek(0)
    shown = encoding.upper()
    if not encoding.startswith(("utf-16", "utf-32")):
        for number, line in enumerate(stream, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError as error:
                return KorpusError(
                    _("{name}: line {line}, byte {byte}: not valid {encoding}").format(
                        name=name, line=number, byte=error.start + 1, encoding=shown
                    ),
                    hint,
                )
    return KorpusError(_("{name} is not valid {encoding}").format(name=name, encoding=shown), hint)
