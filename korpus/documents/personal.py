"""Personal data in text: numbers of residents, telephones, cards and accounts, e-mail addresses."""

import re
from collections.abc import Callable, Iterator

from korpus.documents.web import PLAIN_EMAIL

_NUMBER = r"(?<![\d*])(?<!\d[-.])"
_END = r"(?![\d*]|[-.]\d)"
_DATE = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# With a hyphen it is unmistakable; since October 2020 new numbers have no check digit.
_RESIDENT = re.compile(
    rf"{_NUMBER}{_DATE}(?:\s?[-–]\s?[1-8](?:\d{{6}}|\*{{6}})|[1-8]\d{{6}}){_END}"
)
_CARD = re.compile(
    rf"{_NUMBER}(?:\d{{4}}[- ]?\d{{4}}[- ]?\d{{4}}[- ]?\d{{4}}"
    rf"|3\d{{3}}[- ]?\d{{6}}[- ]?\d{{5}}){_END}"
)
_AREA = "2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50\\d?"
_TELEPHONE = re.compile(
    rf"{_NUMBER}(?:\+?82[- .)]?\(?0?\)?|\(?0)(?:1[016789]|{_AREA})\)?"
    rf"[- .]?\d{{3,4}}[- .]?\d{{4}}{_END}"
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


def rules() -> Iterator[tuple[str, Callable[[str], tuple[str, int]]]]:
    """The functions that mask personal data and count it, with what each masks.

    Digits become *, so that a mask is no word, and the number keeps its shape.
    """
    yield "resident", _masking(_RESIDENT, _is_resident)
    yield "card", _masking(_CARD, _is_card)
    yield "account", _masking(_ACCOUNT, group=1)
    yield "telephone", _masking(_TELEPHONE)
    yield "mail", lambda text: _MAIL.subn("***@***.***", text) if "@" in text else (text, 0)


def _masking(
    pattern: re.Pattern[str], is_one: Callable[[str], bool] | None = None, group: int = 0
) -> Callable[[str], tuple[str, int]]:
    def masked(text: str) -> tuple[str, int]:
        number = 0
        if not _DIGIT.search(text):
            return text, 0

        def mask(found: re.Match[str]) -> str:
            nonlocal number
            if is_one and not is_one(found[0]):
                return found[0]
            number += 1
            at = found.start(group) - found.start()
            return found[0][:at] + _DIGIT.sub("*", found[0][at:])

        return pattern.sub(mask, text), number

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
