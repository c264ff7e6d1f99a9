"""Detect the encoding of a byte stream by one rule that refuses what it cannot decide.

An explicit encoding wins and is strict. Otherwise: a byte order mark; else a NUL byte means binary
or UTF-16; else UTF-8 if the whole input is valid UTF-8; else CP949 if the whole input is valid
CP949; else an error that names the line and byte. UTF-8 comes first because many short UTF-8
strings are also valid CP949. Where bad rows are set aside, one bad line in a hundred is accepted.
"""

import codecs
import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from korpus.errors import KorpusError, UsageError
from korpus.files import traffic
from korpus.files.sources.kinds import READABLE, binary_kind
from korpus.files.sources.open import LONGEST_LINE, too_long
from korpus.messages import _, plural

logger = logging.getLogger("korpus")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16 LE, which is its prefix
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MOST_BAD = 100  # one line in so many may be undecodable
_ESCAPE = "korpus_escape"  # the name of our handler of undecodable bytes
ESCAPED = "\udc00-\udcff"  # what it makes of them: the byte, added to U+DC00
_IS_ESCAPED = re.compile(f"[{ESCAPED}]").search
# As on the web, EUC-KR means its superset CP949: files labelled EUC-KR contain 뷁 and 똠 too.
_CP949_NAMES = {"euc_kr", "ks_c_5601_1987", "ms949", "uhc", "windows_949"}
_CHUNK = 1 << 20
_can_choose = [True]  # whether -e is for the file that is read


@contextmanager
def without_choice() -> Iterator[None]:
    """Read a file beside the source, as a word list: no message names -e, which is not for it."""
    _can_choose.append(False)
    try:
        yield
    finally:
        _can_choose.pop()


def bom_encoding(start: bytes) -> str | None:
    """The encoding that a byte order mark at the start declares, else None."""
    return next((name for bom, name in _BOMS if start.startswith(bom)), None)


class _Undecodable(KorpusError):
    """The error for text in none of the encodings that it could be in."""

    best = ""
    bad = 0


def detect_most(
    stream: BinaryIO, name: str, encoding: str | None = None, *, strict: bool = True
) -> tuple[str, str]:
    """The encoding, and the error handler for text in it: `strict` if all of it can be decoded.

    Unless `strict`, up to one line in a hundred may be undecodable: its bytes become ESCAPED.
    Raises what `detect` raises.
    """
    try:
        return detect(stream, name, encoding), "strict"
    except _Undecodable as error:
        if strict or not error.best:
            raise
        stream.seek(0)
        _keep(name, error.best)
        bad = plural(error.bad, "line")
        logger.warning(_("%s: read as %s, but for %s"), name, error.best.upper(), bad)
        return error.best, _ESCAPE


def detect(
    stream: BinaryIO, name: str, encoding: str | None = None, *, by_line: bool = True
) -> str:
    """The encoding of the whole stream, which is read to its end and rewound.

    `name` is for messages; `encoding` is the user's choice, or None; `by_line`: the stream will be
    read by line, so a line longer than LONGEST_LINE is an error.
    Raises KorpusError if the input is binary or in none of the encodings, UsageError for an
    encoding that does not exist.
    """
    return _keep(name, _detected(stream, name, encoding, by_line))


def _keep(name: str, encoding: str) -> str:
    """Keep the encoding of a source for those who tell of it."""
    if _can_choose[-1]:
        traffic.encodings[name] = encoding
    return encoding


def _detected(stream: BinaryIO, name: str, encoding: str | None, by_line: bool) -> str:
    lines_of = name if by_line else None
    if encoding:
        chosen = _with_bom(_canonical(encoding), bom_encoding(stream.read(4)))
        stream.seek(0)
        if not _decodes(stream, chosen, lines_of):
            hint = _("give the real encoding; {encoding} is wrong").format(encoding=encoding)
            raise _undecodable(stream, name, [chosen], hint)
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
            raise _undecodable(stream, name, [declared], _("the file may have been cut short"))
        return declared
    if _is_utf8(stream, name, lines_of):
        return "utf-8"
    if _decodes(stream, "cp949", lines_of):
        message = _("%s is not UTF-8: read as CP949 (EUC-KR)")
        if _can_choose[-1]:
            message = _("%s is not UTF-8: read as CP949 (EUC-KR); -e ENCODING overrides")
        logger.info(message, name)
        return "cp949"
    hint = _("it is neither UTF-8 nor CP949 throughout: save it as UTF-8, or correct that line")
    if _can_choose[-1]:
        hint = _("it is neither UTF-8 nor CP949 throughout: give -e ENCODING, or correct that line")
    raise _undecodable(stream, name, ["utf-8", "cp949"], hint)


def _way_out(kind: str) -> str:
    if format := READABLE.get(kind):
        return _("read it with --input-format {format}, or give its name that suffix").format(
            format=format
        )
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
            hint = _("if it is text, save it as UTF-8")
            if _can_choose[-1]:
                hint = _("if it is UTF-16 text, give -e utf-16-le or -e utf-16-be")
            message = _("{name} is binary, or UTF-16 without a byte order mark")
            raise KorpusError(message.format(name=name), hint)
        valid = valid and _is_valid(decoder, chunk)
    stream.seek(0)
    return valid and _is_valid(decoder, b"", final=True)


def _is_valid(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _undecodable(stream: BinaryIO, name: str, encodings: list[str], hint: str) -> _Undecodable:
    """The error that names the first bad line of the encoding that fits most lines."""
    found = [_bad_lines(stream, encoding) for encoding in encodings]
    bad, lines, number, byte = min(found, key=lambda counts: counts[0])
    best = encodings[[counts[0] for counts in found].index(bad)]
    message = _("{name}: line {line}, byte {byte}: not valid {encoding}")
    if not byte:
        message = _("{name}: line {line}: not valid {encoding}")
    error = _Undecodable(
        message.format(name=name, line=number, byte=byte, encoding=best.upper()), hint
    )
    if bad * _MOST_BAD <= lines:
        error.best, error.bad = best, bad
    return error


def _bad_lines(stream: BinaryIO, encoding: str) -> tuple[int, int, int, int]:
    """The undecodable lines of a stream: how many, of how many, and the first with its first byte.

    The byte is 0 where an encoding has no bytes of its own for a line end.
    """
    stream.seek(0)
    bad = lines = first = byte = 0
    is_bytewise = not encoding.startswith(("utf-16", "utf-32"))
    text = io.TextIOWrapper(stream, encoding, errors=_ESCAPE, newline="\n")
    try:
        text.readline()
    except UnicodeError:  # UTF-16 raises this for a missing mark
        return 1, 1, 1, 0
    text.seek(0)
    for lines, line in enumerate(text, 1):
        if not _IS_ESCAPED(line):
            continue
        bad += 1
        if not first:
            first = lines
            before = line[: next(at for at, sign in enumerate(line) if _IS_ESCAPED(sign))]
            byte = len(before.encode(encoding)) + 1 if is_bytewise else 0
    text.detach()
    return bad, lines, first, byte


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Escape undecodable bytes: the handler of errors that `detect_most` names.

    One at a time where a line end may follow, which must remain one.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    end = error.end if error.encoding.startswith(("utf-16", "utf-32")) else error.start + 1
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : end]), end


codecs.register_error(_ESCAPE, _escape)
