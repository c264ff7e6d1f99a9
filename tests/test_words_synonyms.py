"""Terms that may be one: spellings, kiwi's vectors, word vectors."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest

from korpus.analyzers import word_table
from korpus.errors import UsageError
from korpus.models import nmf, word2vec
from korpus.models.synonyms import words_synonyms
from tests.support import korpus, lines

Document = dict[str, Any]


def document(*tokens: str, tags: str = "NNG", times: int = 5) -> Document:
    return {"tokens": list(tokens) * times, "tags": [tags] * len(tokens) * times}


def suggestions(*documents: Document, **options: Any) -> dict[str, dict[str, Any]]:
    numbered = [{"id": str(n), "analyzer": "mecab", **d} for n, d in enumerate(documents)]
    table = words_synonyms(numbered, **options)
    return {row["form"]: row for row in table}


def test_spellings() -> None:
    """Of two, the rarer one becomes the other; case and the silent ㅇ make no difference."""
    found = suggestions(
        document("느와르", "OST", "메세지", "영화", "도데체"),
        document("누아르", "ost", "메시지", "영화관", "도대체", times=9),
        method="spelling",
    )
    assert {form: row["becomes"] for form, row in found.items()} == {
        "느와르": "누아르",
        "OST": "ost",
        "메세지": "메시지",
        "도데체": "도대체",
    }
    row = found["메세지"]
    assert (row["count"], row["becomes_count"], row["spelling"], row["kiwi"]) == (5, 9, 0.875, "")
    scores = [row["score"] for row in found.values()]
    assert scores == sorted(scores, reverse=True) and scores[0] == 1


def test_only_terms_of_one_kind_are_compared() -> None:
    """Not 나무 with the verb 나누다, nor endings; 감사하다 and 감상하다 not by what they share."""
    found = suggestions(
        document("나누다", tags="VV"),
        document("나누", times=8),
        document("습니다", tags="EF"),
        document("습니당", tags="EF"),
        document("감사하다", tags="VV"),
        document("감상하다", tags="VV", times=8),
        method="spelling",
    )
    assert list(found) == ["감사하다"] and found["감사하다"]["score"] == 0.8333


def test_the_table_can_be_used_as_it_is() -> None:
    """No form has two rows, and what a form becomes stays as it is."""
    found = suggestions(
        document("메세지", "메시지", "멧시지", "메쎄지", "메시자"),
        document("메시지", "메쎄지", times=3),
        method="spelling",
    )
    assert len(found) >= 2 and all(row["becomes"] not in found for row in found.values())
    assert any(row["others"] for row in found.values())
    assert len(word_table(found.values())) == len(found)


@pytest.mark.xdist_group("taggers")
def test_kiwi_knows_meanings() -> None:
    found = suggestions(
        document("늘", "첨", "언제", "살짝", tags="MAG"),
        document("항상", "처음", "거의", "매우", tags="MAG", times=9),
        document("감사하다", "죽이다", tags="VV"),
        document("감상하다", "먹다", tags="VV", times=9),
        document("강아지", "학교", "시간", "나라", "마음", "문제", "기차", "구두"),
        min_count=5,
    )
    assert found["늘"]["becomes"] == "항상" and found["늘"]["kiwi"] > 0.6
    assert found["첨"]["becomes"] == "처음" and found["첨"]["kiwi"] == 1
    assert found["감사하다"]["score"] < 0.6  # spelt alike, but kiwi knows that they differ


def test_word_vectors(tmp_path: Path) -> None:
    words = [chr(ord("가") + 588 * n) * 3 for n in range(19)]
    tokens = [{"id": "1", **document(*words)}, {"id": "2", **document(words[0])}]
    model = word2vec(tokens, vector_size=20, epochs=1)
    vectors = numpy.random.default_rng(0).normal(size=model.vectors.shape).astype("float32")
    one, other = model.terms.index(words[0]), model.terms.index(words[1])
    vectors[other] = vectors[one] + 0.1  # and all have a large part in common
    path = tmp_path / "w2v.safetensors"
    replace(model, vectors=vectors + 50).save(path)
    done = korpus(*("words", "synonyms", "-m", path, "--method", "word2vec"), stdin=lines(*tokens))
    assert done.returncode == 0, done.stderr
    first = next(csv.DictReader(done.stdout.splitlines()))
    assert (first["form"], first["becomes"]) == (words[1], words[0])
    assert float(first["word2vec"]) > 0.9 and first["spelling"] == first["kiwi"] == ""
    assert first["score"] == first["word2vec"]


def test_wrong_options(tmp_path: Path) -> None:
    tokens = [{"id": "1", **document("가나", "가다", times=9)}]
    with pytest.raises(UsageError, match="--method meaning is unknown"):
        words_synonyms(tokens, method="meaning")
    with pytest.raises(UsageError, match="needs word vectors"):
        words_synonyms(tokens, method="word2vec")
    with pytest.raises(UsageError, match="has no word vectors"):
        words_synonyms(tokens, nmf(tokens, k=1))
    with pytest.raises(UsageError, match="less than 1"):
        words_synonyms(tokens, top=0)


def test_nothing_alike() -> None:
    source = json.dumps({"id": "1", "tokens": ["영화"], "tags": ["NNG"]})
    done = korpus("words", "synonyms", "--method", "spelling", stdin=source)
    assert done.returncode == 0 and done.stdout.startswith("form,tag,score,becomes,drop,")
    assert "no two terms that occur 5 times are alike" in done.stderr


def test_empty_input_is_not_said_to_be_used_up() -> None:
    done = korpus("words", "synonyms")
    assert done.returncode == 0 and "used before" not in done.stderr
