"""Compounds (합성어): kept, split, or both."""

import pytest

from korpus.analyzers import morph
from korpus.analyzers.private import kkma_compound
from tests.support import SAMPLE, korpus, records

TEXT = "한국은행 총재가 인공지능을 나눴다"


def tokens(choice: str, analyzer: str = "mecab", **options: object) -> list[str]:
    (record,) = morph([TEXT], analyzer, compound=choice, **options)  # type: ignore[arg-type]
    return list(record["tokens"])


@pytest.mark.xdist_group("taggers")
@pytest.mark.parametrize("analyzer", ["mecab", "kkma"])
def test_compound_nouns(analyzer: str) -> None:
    assert tokens("keep", analyzer) == tokens("keep", analyzer, spans=True)
    assert tokens("keep", analyzer)[0] == "한국은행" and "인공지능" in tokens("keep", analyzer)
    assert tokens("split", analyzer)[:3] == ["한국", "은행", "총재"]
    assert tokens("both", analyzer)[:4] == ["한국은행", "한국", "은행", "총재"]
    if analyzer == "kkma":
        assert kkma_compound("총재") == []


@pytest.mark.xdist_group("taggers")
def test_kiwi_splits_what_its_split_complex_splits() -> None:
    text = "고마움을 느끼고 고속버스로 돌아가다"
    split, both, lemmas = (
        next(iter(morph([text], "kiwi", **options)))["tokens"]  # type: ignore[arg-type]
        for options in (
            {"compound": "split"},
            {"compound": "both"},
            {"compound": "split", "lemma": True},
        )
    )
    assert split[:3] == ["고맙", "음", "을"] and split[-4:] == ["돌", "어", "가", "다"]
    assert both[:4] == ["고마움", "고맙", "음", "을"] and both[-5:-3] == ["돌아가", "돌"]
    assert lemmas[0] == "고맙다" and lemmas[-4:] == ["돌다", "어", "가다", "다"]


def test_parts_have_spans_and_places_of_their_own() -> None:
    (record,) = morph([TEXT], compound="both", spans=True)
    found = list(zip(record["tokens"], record["spans"], record["positions"], strict=True))
    assert found[:4] == [
        ("한국은행", (0, 4), 0),
        ("한국", (0, 2), 0),
        ("은행", (2, 4), 1),
        ("총재", (5, 7), 2),
    ]
    (split,) = morph([TEXT], compound="split", spans=True)
    assert split["positions"] == list(range(len(split["tokens"])))
    assert [TEXT[start:end] for start, end in split["spans"]] == split["tokens"]


def test_words_of_a_table_and_joined_numbers_are_not_split() -> None:
    assert tokens("split", words=[{"form": "한국은행"}])[0] == "한국은행"
    (record,) = morph(["인공지능24가 왔다"], compound="both", join="number")
    assert record["tokens"][0] == "인공지능24"
    (record,) = morph(["인공지능"], compound="split", words=[{"form": "지능", "drop": 1}])
    assert record["tokens"] == ["인공"]


def test_split_text_is_the_text() -> None:
    """Nothing is added or lost, and what is no compound stays as it is."""
    kept, split = (
        records(korpus("morph", SAMPLE, "-q", "--compound", choice).stdout)
        for choice in ("keep", "split")
    )
    assert ["".join(r["tokens"]) for r in kept] == ["".join(r["tokens"]) for r in split]
    assert sum(len(r["tokens"]) for r in kept) < sum(len(r["tokens"]) for r in split)


def test_the_command_says_what_it_did() -> None:
    done = korpus("morph", "--compound", "both", "--nbest", "1", stdin=TEXT)
    (record,) = records(done.stdout)
    assert record["analysis"] == "--compound both"
    assert record["readings"][0]["tokens"] == record["tokens"]
    assert "korpus: 2 compounds split" in done.stderr
    for analyzer in ("okt", "komoran", "hannanum", "space"):
        refused = korpus("morph", "-a", analyzer, "--compound", "split", stdin=TEXT)
        assert refused.returncode == 2
        assert f"analyzer {analyzer} has no --compound" in refused.stderr
        assert "these have it: mecab, kiwi, kkma" in refused.stderr
    wrong = korpus("morph", "--compound", "some", stdin=TEXT)
    assert wrong.returncode == 2 and "one of: keep, split, both" in wrong.stderr
