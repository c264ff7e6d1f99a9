"""What a word table does to each of its words."""

import csv
from pathlib import Path

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
