"""Where the tokens of a text are in it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import normalize

from korpus.documents.letters import as_letters

Span = tuple[int, int]

# What no analyzer gives back: white space, and what the gate takes out.
_SKIPPED = re.compile(
    "[\\s\x00-\x1f\x7f-\xa0\xad\u1680\u200b-\u200f\u2028\u2029\u2060\u3000\ufeff]*"
)
_REACH = 8  # tokens in a row that may differ from the text
_SLACK = 6  # characters by which such tokens may be shorter than the text
_MOST_LETTERS = 600  # of a stretch that is aligned letter by letter
_SILENT = "\u110b"  # the ㅇ at the start of a syllable
_CHANGE = 3  # one letter for another; a letter more or less costs 2
_GAP = 2
# Compound letters as those they are made of, as in 보+아 → 봐 and 없 → 업+ㅅ.
_COMPOUNDS = """
ㅐㅏㅣ ㅑㅣㅏ ㅒㅣㅏㅣ ㅔㅓㅣ ㅕㅣㅓ ㅖㅣㅓㅣ ㅘㅗㅏ ㅙㅗㅏㅣ ㅚㅗㅣ ㅝㅜㅓ ㅞㅜㅓㅣ ㅟㅜㅣ ㅢㅡㅣ
ㄳㄱㅅ ㄵㄴㅈ ㄶㄴㅎ ㄺㄹㄱ ㄻㄹㅁ ㄼㄹㅂ ㄽㄹㅅ ㄾㄹㅌ ㄿㄹㅍ ㅀㄹㅎ ㅄㅂㅅ
ㄲㄱㄱ ㄸㄷㄷ ㅃㅂㅂ ㅆㅅㅅ ㅉㅈㅈ
"""
_PARTS = str.maketrans({word[0]: word[1:] for word in _COMPOUNDS.split()})


def align(text: str, forms: Sequence[str]) -> list[Span | None]:
    """Find each token in the text: start and end in characters, None if it cannot be placed.

    Most tokens stand in the text as they are. Where some do not (갔 gives 가, 았), their letters
    are aligned with those of the text up to the next tokens that do, with the fewest changes
    (Needleman & Wunsch 1970). So both 가 and 았 are at 갔.
    """
    spans: list[Span | None] = []
    at = 0
    number = 0
    while number < len(forms):
        form = forms[number]
        if form and text.startswith(form, at):  # most tokens, so without a call
            spans.append((at, at := at + len(form)))
            number += 1
            continue
        if (span := _next(text, form, at)) is not None:
            spans.append(span)
            at = span[1]
            number += 1
            continue
        number, end = _anchor(text, forms, number, at)
        missing = forms[len(spans) : number]
        start = _SKIPPED.match(text, at).end()  # type: ignore[union-attr]  # matches anything
        if start < end:
            found = _in_stretch(text[start:end].rstrip(), tuple(missing))
            spans += [span and (span[0] + start, span[1] + start) for span in found]
        else:  # the 이 of 영화다, which the text leaves out, is at the token before
            before = spans[-1] if spans else None
            spans += [before and (before[1] - 1, before[1])] * len(missing)
        at = max(end, at)
    return spans


def of_original(spans: Sequence[Span | None], composed: str, text: str) -> list[Span | None]:
    """Spans in a text of which spans in its composed form (NFC) are given."""
    places = align(text, list(composed))

    def original(span: Span) -> Span | None:
        first, last = places[span[0]], places[span[1] - 1]
        return (first[0], last[1]) if first and last else None

    return [span and original(span) for span in spans]


def _next(text: str, form: str, at: int) -> Span | None:
    """The span of a token if it comes next in the text, whatever white space is in it."""
    if text.startswith(" ", at) and form and text.startswith(form, at + 1):
        return at + 1, at + 1 + len(form)
    if not text.startswith(form, at):
        at = _SKIPPED.match(text, at).end()  # type: ignore[union-attr]
        if not text.startswith(form, at):
            return _with_spaces(text, form, at)
    return (at, at + len(form)) if form else None


def _with_spaces(text: str, form: str, at: int) -> Span | None:
    start = at
    for char in form:
        if char == " ":
            continue
        if not text.startswith(char, at):
            at = _SKIPPED.match(text, at).end()  # type: ignore[union-attr]
            if not text.startswith(char, at):
                return None
        at += 1
    return (start, at) if at > start else None


def _anchor(text: str, forms: Sequence[str], first: int, at: int) -> tuple[int, int]:
    """The next token that stands in the text with the one after it, and where it starts.

    Of several, the first with as many letters before it as the tokens between have, or nearly so.
    """
    expected = spelt = 0
    best, least = (len(forms), len(text)), None
    for number in range(first + 1, min(first + _REACH, len(forms) - 1) + 1):
        expected += len(forms[number - 1])
        spelt += len(letters(forms[number - 1]))
        start, furthest = at, at + expected + _SLACK
        while (start := text.find(forms[number], start, furthest + len(forms[number]))) >= 0:
            difference = abs(len(letters(text[at:start])) - spelt)
            if (least is None or difference < least) and _goes_on(text, forms, number, start):
                best, least = (number, start), difference
            start += 1
        if least is not None and least <= 1:
            break
    return best


def _goes_on(text: str, forms: Sequence[str], number: int, start: int) -> bool:
    """Whether the token after this one is in the text too, or the text ends."""
    after = start + len(forms[number])
    if number + 1 == len(forms):
        return _SKIPPED.fullmatch(text, after) is not None
    return _next(text, forms[number + 1], after) is not None


@lru_cache(maxsize=1 << 14)
def _in_stretch(stretch: str, forms: tuple[str, ...]) -> list[Span | None]:
    """Align tokens with a short stretch of text letter by letter."""
    ours = [(letter, at) for at, char in enumerate(stretch) for letter in letters(char)]
    theirs = [(letter, at) for at, form in enumerate(forms) for letter in letters(form)]
    if not ours or len(ours) > _MOST_LETTERS or len(theirs) > _MOST_LETTERS:
        return [None] * len(forms)
    found: list[Span | None] = [None] * len(forms)
    for char, token in _matches(ours, theirs):
        start, end = found[token] or (char, char + 1)
        found[token] = (min(start, char), max(end, char + 1))
    for token, span in enumerate(found):
        if span and stretch.startswith(_SILENT, span[0] - 1) and span[0]:
            found[token] = (span[0] - 1, span[1])
    last = 0
    for token, span in enumerate(found):  # tokens without a letter in the text: 이 of 영화다
        found[token] = span = span or (last, last + 1)
        last = span[1] - 1
    return found


@lru_cache(maxsize=1 << 14)
def letters(text: str) -> str:
    """The letters of Hangul (jamo) in a text, without the silent ㅇ; other characters as they are.

    A letter at the start of a syllable is the same as at its end.
    """
    decomposed = normalize("NFD", text).replace(_SILENT, "")
    return "".join(as_letters(decomposed).translate(_PARTS).split())


def _matches(
    ours: Sequence[tuple[str, int]], theirs: Sequence[tuple[str, int]]
) -> list[tuple[int, int]]:
    """The pairs of character and token that share a letter, where the fewest letters change."""
    costs = [list(range(0, _GAP * (len(theirs) + 1), _GAP))]
    for row, (letter, _at) in enumerate(ours, 1):
        above, line = costs[-1], [row * _GAP]
        for column, (other, _token) in enumerate(theirs, 1):
            line.append(
                min(
                    above[column - 1] + (0 if letter == other else _CHANGE),
                    above[column] + _GAP,
                    line[-1] + _GAP,
                )
            )
        costs.append(line)
    row, column = len(ours), len(theirs)
    pairs = []
    while row and column:
        (letter, char), (other, token) = ours[row - 1], theirs[column - 1]
        if costs[row][column] == costs[row - 1][column - 1] + (letter != other) * _CHANGE:
            pairs.append((char, token))
            row, column = row - 1, column - 1
        elif costs[row][column] == costs[row - 1][column] + _GAP:
            row -= 1
        else:
            column -= 1
    return pairs
