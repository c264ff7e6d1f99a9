"""The pieces of a tokenizer, with their numbers."""

import json
from pathlib import Path
from unicodedata import normalize

import pytest
from tokenizers import Tokenizer

import korpus as api
from tests.support import SAMPLE, korpus

TEXT = "영화가 정말 재미있었다 뷁ㅋㅋ good"


@pytest.mark.parametrize("algorithm", ["bpe", "wordpiece", "unigram"])
def test_encode_gives_the_pieces_of_the_vocabulary(algorithm: str) -> None:
    """With their numbers, as the library itself gives them from the same file."""
    subwords = api.subword_train(api.read(SAMPLE), algorithm=algorithm, vocab_size=1500)
    (record,) = api.subword_encode([normalize("NFD", TEXT)], subwords)
    found = Tokenizer.from_str(subwords.content).encode(TEXT)
    assert (record["tokens"], record["codes"]) == (found.tokens, found.ids)
    numbers = {row["piece"]: row["code"] for row in subwords.table()}
    assert [numbers.get(piece, 0) for piece in record["tokens"]] == record["codes"]
    assert len(numbers) == len(set(numbers.values()))


def test_columns_stay_and_files_that_are_no_tokenizer(tmp_path: Path) -> None:
    """A document without text has no pieces; columns of these names are renamed."""
    tokenizer = tmp_path / "tokenizer.json"
    tokenizer.write_text(api.subword_train([TEXT]).content)
    rows = '{"id":"1","text":"","label":"긍정","codes":"가"}\n'
    done = korpus("subword", "encode", tokenizer, "--input-format", "jsonl", stdin=rows)
    record = json.loads(done.stdout)
    assert (record["tokens"], record["codes"], record["codes_"]) == ([], [], "가")
    assert record["label"] == "긍정"
    tokenizer.write_text("{}")
    done = korpus("subword", "encode", tokenizer, stdin="가")
    assert done.returncode == 1 and "not a tokenizer of subwords" in done.stderr
