import csv
import io
from pathlib import Path

import pytest
from gensim.models.phrases import Phrases

from korpus.analyzers import morph, word_table
from korpus.files import read
from korpus.tokens import phrases, words_apply
from tests.support import SAMPLE, korpus, lines
from tests.test_cooccurrences import document

TWICE = lines(document([[("휴대폰", 1), ("화면", 1)]] * 2 + [[("화면", 1), ("밝기", 1)]]))


def test_equals_gensim(sample_tokens: Path) -> None:
    """Where each document is a sentence without gaps, as for gensim."""
    records = [{**record, "tags": ["N"] * len(record["tokens"])} for record in read(sample_tokens)]
    plain = [{**record, "spans": None} for record in records]
    tokens = [record["tokens"] for record in records]
    model = Phrases(tokens, min_count=3, threshold=0.3, scoring="npmi")
    wanted = model.export_phrases()
    found = {
        row["becomes"]: row["score"] for row in phrases(plain, min_pair_count=3, threshold=0.3)
    }
    assert len(wanted) > 50 and found.keys() >= wanted.keys()
    for phrase, score in wanted.items():
        assert found[phrase] == pytest.approx(score, rel=1e-9)


def test_rows_are_a_word_table() -> None:
    done = korpus("phrases", "--min-pair-count", 2, stdin=TWICE)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["form"], row["tag"], row["becomes"], row["count"]) for row in rows] == [
        ("휴대폰 화면", "", "휴대폰_화면", "2"),
        ("휴대폰화면", "", "휴대폰_화면", "2"),
    ]
    assert (rows[0]["first_count"], rows[0]["second_count"]) == ("2", "3")
    assert "1 phrase with NPMI of at least 0.5, of 1 that occur 2 times" in done.stderr


def test_joined_by_words_apply_and_by_morph() -> None:
    documents = list(read(SAMPLE))
    nouns = list(morph(documents, spans=True, pos="noun"))
    table = word_table(phrases(nouns, min_pair_count=2, threshold=0.8))
    for joined in (words_apply(nouns, table), morph(documents, words=table, pos="noun")):
        terms = {token for record in joined for token in record["tokens"]}
        assert "안내_방송" in terms


def test_removed_tokens_are_no_phrase() -> None:
    gap = document([[("가", 1), ("나", 2)]] * 9)
    assert list(phrases([gap])) == []
    assert len(list(phrases([document([[("가", 1), ("나", 1)]] * 9)]))) == 2


def test_empty_input_and_errors() -> None:
    empty = korpus("phrases")
    assert empty.stdout.startswith("form,tag,score,becomes,drop") and empty.returncode == 0
    for arguments in (["--threshold", "2"], ["--min-pair-count", "0"], ["--top", "0"]):
        done = korpus("phrases", *arguments, stdin=TWICE)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
