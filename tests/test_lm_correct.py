"""korpus lm correct: spellings near that of a text."""

import itertools
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

import korpus as api
from korpus.documents.syllables import LETTERS, composed, decomposed
from korpus.models.lm.correct import _near
from tests.support import korpus, records

TRAINING = ["부리나케 달려갔다", "메론 먹고 싶다", "설거지를 했다", "나는 달려갔다"]


@pytest.mark.xdist_group("taggers")
@pytest.mark.parametrize(
    "text, expected, among",
    [
        ("부리나케 잘려갔다", "부리나케 달려갔다", 1),
        ("메롱 먹고 싶다", "메론 먹고 싶다", 2),
        ("설겆이를 했다", "설거지를 했다", 1),
        ("오랫만에 봤다", "오랜만에 봤다", 1),
    ],
)
def test_kiwi_ranks_spellings(text: str, expected: str, among: int) -> None:
    done = korpus("lm", "correct", text, "-m", "kiwi", "-f", "jsonl")
    assert done.returncode == 0, done.stderr
    rows = records(done.stdout)
    (found,) = [row for row in rows if row["text"] == expected]
    assert found["rank"] <= among and found["distance"] == 1
    pairs = zip(text.split(), expected.split(), strict=True)
    assert found["change"] == next(f"{one} → {other}" for one, other in pairs if one != other)


@pytest.mark.parametrize("unit", ["word", "syllable"])
def test_ngrams_rank_spellings(unit: str) -> None:
    model = api.lm_train(TRAINING, unit=unit).model
    for text, expected in (
        ("부리나케 잘려갔다", "부리나케 달려갔다"),
        ("메롱 먹고 싶다", "메론 먹고 싶다"),
        ("설겆이를 했다", "설거지를 했다"),
        ("나는 달려갔다", "나는 달려갔다"),
    ):
        first = next(iter(api.lm_correct(text, model)))
        assert (first["text"], first["oov"]) == (expected, 0)


def test_morphemes_are_analysed_again(tmp_path: Path) -> None:
    source, model = tmp_path / "t.jsonl", tmp_path / "m.safetensors"
    korpus("morph", "-o", source, stdin="\n".join(TRAINING))
    korpus("lm", "train", source, "-m", model)
    done = korpus("lm", "correct", "메롱 먹고 싶다", "-m", model, "-f", "jsonl")
    assert records(done.stdout)[0]["text"] == "메론 먹고 싶다"


def test_two_changes() -> None:
    model = api.lm_train(TRAINING, unit="word").model
    first = next(iter(api.lm_correct("부리나게 잘려갔다", model, distance=2)))
    assert (first["text"], first["distance"]) == ("부리나케 달려갔다", 2)
    assert first["change"] == "부리나게 → 부리나케, 잘려갔다 → 달려갔다"


def test_all_texts_with_one_change_are_found() -> None:
    found = set(_near("각오"))
    letters = decomposed("각오")
    assert letters == "ㄱㅏㄱㅇㅗ"
    assert all(Levenshtein.distance(letters, decomposed(each)) <= 1 for each in found)
    for changed in itertools.chain(
        (letters[:at] + letters[at + 1 :] for at in range(5)),
        (letters[:at] + new + letters[at:] for at in range(6) for new in LETTERS),
        (letters[:at] + new + letters[at + 1 :] for at in range(5) for new in LETTERS),
    ):
        if word := composed(changed):
            assert word in found
    assert {"가고", "각고", "강오", "각옥", "갂오"} - found == {"강오"} - found


def test_letters_make_syllables() -> None:
    for word in ("각오", "뷁", "까까", "앉았다", "값", "의사"):
        assert composed(decomposed(word)) == word
    for wrong in ("ㄱ", "ㅏ", "ㄱㅏㅏ", "ㄱㄱㅏ", "ㄱㅏㄳㅏ", "ㄱㅏㄸ", "ㄱㅏㄱㄱ", "a"):
        assert composed(wrong) == ""


def test_other_characters_stay() -> None:
    model = api.lm_train(["abc 멜론 123"], unit="word").model
    rows = list(api.lm_correct("abc  메론ㅋㅋ 123", model, top=10000))
    assert all(row["text"].startswith("abc ") and row["text"].endswith("ㅋㅋ 123") for row in rows)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["abc"], "'abc' has no Hangul to correct"),
        (["가", "--distance", 0], "--distance 0 is less than 1"),
        (["가", "--distance", 5], "--distance 5 is more than 4"),
        (["가", "--top", 0], "--top 0 is less than 1"),
    ],
)
def test_wrong_options(arguments: list[str], message: str) -> None:
    done = korpus("lm", "correct", *arguments)
    assert done.returncode == 2 and message in done.stderr
