from unicodedata import is_normalized, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korpus.documents import Gate, changes


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("그냥 글", ["그냥 글"]),
        ("", []),
        (" \t\r\n\u3000", []),
        ("하나\n\n둘", ["하나", "둘"]),
        ("하나\r\n둘\r셋\u2028넷\x85다섯", ["하나", "둘", "셋", "넷", "다섯"]),
        ("탭\t하나", ["탭 하나"]),
        ("영\x00문\x07자", ["영문자"]),
        ("\ufeff한\u200b글", ["한글"]),
        ("한\u200d글 👩\u200d👩", ["한글 👩\u200d👩"]),
        (normalize("NFD", "한글"), ["한글"]),
        ("ㅋㅋ ①", ["ㅋㅋ ①"]),
    ],
)
def test_repairs(text: str, lines: list[str]) -> None:
    assert Gate().lines(text) == lines


def test_letters_are_split_from_syllables_on_request() -> None:
    for text, apart in (
        ("감동ㅠㅠ ㅋㅋ스토리ㅎ웠", "감동 ㅠㅠ ㅋㅋ 스토리 ㅎ 웠"),
        ("3ㅋ. C ㅎㅎ^^ 정치ㆍ사회", "3ㅋ. C ㅎㅎ^^ 정치ㆍ사회"),
    ):
        assert Gate(apart=True).lines(text) == [apart]
        assert Gate().lines(text) == [text]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\u110f\u110f 하하\u1172\u1172 \u11ab", "ㅋㅋ 하하ㅠㅠ ㄴ"),
        ("\u1112\u119e\u11ab글 \u113c\u119e", "\u1112\u119e\u11ab글 \u113c\u119e"),  # ᄒᆞᆫ글
    ],
)
def test_parts_of_syllables_without_a_syllable_are_letters(text: str, line: str) -> None:
    gate = Gate()
    assert gate.lines(text) == [line]
    assert gate.changed["decomposed"] == (text != line)


def test_summary_counts_documents_by_kind() -> None:
    gate = Gate()
    for text in ("가\tㄴ", "ㄷ\u00a0ㄹ", "그냥", normalize("NFD", "각")):
        gate.lines(text)
    assert (
        changes(gate.changed)
        == "decomposed letters (NFD) in 1 document, tabs and unusual spaces in 2 documents"
    )


@given(st.text())
def test_what_comes_out_is_safe(text: str) -> None:
    for line in Gate().lines(text):
        assert line and not line.isspace()
        assert is_normalized("NFC", line) or not is_normalized("NFC", normalize("NFC", text))
        assert not set(line) & set("\0\t\n\r\v\f\x1c\x85\u2028\u2029\ufeff\u200b")


@given(st.text())
def test_a_second_pass_changes_nothing(text: str) -> None:
    once = Gate().lines(text)
    assert [line for first in once for line in Gate().lines(first)] == once
