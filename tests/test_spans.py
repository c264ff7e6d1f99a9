"""Where tokens are in their text."""

import csv
import gzip
import json
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korpus.analyzers import morph
from korpus.analyzers.spans import align
from tests.support import ROOT, korpus


def records(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("text", "forms", "pieces"),
    [
        ("학교에 갔다", ["학교", "에", "가", "았", "다"], ["학교", "에", "갔", "갔", "다"]),
        ("이건 봐요", ["이", "거", "ᆫ", "보", "아요"], ["이", "건", "건", "봐", "봐요"]),
        ("영화다.", ["영화", "이", "다", "."], ["영화", "화", "다", "."]),
        ("AI 좋아", ["AI", "좋", "아"], ["AI", "좋", "아"]),
        ("  나는\n간다", ["나", "는", "가", "ㄴ다"], ["나", "는", "간", "간다"]),
        ("도와주다", ["돕", "아", "주", "다"], ["도와", "와", "주", "다"]),
        ("캘 리", ["캘리"], ["캘 리"]),
    ],
)
def test_the_shortest_stretch(text: str, forms: list[str], pieces: list[str]) -> None:
    spans = align(text, forms)
    assert [span and text[span[0] : span[1]] for span in spans] == pieces


@given(st.lists(st.text("가나각갂ㅋa1.", min_size=1, max_size=4), max_size=12), st.data())
def test_tokens_of_the_text_are_found(words: list[str], data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "\n", "\u3000"]), min_size=len(words)))
    text, expected = "", []
    for word, gap in zip(words, gaps, strict=False):
        expected.append((len(text), len(text) + len(word)))
        text += word + gap
    assert align(text, words) == expected


@given(st.text("가갔봐 a", max_size=20), st.lists(st.text("가았보아a", max_size=3), max_size=9))
def test_any_tokens_of_any_text(text: str, forms: list[str]) -> None:
    """Spans are in the text, and one per token."""
    spans = align(text, forms)
    assert len(spans) == len(forms)
    assert all(0 <= span[0] < span[1] <= len(text) for span in spans if span)


@pytest.mark.xdist_group("taggers")
@pytest.mark.parametrize("analyzer", ["mecab", "kiwi"])
def test_reviews(shared_reviews: Path, analyzer: str) -> None:
    """The surface, or letters of it, for 99.9 % of the tokens."""
    with gzip.open(shared_reviews, "rt", encoding="utf-8") as lines:
        rows = [row["text"] for row, _ in zip(csv.DictReader(lines), range(2000), strict=False)]
    found = list(morph(rows, analyzer, spans=True, rejects=lambda record: None))
    pairs = [
        (record["text"][span[0] : span[1]] if span else "", form)
        for record in found
        for form, span in zip(record["tokens"], record["spans"], strict=True)
    ]
    # 하 and 았 of 했, and a 이 that the text leaves out, share no letter with their stretch.
    wrong = [pair for pair in pairs if not pair[0] or len(pair[0]) > 3 * len(pair[1]) + 1]
    assert len(wrong) <= len(pairs) / 1000, wrong[:20]
    exact = sum(piece == form for piece, form in pairs)
    assert exact > len(pairs) * (0.75 if analyzer == "kiwi" else 0.8)


def test_spans_are_those_of_the_stored_text() -> None:
    """Also where the text is decomposed (NFD), or has what the gate takes out."""
    text = normalize("NFD", "학교에\u200b 갔다")
    found = records(korpus("morph", "--spans", stdin=json.dumps({"text": text})).stdout)[0]
    assert found["text"] == text
    pieces = [normalize("NFC", text[start:end]) for start, end in found["spans"]]
    assert pieces == ["학교", "에", "갔", "다"]


def test_stopwords_keeps_the_spans_of_what_stays() -> None:
    done = korpus("morph", "--spans", stdin="나는 학교에 간다")
    found = records(korpus("stopwords", stdin=done.stdout).stdout)[0]
    assert found["tokens"] == ["학교", "간다"] and found["spans"] == [[3, 5], [7, 9]]


def test_pos_keeps_the_spans_of_what_stays() -> None:
    done = korpus("morph", "--spans", "--pos", "noun", stdin="나는 학교에 간다")
    found = records(done.stdout)[0]
    assert found["tokens"] == ["학교"] and found["spans"] == [[3, 5]]


def test_removed_tokens_leave_gaps_in_the_positions(tmp_path: Path) -> None:
    """So 나 and 학교 are not taken for neighbours, whatever removed what was between them."""
    done = korpus("morph", "--spans", stdin="나는 학교에 간다")
    (found,) = records(done.stdout)
    assert found["positions"] == [0, 1, 2, 3, 4] and found["tokens"][2] == "학교"
    stopped = records(korpus("stopwords", stdin=done.stdout).stdout)[0]
    chosen = records(korpus("morph", "--spans", "--pos", "noun", stdin="나는 학교에 간다").stdout)[
        0
    ]
    assert stopped["positions"] == [2, 4] and chosen["positions"] == [2]
    words = tmp_path / "words.csv"
    words.write_text("form,becomes,drop\n학교,배움+터,\n나,,1\n")
    with_table = records(
        korpus("morph", "--spans", "--words", words, stdin="나는 학교에 간다").stdout
    )
    applied = records(korpus("words", "apply", words, stdin=done.stdout).stdout)
    for (record,) in (with_table, applied):
        assert record["tokens"] == ["는", "배움", "터", "에", "간다"]
        assert record["positions"] == [1, 2, 2, 3, 4]


def test_joined_tokens_leave_no_gap(tmp_path: Path) -> None:
    words = tmp_path / "words.csv"
    words.write_text("form\n캠핑장\n")
    done = korpus("morph", "--spans", stdin="큰 캠핑장에 간다")
    before = records(done.stdout)[0]
    assert "캠핑장" not in before["tokens"]
    less = records(korpus("stopwords", stdin=done.stdout).stdout)[0]  # without 에
    for tokens, positions in ((before, [0, 1, 2, 3]), (less, [0, 1, 3])):
        source = json.dumps(tokens)
        (found,) = records(korpus("words", "apply", words, stdin=source).stdout)
        assert found["tokens"][1] == "캠핑장" and found["positions"] == positions


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("영화 재밌어요 ㅋㅋ 또 볼게요! 정말.", ["영화 재밌어요 ㅋㅋ ", "또 볼게요! ", "정말."]),
        ("좋은 영화다.또 봤다", ["좋은 영화다.", "또 봤다"]),
        ("3.5점을 준다. A.I. 이야기", ["3.5점을 준다. ", "A.I. 이야기"]),
        ("첫 줄\n둘째 줄\u2028셋째 줄", ["첫 줄\n", "둘째 줄\u2028", "셋째 줄"]),
        ("2024. 1. 5. 갔다", ["2024. 1. 5. ", "갔다"]),
        ("  하나", ["하나"]),
        ("", []),
    ],
)
def test_sentence_starts(text: str, sentences: list[str]) -> None:
    (record,) = morph([text], spans=True)
    starts = record["sentence_starts"]
    ends = [*starts[1:], len(text)]
    assert [text[start:end] for start, end in zip(starts, ends, strict=False)] == sentences


def test_sentence_starts_are_those_of_the_stored_text() -> None:
    text = normalize("NFD", "학교에 갔다. 집에 왔다.")
    for options in ({}, {"words": [{"form": "학교"}]}):
        (record,) = morph([text], spans=True, **options)  # type: ignore[arg-type]
        assert record["text"] == text
        second = record["sentence_starts"][1]
        assert normalize("NFC", text[second:]) == "집에 왔다."


def test_sentences_agree_with_kiwis() -> None:
    """With those of kiwi's sentence splitter, on the sample reviews."""
    from kiwipiepy import Kiwi

    with (ROOT / "sample_data" / "reviews.csv").open(encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    found = [set(record["sentence_starts"]) for record in morph(texts, spans=True)]
    theirs = [{s.start for s in sentences} for sentences in Kiwi().split_into_sents(texts)]
    both = sum(len(ours & known) for ours, known in zip(found, theirs, strict=True))
    assert both / sum(map(len, found)) > 0.95 and both / sum(map(len, theirs)) > 0.95
