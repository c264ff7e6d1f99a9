"""The lines of chats that KakaoTalk exports, and what was said in them."""

import re
from collections.abc import Iterator
from datetime import date, time
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
    # Nothing follows but a button or a warning of KakaoTalk; other words are of somebody.
    r"| (?:joined|left) this chatroom)\.?(?: ?채팅방[^\n]{0,60}|(?<=\.)(?!라고)[^\n\s][^\n]{0,60})?"
    r"|메시지가 삭제되었습니다\.|This message was deleted\."
)
_MOVING = ("님", "채팅방", "chatroom", "삭제", "deleted")  # words of which it has one
_PERSON = re.compile(r"(\S[^\n,]{0,40}?)(님(?:[이을과,]| 외))")


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
        is_notice = not message.who or bool(_MEDIA.fullmatch(text))
        if text.startswith(message.who) and _MOVED.fullmatch(text):  # as macOS writes it
            is_notice = True
        if is_notice and "notices" not in reading.include:
            reading.counts["notices"] += bool(text)
            continue
        if is_notice and reading.mask_names:
            text = _PERSON.sub(lambda match: f"{reading.number(match[1])}{match[2]}", text)
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
        if "Message" in row and "User" in row:
            found = True
            when = str(row.get("Date")).replace(" ", "T")
            yield _Said(when, str(row["User"]), [str(row["Message"] or "")])
            continue
        line = str(row.get("text", "")).lstrip("\ufeff").rstrip("\r")
        kind, match = _kind(line)
        if kind == "more" and last is not None:
            last.lines.append(line)
            continue
        if kind == "more" and (
            not line.strip() or _TITLE.fullmatch(line) or _SAVED.fullmatch(line)
        ):
            continue
        if last is not None:
            yield last
        last = None
        if match is None:  # a notice of Windows, or a line above all messages
            last = _Said(day, "", [line])
            continue
        found = True
        if "y2" in match.re.groupindex:
            day = _day(match)
        if kind != "day":
            moment = f"{day}T{_time(match)}" if day else _time(match)
            who = match["who"] if kind == "said" else ""
            last = _Said(moment, who, [match["what"] or ""])
    if last is not None:
        yield last
    if not found:
        raise KorpusError(
            _("{name} is not a KakaoTalk chat").format(name=name),
            _("--as none reads its plain rows"),
        )


def _kind(line: str) -> tuple[str, re.Match[str] | None]:
    """What a line is: said, a notice, a day, or more of what was said; and its parts."""
    first = line[:1]
    if first == "[":
        if (match := _BRACKETS.fullmatch(line)) and _is_moment(match):
            return "said", match
    elif first == "-":
        if (match := _RULE.fullmatch(line)) and _is_moment(match):
            return "day", match
    elif first.isdigit() or (first.isascii() and first.isupper()):
        for kind, pattern in (("said", _COMMAS), ("day", _DAY_ALONE), ("notice", _NOTICE)):
            if (match := pattern.fullmatch(line)) and _is_moment(match):
                return kind, match
    if any(word in line for word in _MOVING) and _MOVED.fullmatch(line):
        return "notice", None
    return "more", None


def _is_moment(parts: re.Match[str]) -> bool:
    """Whether there is such a day and such a time, as in each line of a chat."""
    try:
        if "y2" in parts.re.groupindex:
            date.fromisoformat(_day(parts))
        if "hour" in parts.re.groupindex:
            time.fromisoformat(_time(parts))
    except ValueError:
        return False
    return True


def _day(parts: re.Match[str]) -> str:
    """The date in a line, as in ISO 8601."""
    if parts["y"]:
        year, month, number = parts["y"], int(parts["m"]), int(parts["d"])
    else:
        months = _MONTHS.split()
        name = parts["name"][:3].lower()
        year, number = parts["y2"], int(parts["d2"])
        month = months.index(name) + 1 if name in months else 0
    return f"{year}-{month:02d}-{number:02d}"


def _time(parts: re.Match[str]) -> str:
    hour = int(parts["hour"])
    half = (parts["half"] or parts["half2"] or "").lower().replace(".", "")
    if half in ("오후", "pm"):
        hour = hour % 12 + 12
    elif half:
        hour %= 12
    return f"{hour:02d}:{parts['minute']}:{parts['second'] or '00'}"
