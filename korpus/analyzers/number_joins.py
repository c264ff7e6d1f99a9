"""Join the tokens of a number (숫자): 3 . 5 % → 3.5%, 2024 년 → 2024년, 코로나 19 → 코로나19."""

import re
from collections.abc import Sequence
from unicodedata import normalize

from korpus.analyzers.located import Located
from korpus.analyzers.spans import Span, align
from korpus.tagsets import group_of

DIGITS = re.compile("[0-9０-９]")
_NUMBER = re.compile(
    r"[0-9０-９]{1,3}(?:,[0-9０-９]{3})+(?:\.[0-9０-９]+)?|[0-9０-９]+(?:[.:/~-][0-9０-９]+)*"
)
_NAMES = {"noun", "propernoun", "root", "foreign", "unknown"}
_UNIT_GROUPS = {"boundnoun", "numeral"}
# Units that some analyzers take for other nouns or for suffixes.
_UNITS = {
    *("%", "％", "‰", "℃", "℉", "원", "년", "월", "일", "시", "분", "초", "명", "개", "점", "도"),
    *("층", "회", "번", "위", "권", "편", "살", "세", "만", "억", "조", "시간", "개월", "달러"),
    *("퍼센트", "만원", "억원", "조원", "주년", "학년", "년대", "킬로", "미터"),
}
_LATIN_UNIT = re.compile("[A-Za-z]{1,3}|[㎀-㏟]")


def numbers_joined(text: str, tokens: Located, analyzer: str) -> tuple[Located, int]:
    """Join numbers with their digits, signs and units, and words with the digits at their end.

    Only tokens that touch in the text are joined. Also gives the number of joins.
    """
    spans = tokens.spans or align(text, tokens.forms)
    found = Located([], [])
    joins = at = 0
    while at < len(tokens.forms):
        end = _end_of_number(text, tokens, spans, at, analyzer)
        if end is None and _is_name(tokens, at, analyzer) and _touch(spans, at):
            number = _end_of_number(text, tokens, spans, at + 1, analyzer)
            # In 영화2편, the number belongs to its unit.
            if number is not None and _ends_with_digit(text, spans[number - 1]):
                end = number
        end = end or at + 1
        form, span = tokens.forms[at], spans[at]
        last = spans[end - 1]
        if end > at + 1 and span and last:
            span = span[0], last[1]
            form = normalize("NFC", text[span[0] : span[1]])
            joins += 1
        found.forms.append(form)
        found.tags.append(tokens.tags[at])
        found.spans.append(span)
        at = end
    if not tokens.spans:
        found.spans = []
    return found, joins


def _end_of_number(
    text: str, tokens: Located, spans: Sequence[Span | None], first: int, analyzer: str
) -> int | None:
    """The token after a number and its units; None if no number starts at a token."""
    span = spans[first] if first < len(spans) else None
    match = _NUMBER.match(text, span[0]) if span else None
    if match is None or not span:
        return None
    end, at = max(match.end(), span[1]), first + 1
    while at < len(spans) and (following := spans[at]) and following[1] <= end:
        at += 1
    if (spans[at - 1] or (0, 0))[1] < match.end():
        # The analyzer has other borders: only the token itself is sure.
        return first + 1
    while at < len(spans) and _touch(spans, at - 1) and _is_unit(tokens, at, analyzer):
        at += 1
    return at


def _is_unit(tokens: Located, at: int, analyzer: str) -> bool:
    form = tokens.forms[at]
    group = group_of(tokens.tags[at], analyzer)
    return (
        (form in _UNITS and group != "particle")  # 3도 is 3 and 도 too
        or (group in _UNIT_GROUPS and not DIGITS.search(form))
        or (group in ("foreign", "symbol") and _LATIN_UNIT.fullmatch(form) is not None)
    )


def _is_name(tokens: Located, at: int, analyzer: str) -> bool:
    return group_of(tokens.tags[at], analyzer) in _NAMES and tokens.forms[at][-1:].isalpha()


def _touch(spans: Sequence[Span | None], at: int) -> bool:
    """Whether the token after this one follows it without a space."""
    if at + 1 >= len(spans):
        return False
    one, other = spans[at], spans[at + 1]
    return bool(one and other and one[1] == other[0])


def _ends_with_digit(text: str, span: Span | None) -> bool:
    return bool(span and DIGITS.fullmatch(text[span[1] - 1]))
