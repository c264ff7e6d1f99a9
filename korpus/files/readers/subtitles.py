"""Subtitles (.srt, .vtt, .smi): a document per line that is shown, with its times in seconds."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from korpus.errors import KorpusError
from korpus.files.readers.bad_rows import bad_row
from korpus.files.readers.markup import BREAK, unescaped
from korpus.files.readers.reading import Reading
from korpus.files.readers.whole import whole_text
from korpus.messages import _
from korpus.records import Record

_TIME = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
_CUE = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}[^\n]*")
# Times that cannot be read, which are not text either.
_NEARLY = re.compile(r"[ \t]*\d[\d:.,]*[ \t]*-->|[^\n]{0,40}-->[ \t]*\d+:\d\d")
_TAG = re.compile(r"<[^<>\n]{0,500}>|\{\\[^{}\n]{0,100}\}")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]+([^<>\n]{1,200})>|</v>")  # of .vtt: <v 이름>
_SYNC = re.compile(r"<sync\b[^<>]{0,200}?start\s*=\s*[\"']?(-?\d+)[^<>]{0,200}>", re.IGNORECASE)
_CLASS = re.compile(r"<p\b[^<>]{0,200}?class\s*=\s*[\"']?(\w+)[^<>]{0,200}>", re.IGNORECASE)
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_LINE_END = re.compile(r"\r\n?")


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The cues of an .srt or .vtt file: `text`, `start`, `end`.

    If a .vtt file names speakers, also `speaker`, with a row for each who speaks in a cue.
    """
    lines = _LINE_END.sub("\n", whole_text(stream, name, reading.encoding)).split("\n")
    at = [number for number, line in enumerate(lines) if "-->" in line and _NEARLY.match(line)]
    has_cues = any(_CUE.match(lines[number]) for number in at)
    is_vtt = any(line.lstrip("\ufeff").startswith("WEBVTT") for line in lines[:1])
    has_voices = is_vtt and any(map(_VOICE.search, lines))
    if not has_cues and any(map(str.strip, lines)):
        raise KorpusError(_("{name}: no subtitles with times").format(name=name))
    for number, start in enumerate(at):
        end = at[number + 1] if number + 1 < len(at) else len(lines)
        block = lines[start + 1 : end]
        if end < len(lines):  # above the next times there may be a number or a name
            block = _without_label(block)
        text = "\n".join(block)
        times = _times(lines[start])
        if is_vtt:
            text = text.partition("\n\n")[0]
        if not times or times["end"] < times["start"]:
            content = "\n".join(lines[start:end])
            yield _refused(content, name, start + 1, reading, has_times=bool(times))
        elif has_voices:
            for speaker, said in _voices(text):
                yield {"text": said, **times, "speaker": speaker}
        else:
            yield {"text": _plain(text), **times}


def _refused(
    content: str, name: str, line: int, reading: Reading, *, has_times: bool = True
) -> Record:
    """A cue without proper times, as a bad row. Raises its error if the reading is strict."""
    if has_times:
        message = _("{name}: line {line}: it ends before it starts")
    else:
        message = _("{name}: line {line}: times that cannot be read")
    error = KorpusError(message.format(name=name, line=line))
    if reading.strict:
        raise error
    return bad_row("time", error, line, content)


def _times(line: str) -> dict[str, float]:
    """When a cue is shown, in seconds; nothing if that cannot be read."""
    match = _CUE.match(line)
    if match is None:
        return {}
    return {"start": _seconds(match.groups()[:4]), "end": _seconds(match.groups()[4:])}


def _without_label(block: list[str]) -> list[str]:
    """Lines without a last one that is a number, which belongs to the times below it."""
    if block and block[-1].strip().isdecimal():
        return block[:-1]
    return block


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (int(part or 0) for part in parts)
    digits = len(parts[3] or "")
    return round(hours * 3600 + minutes * 60 + seconds + float(f"0.{fraction:0{digits}d}"), 3)


def _plain(text: str) -> str:
    """Text without tags and entities."""
    lines = unescaped(_TAG.sub("", text)).split("\n")
    return "\n".join(filter(None, map(str.strip, lines)))


def _voices(text: str) -> list[tuple[str | None, str]]:
    """The speakers in a cue, None for nobody, and what each says."""
    pieces = _VOICE.split(text)  # text, name or None, text, name or None, text …
    names = (name and " ".join(unescaped(name).split()) for name in [None, *pieces[1::2]])
    said = zip(names, map(_plain, pieces[::2]), strict=True)
    return [(name, words) for name, words in said if words] or [(None, "")]


def read_smi(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The cues of a .smi (SAMI) file: `text`, `start`, `end`, and `class` if it has several."""
    text = whole_text(stream, name, reading.encoding)
    text = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    found = list(_SYNC.finditer(text))
    if not found and text.strip():
        raise KorpusError(_("{name}: no subtitles with times").format(name=name))
    cues: list[Record] = []
    places: list[int] = []  # of the cues, in the text
    shown: dict[str, Record] = {}  # by class, what is shown now
    for number, match in enumerate(found):
        start = round(int(match[1]) / 1000, 3)
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        pieces = _CLASS.split(text[match.end() : end])  # text, class, text, class, text …
        for language, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
            content = _plain(BREAK.sub("\n", piece.replace("\n", " ")))
            if not language and not content and len(pieces) > 1:
                continue
            if before := shown.pop(language, None):
                before["end"] = start
            if content:
                cue = {"text": content, "start": start, "end": None, "class": language}
                shown[language] = cue
                cues.append(cue)
                places.append(match.start())
    several = len({cue["class"] for cue in cues}) > 1
    for cue, place in zip(cues, places, strict=True):
        if cue["end"] is not None and cue["end"] < cue["start"]:
            line = text.count("\n", 0, place) + 1
            yield _refused(cue["text"], name, line, reading)
        else:
            yield cue if several else {key: cue[key] for key in ("text", "start", "end")}
