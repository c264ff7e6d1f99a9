"""The lines of chats that KakaoTalk exports, and what was said in them."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

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
_IS_DAY, _IS_TIME = re.compile(_DAY), re.compile(_TIME)
_DAY_PART, _TIME_PART = (f"({re.sub('[?]P<[a-z0-9]+>', '?:', part)})" for part in (_DAY, _TIME))
# Windows: a line per day, and [name] [time] text. A name may have brackets.
_RULE = re.compile(rf"-{{3,}} (?:[A-Z][a-z]+day, )?{_DAY}(?: \S요일)? -{{3,}}")
_BRACKETS = re.compile(rf"\[([^\n]{{1,200}}?)\] \[{_TIME_PART}\] (.*)", re.DOTALL)
# Android and iOS: the whole time in each line; without a name it is a notice.
_COMMAS = re.compile(rf"{_DAY_PART}(?: at|,)? {_TIME_PART}, ([^\n]{{1,200}}?) : (.*)", re.DOTALL)
_NOTICE = re.compile(rf"{_DAY}(?: at|,)? {_TIME}(?:[,:] (?P<what>.*))?", re.DOTALL)
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


_Said = tuple[str, str, str]  # when, who (nobody: a notice), what


def is_chat(start: str) -> bool:
    """Whether the first lines of a text are those of a chat."""
    lines = start.lstrip("\ufeff").splitlines()[:_LOOKED_AT]
    titled = any(map(_SAVED.fullmatch, lines[:5])) or any(map(_TITLE.fullmatch, lines[:3]))
    commas = [line for line in lines if _COMMAS.fullmatch(line)]
    brackets = any(map(_BRACKETS.fullmatch, lines)) and any(map(_RULE.fullmatch, lines))
    return (titled and bool(commas)) or brackets or 2 * len(commas) > len(lines)


def chat_rows(rows: Iterator[Record], name: str, reading: Reading) -> Iterator[Record]:
    """The messages of a chat: `text`, `date`, `speaker`. Streams."""
    with_notices = "notices" in reading.include
    for message in _messages(rows, name):
        if type(message) is BadRow:
            yield message
            continue
        when, who, text = message
        text = text.strip()
        is_notice = (
            not who
            or _MEDIA.fullmatch(text) is not None
            or (text.startswith(who) and _MOVED.fullmatch(text) is not None)  # as macOS writes it
        )
        if is_notice and reading.mask_names:  # of people who may be mentioned, but say nothing
            text = _PERSON.sub(lambda match: f"{reading.number(match[1])}{match[2]}", text)
        if is_notice and not with_notices:
            reading.counts["notices"] += bool(text)
            continue
        record = {"text": text, "date": when, "speaker": who or None}
        if with_notices:
            record["kind"] = "notice" if is_notice else "message"
        yield record


def _messages(rows: Iterator[Record], name: str) -> Iterator[_Said | BadRow]:
    """What was said, each with the lines that it goes on over."""
    day = ""
    last: _Said | None = None
    more: list[str] = []  # lines that the last goes on over
    found = False
    for row in rows:
        if type(row) is BadRow:
            yield row
            continue
        if "Message" in row and "User" in row:
            found = True
            when = str(row.get("Date")).replace(" ", "T")
            yield when, str(row["User"]), str(row["Message"] or "")
            continue
        line = str(row.get("text", "")).lstrip("\ufeff").rstrip("\r")
        said = _said(line, day)
        if said is None:
            kind, match = _kind(line)
            if kind == "more" and last is not None:
                more.append(line)
                continue
            if kind == "more" and (
                not line.strip() or _TITLE.fullmatch(line) or _SAVED.fullmatch(line)
            ):
                continue
        if last is not None:
            yield _whole(last, more)
            more = []
        if said is not None:
            found = True
            day, time, who, what = said
            last = f"{day}T{time}" if day else time, who, what
        elif match is None:  # a notice of Windows, or a line above all messages
            last = day, "", line
        else:
            found = True
            day = _day(match)
            last = None if kind == "day" else (f"{day}T{_time(match)}", "", match["what"] or "")
    if last is not None:
        yield _whole(last, more)
    if not found:
        raise KorpusError(
            _("{name} is not a KakaoTalk chat").format(name=name),
            _("--as none reads its plain rows"),
        )


def _whole(said: _Said, more: list[str]) -> _Said:
    return (said[0], said[1], "\n".join([said[2], *more])) if more else said


def _said(line: str, day: str) -> tuple[str, str, str, str] | None:
    """Day, time, speaker and text of a line in which somebody says something."""
    first = line[:1]
    if first == "[":
        if (match := _BRACKETS.fullmatch(line)) and (time := _time_of(match[2])):
            return day, time, match[1], match[3]
    elif _may_be_moment(first) and (match := _COMMAS.fullmatch(line)):
        day_part, time_part, who, what = match.groups()
        if (day := _day_of(day_part)) and (time := _time_of(time_part)):
            return day, time, who, what
    return None


def _kind(line: str) -> tuple[str, re.Match[str] | None]:
    """What another line is, and its parts: a notice, a day, or more of what was said."""
    first = line[:1]
    if first == "-":
        if (match := _RULE.fullmatch(line)) and _is_moment(match):
            return "day", match
    elif _may_be_moment(first):
        for kind, pattern in (("day", _DAY_ALONE), ("notice", _NOTICE)):
            if (match := pattern.fullmatch(line)) and _is_moment(match):
                return kind, match
    if any(word in line for word in _MOVING) and _MOVED.fullmatch(line):
        return "notice", None
    return "more", None


def _may_be_moment(first: str) -> bool:
    return first.isdigit() or (first.isascii() and first.isupper())


@lru_cache(maxsize=1 << 12)
def _time_of(text: str) -> str:
    match = _IS_TIME.fullmatch(text)
    return _time(match) if match else ""


@lru_cache(maxsize=1 << 12)
def _day_of(text: str) -> str:
    match = _IS_DAY.fullmatch(text)
    return _day(match) if match and _is_moment(match) else ""


def _is_moment(parts: re.Match[str]) -> bool:
    """Whether there is such a day and such a time, as in each line of a chat."""
    names = parts.re.groupindex
    return ("y2" not in names or _is_day(_day(parts))) and (
        "hour" not in names or _time(parts) != ""
    )


@lru_cache(maxsize=1 << 12)
def _is_day(day: str) -> bool:
    try:
        date.fromisoformat(day)
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
    """The time in a line, as in ISO 8601; empty if there is no such time."""
    return _clock(*parts.group("half", "half2", "hour", "minute", "second"))


@lru_cache(maxsize=1 << 12)
def _clock(half: str | None, half2: str | None, hour: str, minute: str, second: str | None) -> str:
    number = int(hour)
    half = (half or half2 or "").lower().replace(".", "")
    is_late = half in ("오후", "pm")
    if half and not is_late and number > 12:
        return ""
    if half and number <= 12:  # 오후 13:12 is what some phones write
        number = number % 12 + 12 * is_late
    if number > 23 or int(minute) > 59 or int(second or 0) > 59:
        return ""
    return f"{number:02d}:{minute}:{second or '00'}"
