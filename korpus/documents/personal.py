"""Personal data in text: numbers of residents, telephones, cards and accounts, e-mail addresses."""

import re
from collections.abc import Callable, Iterator

from korpus.documents.web import PLAIN_EMAIL

_NUMBER = r"(?<![\d*])(?<!\d[-.])"
_END = r"(?![\d*]|[-.]\d)"
_DATE = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# With a hyphen or a label it is unmistakable; since October 2020 new numbers have no check digit.
_RESIDENT = re.compile(
    rf"{_NUMBER}{_DATE}(?:(?:\s?-\s?| )[1-8](?:\d{{6}}|\*{{6}})|[1-8]\d{{6}}){_END}"
)
_LABELLED = re.compile(
    rf"(?:주민|등록번호|\bRRN)[^\d\n]{{0,15}}{_NUMBER}{_DATE}[1-8](?:\d{{6}}|\*{{6}}){_END}"
)
_CARD = re.compile(
    rf"{_NUMBER}(?:\d{{4}}[- ]?\d{{4}}[- ]?\d{{4}}[- ]?\d{{4}}"
    rf"|3\d{{3}}[- ]?\d{{6}}[- ]?\d{{5}}){_END}"
)
_AREA = "2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50\\d?"
_BETWEEN = "(?: ?[-.] ?| )"
_TELEPHONE = re.compile(
    rf"{_NUMBER}(?:(?:(?:\+|00)?82(?:{_BETWEEN}|\))?\(?0?\)?|\(?0)(?:1[016789]|{_AREA})\)?"
    rf"{_BETWEEN}?\d{{3,4}}{_BETWEEN}?"
    rf"|\+[1-9]\d{{0,2}}{_BETWEEN}\(?\d{{2,4}}\)?{_BETWEEN}\d{{3,4}}{_BETWEEN})\d{{4}}{_END}"
)
_BANKS = (
    "국민|신한|우리|하나|농협|기업|카카오|케이|토스|수협|새마을|우체국|부산|대구|광주|전북|경남|제주|제일|"
    "씨티|산업|신협|외환"
)
_ACCOUNT = re.compile(
    rf"(?:(?:{_BANKS})(?:은행|뱅크|금고)?|계좌(?:번호)?|입금(?:처|계좌)?|예금주?)(?:\s?[:：]|\s?[가-힣]{{2,4}})?\s{{0,3}}"
    rf"(\d{{2,6}}(?:-\d{{1,7}}){{1,4}}|\d{{10,14}}){_END}"
)
_MAIL = re.compile(PLAIN_EMAIL)
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_DIGIT = re.compile(r"\d")
# Other forms of digits and dashes, each of one character, so that places stay the same.
_FORMS = dict(zip("０１２３４５６７８９＋（）．\xa0\u3000", "0123456789+().  ", strict=True))
_FORMS |= dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-")
_USUAL = str.maketrans(_FORMS)
_UNUSUAL = re.compile(f"[{''.join(_FORMS)}]")


def rules() -> Iterator[tuple[str, Callable[[str], tuple[str, int]]]]:
    """The functions that mask personal data and count it, with what each masks.

    Digits become *, so that a mask is no word, and the number keeps its shape.
    """
    yield "resident", _masking(_LABELLED)
    yield "resident", _masking(_RESIDENT, _is_resident)
    yield "card", _masking(_CARD, _is_card)
    yield "account", _masking(_ACCOUNT, group=1)
    yield "telephone", _masking(_TELEPHONE)
    yield "mail", lambda text: _MAIL.subn("***@***.***", text) if "@" in text else (text, 0)


def _masking(
    pattern: re.Pattern[str], is_one: Callable[[str], bool] | None = None, group: int = 0
) -> Callable[[str], tuple[str, int]]:
    def masked(text: str) -> tuple[str, int]:
        if not _DIGIT.search(text):
            return text, 0
        usual = text.translate(_USUAL) if _UNUSUAL.search(text) else text
        pieces, at = [], 0
        for found in pattern.finditer(usual):
            if is_one is None or is_one(found[0]):
                start, end = found.start(group), found.end()
                pieces += [text[at:start], _DIGIT.sub("*", text[start:end])]
                at = end
        return "".join([*pieces, text[at:]]), len(pieces) // 2

    return masked


def _is_resident(number: str) -> bool:
    """Whether 13 digits are a resident number (주민등록번호): with a hyphen, or the check digit."""
    if not number.isdigit():
        return True
    digits = list(map(int, number))
    total = sum(digit * weight for digit, weight in zip(digits[:12], _WEIGHTS, strict=True))
    is_foreign = digits[6] in (5, 6, 7, 8)
    check = (11 - total % 11) % 10
    return digits[12] == ((check + 2) % 10 if is_foreign else check)


def _is_card(number: str) -> bool:
    """Whether the digits of a card number pass the Luhn check."""
    digits = [int(digit) for digit in number if digit.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return any(digits) and (sum(digits[::-2]) + sum(doubled)) % 10 == 0
