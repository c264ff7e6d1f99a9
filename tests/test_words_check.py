"""What a word table does to each of its words."""

import csv
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korpus.analyzers.shaping import word_rules
from korpus.analyzers.words import check
from korpus.analyzers.words.table import Word, WordTable
from tests.support import korpus


def test_before_and_after(tmp_path: Path) -> None:
    words = tmp_path / "words.csv"
    words.write_text("단어,대표어,제거\n캠핑장,,\n학교,,\n저출생,저출산,\n영화,,1\n")
    done = korpus("words", "check", words, "-a", "mecab,space")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [row["analyzer"] for row in rows] == ["mecab"] * 4 + ["space"] * 4
    effects = [(row["form"], row["effect"]) for row in rows[:4]]
    assert effects == [
        ("캠핑장", "whole"),
        ("학교", "already whole"),
        ("저출생", "merged"),
        ("영화", "dropped"),
    ]
    assert len(rows[0]["before"].split()) > 2 and rows[0]["after"] == "캠핑장/NNP 은/JX"


def test_words_that_never_occur_are_exit_1(tmp_path: Path) -> None:
    words, texts = tmp_path / "words.csv", tmp_path / "texts.txt"
    words.write_text("form\n캠핑장\n없는말\n")
    texts.write_text("캠핑장에 갔다\n캠핑장이 좋다\n")
    done = korpus("words", "check", words, texts)
    assert done.returncode == 1
    rows = {row["form"]: row for row in csv.DictReader(done.stdout.splitlines())}
    assert rows["캠핑장"]["count"] == "2" and rows["캠핑장"]["effect"] == "whole"
    assert rows["없는말"]["count"] == "0" and rows["없는말"]["effect"] == "none"


def test_rules_are_made_once_for_all_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made for each word, they took minutes for a table of thousands."""
    made = Mock(side_effect=word_rules)
    monkeypatch.setattr(check, "word_rules", made)
    found = check.words_check([{"form": form} for form in ("캠핑장", "학교", "뉴진솔")])
    assert [row["effect"] for row in found] == ["whole", "already whole", "whole"]
    made.assert_called_once()


def test_words_of_rare_syllables_are_cut_from_particles() -> None:
    """mecab takes them with what follows for one unknown word: 걮툚뗓촀은/UNKNOWN."""
    (row,) = check.words_check([{"form": "걮툚뗓촀"}])
    found = row["before"], row["after"], row["effect"]
    assert found == ("걮툚뗓촀은/UNKNOWN", "걮툚뗓촀/NNP 은/JX", "whole")


@given(st.lists(st.text("가나 ", min_size=1, max_size=5), unique=True, max_size=12))
def test_forms_that_are_part_of_others(forms: list[str]) -> None:
    table = WordTable(Word(form) for form in forms)
    for form in forms:
        longer = [other for other in forms if form in other and other != form]
        assert table.longer.get(form, []) == longer
