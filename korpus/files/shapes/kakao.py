"""Chats exported by KakaoTalk: Windows, Android, iOS, macOS, and in English."""

import re
from collections.abc import Iterator

from korpus.files.readers import Reading
from korpus.files.shapes.shape import Shape
from korpus.records import Record

_CLOCK = re.compile(r"\d:\d\d")
_START = 4000  # characters


def _is_text(start: str) -> bool:
    if not _CLOCK.search(start[:_START]):
        return False
    from korpus.files.shapes.chat import is_chat  # its patterns take a while

    return is_chat(start)


def _is_row(row: Record) -> bool:
    return list(row) == ["Date", "User", "Message"]


def _rows(rows: Iterator[Record], name: str, reading: Reading) -> Iterator[Record]:
    from korpus.files.shapes.chat import chat_rows

    return chat_rows(rows, name, reading)


KAKAO = Shape("kakao", _rows, _is_text, _is_row, "speaker")
