"""What newspapers add to an article: reporter (홍길동 기자), agency, rights, photo credits."""

import re

from korpus.documents.web import PLAIN_EMAIL

_NAME = "[가-힣]{2,4}"
_ROLE = (
    r"(?:[가-힣]{0,6}기자|[가-힣]{0,4}특파원|논설위원|객원위원|앵커|리포터|통신원|PD|인턴)"
    r"(?![가-힣])"
)
_NAMES = (
    rf"{_NAME}(?:\s?[·,ㆍ/]\s?{_NAME}){{0,4}}\s?{_ROLE}(?:\s?[·,ㆍ/]?\s?{_NAME}\s?{_ROLE}){{0,3}}"
)
_FIRST = r"(?m:^)[ \t]*"
_PLACE = r"[가-힣A-Za-z·,ㆍ/ ]{1,20}"
_PAPER = r"[가-힣A-Za-z0-9. ]{2,20}"
_PATTERNS = (
    # (서울=연합뉴스) 홍길동 기자 =
    rf"{_FIRST}[(\[【]\s?{_PLACE}=\s?{_PAPER}[)\]】]\s?(?:{_NAMES}\s?)?=?\s*",
    # [한국일보 홍길동 기자]
    rf"[(\[【](?:\s?{_PAPER}[ =·/|]\s?|\s?{_PLACE}=\s?)?{_NAMES}\s?(?:{PLAIN_EMAIL}\s?)?[)\]】]",
    # 홍길동 기자 = at the start
    rf"{_FIRST}(?:{_PLACE}=\s?)?{_NAMES}\s?=\s*",
    # 홍길동 기자 hong@hani.co.kr, at the end
    rf"(?:[/·■▶ⓒ]\s?)?(?:(?:글|사진|글·사진|영상|{_PLACE}=)\s?)?{_NAMES}\s?[(\[<]?{PLAIN_EMAIL}[)\]>]?",
    rf"(?m:^|(?<=[.!?\"”'’)\]])[ \t]*)[/(]?[ \t]*{_NAMES}\)?[ \t]*(?m:$)",
    rf"(?m:^|(?<=[.!?\"”'’)\]])[ \t]*){PLAIN_EMAIL}[ \t]*(?m:$)",
    # <저작권자 © 한겨레, 무단 전재 및 재배포 금지>
    r"[<(\[〈【]?\s?(?:저작권자|copyright|ⓒ|©|\(c\))[^\n<>\[\]〈〉【】]{0,100}?"
    r"(?:무단\s?(?:전재|복제|배포)[^\n<>\[\]〈〉【】.]{0,40}?금지|all rights reserved)"
    r"\.?\s?[>)\]〉】]?",
    r"[<(\[〈【]?무단\s?(?:전재|복제)[^\n<>\[\]〈〉【】.]{0,40}?금지\.?\s?[>)\]〉】]?",
    r"[(\[]\s?사진\s?(?:제공)?\s?[=:]\s?[^()\[\]\n]{1,40}[)\]]",
    r"/\s?사진\s?(?:제공)?\s?[=:]\s?[^\s/]{1,20}(?:\s기자)?(?=\s|$)",
)
_SIGNS = re.compile(
    r"기자|특파원|논설위원|객원위원|앵커|리포터|통신원|PD|인턴|=|@|금지|사진|reserved", re.I
)
_NEWS = [re.compile(pattern, re.IGNORECASE) for pattern in _PATTERNS]


def without_bylines(text: str) -> tuple[str, int]:
    """Remove reporters, agencies, notes on rights and photo credits, and how many there were."""
    if not _SIGNS.search(text):
        return text, 0
    number = 0
    for pattern in _NEWS:
        text, more = pattern.subn(" ", text)
        number += more
    return text, number
