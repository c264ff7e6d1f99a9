"""Terms and documents as numbers: ids, one-hot vectors, bags of words."""

import json
from pathlib import Path

import numpy
import pytest
import scipy.sparse

import korpus as api
from korpus.errors import KorpusError, UsageError
from tests.support import fresh, korpus, lines

ANIMALS = ["강아지", "고양이", "사자", "호랑이", "돼지"]


def documents(*texts: str) -> list[dict[str, object]]:
    return [{"id": str(n), "tokens": text.split()} for n, text in enumerate(texts, 1)]


def source(*texts: str) -> str:
    return lines(*documents(*texts))


def rows(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def codes(*texts: str, **options: object) -> list[list[int]]:
    return [row["codes"] for row in api.encode(documents(*texts), **options).table()]


def test_one_hot_vectors_of_animals_are_the_identity() -> None:
    """The lecture's example: the product of any two vectors is 0."""
    done = korpus("encode", "--one-hot", "-f", "jsonl", stdin=source(" ".join(ANIMALS)))
    found = rows(done.stdout)
    assert [row["term"] for row in found] == ANIMALS
    vectors = numpy.array([[row[name] for name in ANIMALS] for row in found])
    assert (vectors == numpy.eye(5)).all()
    products = vectors @ vectors.T
    assert (products[~numpy.eye(5, dtype=bool)] == 0).all()


def test_the_most_frequent_term_is_1() -> None:
    """Equal frequencies in the order of the first occurrence; 0 is padding, at the start."""
    texts = ("영화 재미 영화", "재미 영화 배우", "감독")
    assert codes(*texts) == [[1, 2, 1], [2, 1, 3], [4]]
    assert codes(*texts, vocab_size=2) == [[1, 2, 1], [2, 1], []]
    assert codes(*texts, vocab_size=2, oov=True) == [[1, 2, 1], [2, 1, 3], [3]]
    assert codes(*texts, max_length=2) == [[2, 1], [1, 3], [0, 4]]
    assert codes(*texts, max_length=2, padding="post") == [[1, 2], [2, 1], [4, 0]]


def test_a_bag_counts() -> None:
    found = api.encode(documents("나 너 나", "너"), bag=True)
    assert list(found.table()) == [{"id": "1", "나": 2, "너": 1}, {"id": "2", "나": 0, "너": 1}]
    assert found.matrix()[0].toarray().tolist() == [[2, 1], [0, 1]]


def test_the_vocabulary_is_used_again(tmp_path: Path) -> None:
    """In another process, by infer and by --vocab, with the options that it was made with."""
    model = tmp_path / "vocabulary.safetensors"
    new = source("영화 노래", "노래")
    file = tmp_path / "new.jsonl"
    file.write_text(new)
    options = ("--vocab-size", "2", "--oov", "--max-length", "3", "-m", model)
    done = korpus("encode", *options, stdin=source("영화 재미 영화 배우"))
    assert rows(korpus("encode", "-f", "jsonl", stdin=new).stdout)[0]["codes"] == [2, 1]
    again = fresh("infer", model, file, "-f", "jsonl")
    assert [row["codes"] for row in rows(again.stdout)] == [[0, 1, 3], [0, 0, 3]]
    assert "66.7 % of 3 tokens are not in the model's vocabulary" in again.stderr
    assert korpus("encode", "--vocab", model, "-f", "jsonl", stdin=new).stdout == again.stdout
    bag = korpus("encode", "--vocab", model, "--bag", stdin=new).stdout
    assert bag == "id,영화,재미,OOV\n1,1,0,1\n2,0,0,1\n"
    assert done.stdout.splitlines()[1] == '1,"[2, 1, 3]"'
    refused = korpus("encode", "--vocab", model, "--vocab-size", "9", stdin=new)
    assert refused.returncode == 2 and "does nothing with --vocab" in refused.stderr


def test_arrays_for_numpy(tmp_path: Path) -> None:
    """Padded to the longest document; with the vocabulary as rows."""
    path = tmp_path / "x.npz"
    text = source("영화 재미 영화", "배우")
    done = korpus("encode", "--matrix", path, stdin=text)
    with numpy.load(path) as found:
        assert found["codes"].tolist() == [[1, 2, 1], [0, 0, 3]]
        assert found["ids"].tolist() == ["1", "2"]
        assert found["terms"].tolist() == ["영화", "재미", "배우"]
    assert done.stdout == "code,term,count\n1,영화,2\n2,재미,1\n3,배우,1\n"
    assert korpus("encode", "--one-hot", "--matrix", path, stdin=text).returncode == 0
    assert scipy.sparse.load_npz(path).toarray().tolist() == [
        [1, 0, 0],
        [0, 1, 0],
        [1, 0, 0],
        [0, 0, 1],
    ]


def test_empty_documents_and_columns_of_our_names() -> None:
    assert codes("", "가") == [[], [1]]
    assert codes("", "가", max_length=2) == [[0, 0], [0, 1]]
    (row,) = api.encode(documents("id term"), one_hot=True, vocab_size=1).table()
    assert row == {"id": "1", "term": "id", "id_": 1}


def test_what_is_refused() -> None:
    for options in (
        {"vocab_size": 0},
        {"max_length": 0},
        {"max_length": 10**7},
        {"padding": "middle"},
    ):
        with pytest.raises(UsageError):
            api.encode(documents("가"), **options)
    with pytest.raises(UsageError, match="not numbered vocabularies"):
        api.encode(documents("가"), vocab=api.tfidf(documents("가 나")))
    with pytest.raises(KorpusError, match="no tokens"):
        api.encode([])
    wide = documents(" ".join(map(str, range(1001))))
    with pytest.raises(KorpusError, match="too wide"):
        api.encode(wide, bag=True).table()


@pytest.mark.parametrize(
    "options", [{"form": "x"}, {"max_length": "3"}, {"padding": 1}, {"max_length": 10**12}]
)
def test_a_damaged_vocabulary_is_refused(options: dict[str, object], tmp_path: Path) -> None:
    model = api.encode(documents("가 나"))
    model.options |= options
    model.save(tmp_path / "x.safetensors")
    with pytest.raises(KorpusError, match="not a complete encode model"):
        api.load(tmp_path / "x.safetensors")


def test_padding_needs_a_length_and_known_tokens_are_no_news() -> None:
    tokens = '{"id":"1","text":"가","tokens":["가"],"tags":["X"]}\n'
    done = korpus("encode", "--padding", "post", stdin=tokens)
    assert done.returncode == 2 and "--padding does nothing without --max-length" in done.stderr
    done = korpus("encode", stdin=tokens)
    assert done.returncode == 0 and "vocabulary" not in done.stderr
