"""A word table for tokens that are there already."""

import json
from pathlib import Path

from tests.support import korpus


def test_joined_merged_and_dropped(tmp_path: Path) -> None:
    words = tmp_path / "words.tsv"
    words.write_text("form\tbecomes\tdrop\n캠핑장\t야영장\t\n부산\t\t\n좋다\t\t1\n바다\t\t1\n")
    made = korpus("morph", "--spans", stdin="캠핑장에 간다\n캠핑 장에 부산 바다")
    done = korpus("words", "apply", words, stdin=made.stdout)
    assert done.returncode == 0, done.stderr
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["tokens"] == ["야영장", "에", "간다"]
    assert first["spans"] == [[0, 3], [3, 4], [5, 7]]
    # Not beside each other in the text, so not joined.
    assert "야영장" not in second["tokens"] and "바다" not in second["tokens"]
    assert "| words apply " in first["analysis"]
    assert "korpus: 1 table word had no effect: 좋다 (" in done.stderr


def test_without_text_nothing_is_joined(tmp_path: Path) -> None:
    words = tmp_path / "words.tsv"
    words.write_text("form\tbecomes\n캠핑장\t야영장\n학교\t대학\n")
    made = korpus("morph", "--drop-text", stdin="캠핑장과 학교에 간다")
    done = korpus("words", "apply", words, stdin=made.stdout)
    found = json.loads(done.stdout)["tokens"]
    assert "대학" in found and "야영장" not in found
    assert "1 document without text: tokens were merged and dropped, but not joined" in done.stderr


def test_tokens_from_elsewhere(tmp_path: Path) -> None:
    """Without an analyzer of ours, or with the user's own columns of these names."""
    words = tmp_path / "words.tsv"
    words.write_text("form\tbecomes\n학교\t대학\n")
    for more in ({}, {"analyzer": "mine", "analysis": 3}, {"analyzer": [1]}):
        record = {"id": "1", "text": "학교", "tokens": ["학교"], "tags": ["NNG"], **more}
        done = korpus("words", "apply", words, stdin=json.dumps(record))
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["tokens"] == ["대학"]
