"""What newspapers add to an article: reporter (홍길동 기자), agency, rights, photo credits."""

import re
from functools import cache

from korpus.documents.web import PLAIN_EMAIL

# The first syllable is a family name: 즐기자 and 바로잡기자 are no reporters.
_NAME = (
    "[가간감강견경계고공곽구국권금기길김나남노단당대도동두라류마맹명모목문민박반방배백범변복봉부빈사서석선"
    "설성소손송승시신심안양어엄여연염예오옥온왕용우원위유육윤은음이인임장전정제조주지진차창채천최추탁태팽편"
    "표피하한함허현형호홍화황][가-힣]{1,3}"
)
_ROLE = (
    r"(?:(?:(?:[가-힣]{2,4}전문|선임|수습|인턴|객원|수석|대|사진|영상|시민|명예|편집|취재)\s?)?기자"
    r"|[가-힣]{0,4}특파원|논설위원|객원위원|앵커|리포터|통신원|PD|인턴)"
    r"(?![가-힣])"
)
_NAMES = (
    rf"{_NAME}(?:\s?[·,ㆍ/]\s?{_NAME}){{0,4}}\s?{_ROLE}(?:\s?[·,ㆍ/]?\s?{_NAME}\s?{_ROLE}){{0,3}}"
)
_FIRST = r"(?m:^)[ \t]*"
_PLACE = r"[가-힣A-Za-z·,ㆍ/ ]{1,20}"
_PAPER = r"[가-힣A-Za-z0-9. ]{2,20}"
# What is named or quoted in a sentence stays: (서울=연합뉴스)라는, "무단전재 금지" 문구.
_NOT_NAMED = r"(?!(?:이?라(?:는|고|며|면)|이?란|은|는|을|를|의|으?로|처럼|와|과)(?![가-힣]))"
_NOT_QUOTED = r"(?<![\"“'‘「『])"
_FORBIDDEN = r"금지(?![가-힣\"”'’」』]|\s(?:문구|조항|표시|표기|규정|경고|원칙))"
_PATTERNS = (
    # (서울=연합뉴스) 홍길동 기자 =
    rf"{_FIRST}[(\[【]\s?{_PLACE}=\s?{_PAPER}[)\]】]{_NOT_NAMED}\s?"
    rf"(?:{_NAMES}\s?|(?:{_NAME} ){{1,4}}{_NAMES}\s?(?==))?=?\s*",
    # [한국일보 홍길동 기자]
    rf"[(\[【](?:\s?{_PAPER}[ =·/|]\s?|\s?{_PLACE}=\s?)?{_NAMES}\s?(?:{PLAIN_EMAIL}\s?)?[)\]】]",
    # 홍길동 기자 = at the start
    rf"{_FIRST}(?:{_PLACE}=\s?)?{_NAMES}\s?=\s+",
    # 홍길동 기자 hong@hani.co.kr, at the end
    rf"(?:[/·■▶ⓒ]\s?)?(?:(?:글|사진|글·사진|영상|{_PLACE}=)\s?)?{_NAMES}\s?[(\[<]?{PLAIN_EMAIL}[)\]>]?",
    rf"(?m:^|(?<=[.!?\"”'’)\]])[ \t]*)[/(]?[ \t]*{_NAMES}\)?[ \t]*(?m:$)",
    rf"(?m:^|(?<=[.!?\"”'’)\]])[ \t]*){PLAIN_EMAIL}[ \t]*(?m:$)",
    # <저작권자 © 한겨레, 무단 전재 및 재배포 금지>
    rf"{_NOT_QUOTED}[<(\[〈【]?\s?(?:저작권자|copyright|ⓒ|©|\(c\))[^\n<>\[\]〈〉【】]{{0,100}}?"
    rf"(?:무단\s?(?:전재|복제|배포)[^\n<>\[\]〈〉【】.]{{0,40}}?{_FORBIDDEN}|all rights reserved)"
    r"\.?\s?[>)\]〉】]?",
    rf"{_NOT_QUOTED}[<(\[〈【]?무단\s?(?:전재|복제)[^\n<>\[\]〈〉【】.]{{0,40}}?{_FORBIDDEN}\.?\s?[>)\]〉】]?",
    r"[(\[]\s?사진\s?(?:제공)?\s?[=:]\s?[^()\[\]\n]{1,40}[)\]]",
    rf"{_FIRST}사진[ \t]?(?:제공)?[ \t]?=[ \t]?[^\n=.!?]{{1,30}}(?m:$)",
    r"/\s?사진\s?(?:제공)?\s?[=:]\s?[^\s/]{1,20}(?:\s기자)?(?=\s|$)",
)
_SIGNS = re.compile(
    r"기자|특파원|논설위원|객원위원|앵커|리포터|통신원|PD|인턴|=|@|금지|사진|reserved", re.I
)


def without_bylines(text: str) -> tuple[str, int]:
    """Remove reporters, agencies, notes on rights and photo credits, and how many there were."""
    if not _SIGNS.search(text):
        return text, 0
    number = 0
    for pattern in _compiled():
        text, more = pattern.subn(" ", text)
        number += more
    return text, number


@cache
def _compiled() -> list[re.Pattern[str]]:
    """The patterns. Compiling them takes a fifth of a second, which most commands need not."""
    return [re.compile(pattern, re.IGNORECASE) for pattern in _PATTERNS]
