"""A text in words, morphemes, subwords, syllables and jamo."""

import json
from pathlib import Path

import korpus as api
from tests.support import SAMPLE, korpus


def test_units_of_a_sentence(tmp_path: Path) -> None:
    tokenizer = tmp_path / "tokenizer.json"
    tokenizer.write_text(api.subword_train(api.read(SAMPLE), vocab_size=1500).content)
    done = korpus("units", "나는 학교에 갔다", "--subwords", tokenizer, "-f", "jsonl")
    rows = {row["unit"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert list(rows) == ["word", "morpheme", "subword", "syllable", "jamo"]
    assert rows["morpheme"]["pieces"] == "나 는 학교 에 갔 다"
    assert rows["jamo"]["pieces"].startswith("ㄴ ㅏ ㄴ ㅡ ㄴ ㅎ ㅏ ㄱ")
    assert (rows["word"]["tokens"], rows["syllable"]["tokens"]) == (3, 7)
    assert (rows["jamo"]["tokens"], rows["jamo"]["types"]) == (17, 10)


def test_units_of_a_corpus_and_of_no_file() -> None:
    rows = list(api.units(["가 가 나", "가"]))
    assert next((row["unit"], row["tokens"], row["types"]) for row in rows) == ("word", 4, 2)
    assert rows[0]["pieces"] == "가 가 나" and len(rows) == 4
    done = korpus("units", "없는파일.csv")
    assert done.returncode == 1 and "no such file" in done.stderr


def test_the_name_of_a_missing_file_is_no_text() -> None:
    done = korpus("units", "my reviews.csv")
    assert done.returncode == 1 and "no such file" in done.stderr


def test_a_word_and_a_long_text_need_no_spaces_and_no_name() -> None:
    for text in ("갔다", "나는 학교에 갔다 " * 60):
        done = korpus("units", text)
        assert done.returncode == 0 and "morpheme," in done.stdout, done.stderr
    for name in ("reviews", "자료/글"):
        done = korpus("units", name)
        assert done.returncode == 1 and "no such file" in done.stderr
