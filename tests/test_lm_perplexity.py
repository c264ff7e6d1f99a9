"""korpus lm perplexity: how well a language model knows a corpus."""

import math

import pytest

import korpus as api
from korpus.models.lm.ngram_model import NgramModel
from tests.support import korpus, records

TRAINING = ["나는 학교에 간다", "나는 집에 간다", "나는 학교에 있다", "너는 집에 있다"]
TEST = [
    {"id": "1", "text": "나는 집에 있다\n우리는 집에 간다", "kind": "b"},
    {"id": "2", "text": "너는 학교에 간다", "kind": "a"},
    {"id": "3", "text": "", "kind": "a"},
    {"id": "4", "text": "나는", "kind": None},
]


@pytest.fixture(scope="module")
def model() -> NgramModel:
    return api.lm_train(TRAINING, unit="word").model


def test_the_sums_of_the_scores(model: NgramModel) -> None:
    (row,) = api.lm_perplexity(TEST, model)
    scores = list(api.lm_score(TEST, model))
    log = sum(each["log_probability"] or 0 for each in scores)
    units = sum(each["units"] for each in scores)
    assert (row["documents"], row["sentences"], row["units"], row["oov"]) == (4, 4, units, 1)
    assert row["log_probability"] == pytest.approx(log)
    assert row["perplexity"] == pytest.approx(math.exp(-log / units))
    assert row["perplexity_known"] < row["perplexity"]


def test_groups(model: NgramModel) -> None:
    rows = list(api.lm_perplexity(TEST, model, by="kind"))
    assert [(row["kind"], row["documents"], row["sentences"]) for row in rows] == [
        ("a", 2, 1),
        ("b", 1, 2),
        ("", 1, 1),
    ]
    (whole,) = api.lm_perplexity(TEST, model)
    logs = [row["log_probability"] for row in rows]
    assert sum(logs) == pytest.approx(whole["log_probability"])


def test_impossible_texts() -> None:
    model = api.lm_train(TRAINING, unit="word", smoothing="mle").model
    (row,) = api.lm_perplexity(["너는 학교에 간다"], model)
    assert row["zeros"] >= 1 and row["perplexity"] == math.inf


def test_a_better_model_is_less_perplexed() -> None:
    sentences = [f"{who} {where} {what}" for who in "가나다" for where in "라마" for what in "바사"]
    found = []
    for smoothing in ("kneser-ney", "add-k"):
        model = api.lm_train(sentences[::2], unit="word", order=2, smoothing=smoothing).model
        found += [row["perplexity"] for row in api.lm_perplexity(sentences[1::2], model)]
    assert found[0] < found[1]


def test_nothing_to_measure(model: NgramModel, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("model") / "m.safetensors"
    model.save(path)
    done = korpus("lm", "perplexity", "-m", path, "--input-format", "txt", stdin="\n\n")
    assert done.returncode == 1 and "no unit in 2 documents" in done.stderr


@pytest.mark.xdist_group("taggers")
def test_kiwi() -> None:
    done = korpus("lm", "perplexity", "-f", "jsonl", stdin="나는 버스를 탔다\n뷁뚫훍이 왔다\n")
    (row,) = records(done.stdout)
    assert (row["documents"], row["sentences"], row["oov"], row["zeros"]) == (2, 2, 1, 0)
    assert 1 < row["perplexity_known"] < row["perplexity"]
