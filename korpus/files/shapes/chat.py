"""The lines of chats that KakaoTalk exports, and what was said in them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from korpus.errors import KorpusError
from korpus.files.readers import Reading
from korpus.messages import _
from korpus.records import BadRow, Record

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_LOOKED_AT = 40  # lines
_KOREAN_DAY = r"(?P<y>\d{4})(?:년 ?|\. ?|-)(?P<m>\d{1,2})(?:월 ?|\. ?|-)(?P<d>\d{1,2})(?:일|\.)?"
_ENGLISH_DAY = r"(?P<name>[A-Z][a-z]{2,8})\.? (?P<d2>\d{1,2}),? (?P<y2>\d{4})"
_DAY = rf"(?:{_KOREAN_DAY}|{_ENGLISH_DAY})"
_TIME = (
    r"(?:(?P<half>오전|오후|AM|PM) ?)?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"(?:[ \u00a0\u202f]?(?P<half2>AM|PM|[ap]\.m\.))?"
)
# Windows: a line per day, and [name] [time] text. A name may have brackets.
_RULE = re.compile(rf"-{{3,}} (?:[A-Z][a-z]+day, )?{_DAY}(?: \S요일)? -{{3,}}")
_BRACKETS = re.compile(rf"\[(?P<who>[^\n]{{1,200}}?)\] \[{_TIME}\] (?P<what>.*)", re.DOTALL)
# Android and iOS: the whole time in each line; without a name it is a notice.
_MOMENT = rf"{_DAY}(?: at|,)? {_TIME}"
_COMMAS = re.compile(rf"{_MOMENT}, (?P<who>[^\n]{{1,200}}?) : (?P<what>.*)", re.DOTALL)
_NOTICE = re.compile(rf"{_MOMENT}(?:[,:] (?P<what>.*))?", re.DOTALL)
_DAY_ALONE = re.compile(rf"{_KOREAN_DAY} \S요일|[A-Z][a-z]+day, {_ENGLISH_DAY}")
_SAVED = re.compile("(?:저장한 날짜|Date Saved|Saved Date) ?: .*")
_TITLE = re.compile("(?:.* 님과(?:의)? 카카오톡 대화|KakaoTalk Chats with .*|.* KakaoTalk Chats)")
_MEDIA = re.compile(
    r"<?(?:사진(?: \d+장)?|이모티콘|동영상|음성메시지|보이스톡[^\n]*|페이스톡[^\n]*"
    r"|삭제된 메시지입니다\.|Photos?(?: \d+)?|\d+ photos|Emoticons?|Stickers?|Videos?|Voice Note"
    r"|This message was deleted\.)>?"
)
_MOVED = re.compile(
    r"[^\n]*(?:님이 (?:들어왔습니다|나갔습니다)|님을 (?:초대했습니다|내보냈습니다)"
    r"|님이 [^\n]{1,200}초대(?:했습니다|하였습니다)|채팅방 관리자가 [^\n]*"
    r"| (?:joined|left) this chatroom)\.?[^\n]{0,60}"
    r"|메시지가 삭제되었습니다\.|This message was deleted\."
)
_PERSON = re.compile(r"(\S[^\n,]{0,40}?)님(?=[이을과])")


class _Said(NamedTuple):
    day: str
    who: str
    lines: list[str]


def is_chat(start: str) -> bool:
    """Whether the first lines of a text are those of a chat."""
    lines = start.lstrip("\ufeff").splitlines()[:_LOOKED_AT]
    titled = any(map(_SAVED.fullmatch, lines[:5])) or any(map(_TITLE.fullmatch, lines[:3]))
    commas = [line for line in lines if _COMMAS.fullmatch(line)]
    brackets = any(map(_BRACKETS.fullmatch, lines)) and any(map(_RULE.fullmatch, lines))
    return (titled and bool(commas)) or brackets or 2 * len(commas) > len(lines)


def chat_rows(rows: Iterator[Record], name: str, reading: Reading) -> Iterator[Record]:
    """The messages of a chat: `text`, `date`, `speaker`. Streams."""
    said = _messages(rows, name, reading)
    for message in said:
        if isinstance(message, BadRow):
            yield message
            continue
        text = "\n".join(message.lines).strip()
        moved = text.startswith(message.who) and _MOVED.fullmatch(text)
        is_notice = not message.who or bool(_MEDIA.fullmatch(text) or moved)
        if is_notice and "notices" not in reading.include:
            reading.counts["notices"] += bool(text)
            continue
        if is_notice and reading.mask_names:
            text = _PERSON.sub(lambda match: f"{reading.number(match[1])}님", text)
        record = {"text": text, "date": message.day, "speaker": message.who or None}
        if "notices" in reading.include:
            record["kind"] = "notice" if is_notice else "message"
        yield record


def _messages(rows: Iterator[Record], name: str, reading: Reading) -> Iterator[_Said | BadRow]:
    """What was said, each with the lines that it goes on over."""
    day = ""
    last: _Said | None = None
    found = False
    for row in rows:
        if type(row) is BadRow:
            yield row
            continue
        if {"Date", "User", "Message"} <= row.keys():
            found = True
            when = str(row["Date"]).replace(" ", "T")
            yield _Said(when, str(row["User"]), [str(row["Message"] or "")])
            continue
        line = str(row.get("text", "")).lstrip("\ufeff").rstrip("\r")
        match = _BRACKETS.fullmatch(line) or _COMMAS.fullmatch(line)
        notice = None
        if match is None:
            if rule := _RULE.fullmatch(line) or _DAY_ALONE.fullmatch(line):
                day = _day(rule.groupdict())
                if last is not None:
                    yield last
                last = None
                found = True
                continue
            notice = _NOTICE.fullmatch(line)
        if match is None and notice is None:
            if last is None and (_TITLE.fullmatch(line) or _SAVED.fullmatch(line)):
                continue
            if _MOVED.fullmatch(line):
                if last is not None:
                    yield last
                last = _Said(day, "", [line])
            elif last is not None:
                last.lines.append(line)
            elif line.strip():
                last = _Said(day, "", [line])
            continue
        if last is not None:
            yield last
        parts = (match or notice or line).groupdict()  # type: ignore[union-attr]
        if parts.get("y") or parts.get("y2"):
            day = _day(parts)
        found = True
        moment = f"{day}T{_time(parts)}" if day else _time(parts)
        last = _Said(moment, parts["who"] if match else "", [parts.get("what") or ""])
    if last is not None:
        yield last
    if not found:
        raise KorpusError(
            _("{name} is no chat of KakaoTalk").format(name=name),
            _("it is read as what it is with --as none"),
        )


def _day(parts: dict[str, str | None]) -> str:
    """The date in a line, as in ISO 8601."""
    if parts.get("y"):
        year, month, number = parts["y"], int(parts["m"] or 0), int(parts["d"] or 0)
    else:
        name = (parts["name"] or "")[:3].lower()
        months = _MONTHS.split()
        year, number = parts["y2"], int(parts["d2"] or 0)
        month = months.index(name) + 1 if name in months else 0
    return f"{year}-{month:02d}-{number:02d}"


def _time(parts: dict[str, str | None]) -> str:
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or parts["half2"] or "").lower().replace(".", "")
    if half in ("오후", "pm"):
        hour = hour % 12 + 12
    elif half:
        hour %= 12
    return f"{hour:02d}:{parts['minute']}:{parts['second'] or '00'}"
