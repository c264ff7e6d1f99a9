"""korpus lm complete: what comes next."""

from pathlib import Path

import pytest

import korpus as api
from korpus.errors import KorpusError
from korpus.models import lm
from tests.support import korpus, lines, records

TRAINING = ["나는 학교에 간다", "나는 집에 간다", "나는 학교에 있다", "너는 집에 있다"]


@pytest.mark.xdist_group("taggers")
def test_kiwi_goes_to_school() -> None:
    done = korpus("lm", "complete", "나는 학교에", "-m", "kiwi")
    assert done.returncode == 0, done.stderr
    rows = [line.split(",") for line in done.stdout.splitlines()[1:]]
    assert len(rows) == 10 and [row[:3] for row in rows[:3]] == [
        ["1", "가", "VV"],
        ["2", "다니", "VV"],
        ["3", "오", "VV"],
    ]
    assert korpus("lm", "complete", "나는 학교에").stdout == done.stdout


@pytest.mark.xdist_group("taggers")
@pytest.mark.parametrize("text", ["나는 학교에", "", "뷁뚫훍", "오늘 날씨가 참", "그녀는 커피를"])
def test_kiwis_probabilities_sum_to_one(text: str) -> None:
    found = lm.KiwiModel().following(text).probabilities
    assert len(found) > 70_000 and found.sum() == pytest.approx(1, abs=1e-4)
    assert found.min() >= 0


def test_words() -> None:
    model = api.lm_train(TRAINING, unit="word", order=2, smoothing="mle").model
    rows = list(api.lm_complete("나는", model, top=3))
    assert [(row["token"], row["tag"]) for row in rows[:2]] == [("학교에", ""), ("집에", "")]
    assert [row["probability"] for row in rows] == pytest.approx([2 / 3, 1 / 3, 0])
    rows = list(api.lm_complete("나는 학교에 간다", model, top=1))
    assert rows[0]["token"] == "</s>" and rows[0]["probability"] == 1
    first = list(api.lm_complete("", model, top=1))
    assert first[0]["token"] == "나는"


def test_all_units_are_shown_once() -> None:
    model = api.lm_train(TRAINING, unit="syllable").model
    rows = list(api.lm_complete("나는 학", model, top=1000))
    assert sum(row["probability"] for row in rows) == pytest.approx(1, abs=1e-9)
    assert rows[0]["token"] == "교" and len({row["token"] for row in rows}) == len(rows)


def test_a_text_is_analysed_as_the_documents_were(tmp_path: Path) -> None:
    source, model = tmp_path / "t.jsonl", tmp_path / "m.safetensors"
    text = "\n".join(["나는 학교에 갔다", "나는 집에 갔다"])
    korpus("morph", "--lemma", "-o", source, stdin=text)
    korpus("lm", "train", source, "-m", model)
    rows = records(korpus("lm", "complete", "나는 집에", "-m", model, "-f", "jsonl").stdout)
    assert (rows[0]["token"], rows[0]["tag"]) == ("가다", "VV")
    korpus("stopwords", source, "-o", tmp_path / "s.jsonl")
    korpus("lm", "train", tmp_path / "s.jsonl", "-m", model)
    done = korpus("lm", "complete", "나는 집에", "-m", model)
    assert done.returncode == 0 and "not repeated for this text: stopwords" in done.stderr


def test_tokens_that_nobody_can_make_again(tmp_path: Path) -> None:
    model = tmp_path / "m.safetensors"
    source = lines({"id": "1", "tokens": ["가", "나"], "tags": ["", ""]})
    korpus("lm", "train", "-m", model, stdin=source)
    done = korpus("lm", "complete", "가", "-m", model)
    assert done.returncode == 1 and "the model does not say how its tokens were made" in done.stderr
    assert korpus("lm", "score", "-m", model, stdin=source).returncode == 0


def test_wrong_options() -> None:
    done = korpus("lm", "complete", "가", "--top", 0)
    assert done.returncode == 2 and "--top 0 is less than 1" in done.stderr


def test_tokens_without_tags_may_have_slashes(tmp_path: Path) -> None:
    source, model = tmp_path / "t.jsonl", tmp_path / "m.safetensors"
    korpus("morph", "-a", "space", "-o", source, stdin="평점 1/2 / 이다")
    korpus(*["lm", "train", "--smoothing", "mle", "-m"], model, source)
    (row,) = records(
        korpus("lm", "complete", "평점", "--top", "1", "-m", model, "-f", "jsonl").stdout
    )
    assert (row["token"], row["tag"]) == ("1/2", "")
    (row,) = records(korpus("lm", "generate", "평점", "-m", model).stdout)
    assert row["text"] == "평점 1/2 / 이다"


def test_a_model_of_subwords_cannot_analyse_texts() -> None:
    document = {"id": "1", "tokens": ["영화", "가"], "tags": ["", "##"], "analyzer": "subword:0"}
    model = api.lm_train([document]).model
    with pytest.raises(KorpusError, match="by a tokenizer of subwords"):
        api.lm_complete("영화", model)
    (row,) = api.lm_generate("", model, top_k=1)
    assert row["text"] == "영화가"
