"""Tokenizers of subwords: how they are trained, what morph makes of them, and those of others."""

import sys
from itertools import pairwise
from pathlib import Path

import pytest
from tokenizers import Tokenizer

import korpus as api
from korpus.analyzers import Subwords
from korpus.errors import KorpusError, UsageError
from tests.support import SAMPLE, fresh, korpus

TEXT = "영화가 정말 재미있었다 뷁ㅋㅋ good"
# Sennrich, Haddow & Birch (2016), figure 1.
WORDS = ["low"] * 5 + ["lower"] * 2 + ["newest"] * 6 + ["widest"] * 3


@pytest.fixture(scope="module", params=["bpe", "wordpiece", "unigram"])
def subwords(request: pytest.FixtureRequest) -> Subwords:
    return api.subword_train(api.read(SAMPLE), algorithm=request.param, vocab_size=1500)


def test_the_merges_of_the_paper() -> None:
    """es, est and low are the first pieces of two letters and more."""
    pieces = [row["piece"] for row in api.subword_train(WORDS, min_count=1, vocab_size=17).table()]
    assert {"es", "est"} < set(pieces)
    assert any(piece.endswith("lo") for piece in pieces)


def test_morph_gives_pieces_as_in_the_text(subwords: Subwords) -> None:
    """Nothing is lost, unknown letters included, and each piece is at its place."""
    (record,) = api.morph([TEXT], "subword", subwords=subwords, spans=True)
    assert "".join(record["tokens"]) == TEXT.replace(" ", "")
    assert [TEXT[start:end] for start, end in record["spans"]] == record["tokens"]
    inside = [start == end for (_first, end), (start, _last) in pairwise(record["spans"])]
    assert [tag == "##" for tag in record["tags"]] == [False, *inside]
    assert record["analyzer"] == subwords.name and subwords.name.startswith("subword:")


def test_chains_and_models_know_the_tokenizer(tmp_path: Path) -> None:
    first, other = tmp_path / "first.json", tmp_path / "other.json"
    for path, size in ((first, "1200"), (other, "1000")):
        done = korpus("subword", "train", SAMPLE, "--vocab-size", size, "-m", path)
        assert done.returncode == 0 and done.stdout.startswith("code,piece\n0,[UNK]\n")
    tokens = tmp_path / "tokens.jsonl"
    model = tmp_path / "model.safetensors"
    line = ("morph", SAMPLE, "-a", f"subword:{first}", "-o", tokens)
    assert korpus(*line, "-j", "2").returncode == 0
    in_two = tokens.read_bytes()
    assert korpus(*line, "-j", "1").returncode == 0
    assert tokens.read_bytes() == in_two
    assert korpus("freq", tokens, "--top", "1").stdout.startswith("term,tag,count,df,share\n이,##,")
    assert korpus("stopwords", tokens, "--min-length", "2").returncode == 0
    assert korpus("tfidf", tokens, "-m", model).returncode == 0
    new = tmp_path / "new.jsonl"
    korpus("morph", "-a", f"subword:{first}", "-o", new, stdin=TEXT)
    assert korpus("infer", model, new).returncode == 0
    korpus("morph", "-a", f"subword:{other}", "-o", new, stdin=TEXT)
    refused = korpus("infer", model, new)
    assert refused.returncode == 1 and "was analysed by subword:" in refused.stderr


def test_a_stopped_run_of_another_tokenizer_is_not_resumed(tmp_path: Path) -> None:
    first, other = tmp_path / "first.json", tmp_path / "other.json"
    for path, size in ((first, 1200), (other, 1000)):
        path.write_text(api.subword_train(api.read(SAMPLE), vocab_size=size).content)
    found = []
    for path in (first, other, first):
        output = tmp_path / "out.jsonl"
        done = korpus("morph", SAMPLE, "-a", f"subword:{path}", "-o", output)
        assert done.returncode == 0, done.stderr
        found.append(output.read_bytes())
    assert found[0] == found[2] != found[1]


@pytest.mark.parametrize("algorithm", ["wordpiece", "unigram"])
def test_the_same_tokenizer_in_another_process(algorithm: str, tmp_path: Path) -> None:
    """The library orders pieces and weighs them otherwise in each run."""
    options = ("--algorithm", algorithm, "--vocab-size", "1200")
    for number in "12":
        path = tmp_path / f"{number}.json"
        done = fresh(
            "subword", "train", SAMPLE, *options, "-m", path, "-o", path.with_suffix(".csv")
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()


def test_a_tokenizer_of_others_that_changes_the_text() -> None:
    """Byte-level pieces of one letter are one token; what a normalizer changes stays as it was."""
    from tokenizers import models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(["가"], trainer)
    (record,) = api.morph(["GOOD 뷁 가"], "subword", subwords=Subwords(tokenizer.to_str()))
    assert record["tokens"] == ["G", "O", "O", "D", "뷁", "가"]
    assert record["tags"] == ["", "##", "##", "##", "", ""]


def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"version": "1.0"}')
    done = korpus("morph", SAMPLE, "-a", f"subword:{wrong}")
    assert done.returncode == 1 and "not a tokenizer of subwords" in done.stderr
    done = korpus("morph", SAMPLE, "-a", "subword")
    assert done.returncode == 2 and "subword:tokenizer.json" in done.stderr
    done = korpus("morph", SAMPLE, "-a", f"subword:{tmp_path / 'none.json'}")
    assert done.returncode == 1 and "no such file" in done.stderr
    with pytest.raises(UsageError, match="has no --pos"):
        api.morph([TEXT], "subword", subwords=api.subword_train([TEXT]), pos="noun")
    with pytest.raises(KorpusError, match="less than the"):
        api.subword_train([TEXT], algorithm="unigram", vocab_size=5)
    with pytest.raises(KorpusError, match="the input is empty"):
        api.subword_train(["", " "])
    with pytest.raises(UsageError):
        api.subword_train([TEXT], algorithm="sentencepiece")
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(KorpusError) as error:
        api.subword_train([TEXT])
    assert error.value.hint == "install it: pip install 'korpus[subword]'"


def test_empty_documents_stay() -> None:
    tokenizer = api.subword_train([TEXT])
    found = [*api.morph(["", TEXT], "subword", subwords=tokenizer)]
    assert [bool(record["tokens"]) for record in found] == [False, True]


@pytest.mark.parametrize("algorithm", ["bpe", "wordpiece"])
def test_more_pieces_than_asked_for_are_said(
    algorithm: str, caplog: pytest.LogCaptureFixture
) -> None:
    found = api.subword_train([TEXT], algorithm=algorithm, vocab_size=3)
    assert f"{len(list(found.table()))} pieces, more than --vocab-size 3" in caplog.text
