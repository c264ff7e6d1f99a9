"""korpus lm generate: made-up sentences."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy
import pytest

import korpus as api
from korpus.models.lm.written import text_of
from korpus.statistics.sampling import drawn
from tests.support import korpus, records

TRAINING = ["나는 학교에 간다", "나는 집에 간다", "나는 학교에 있다", "너는 집에 있다"]


@pytest.mark.xdist_group("taggers")
def test_kiwi_makes_sentences_up() -> None:
    line = ["lm", "generate", "나는", "-n", 2, "--max-length", 8]
    first = korpus(*line)
    assert first.returncode == 0, first.stderr
    rows = records(first.stdout)
    assert [row["id"] for row in rows] == ["1", "2"]
    assert all(row["text"].startswith("나") for row in rows)
    assert korpus(*line, "-m", "kiwi").stdout == first.stdout
    assert korpus(*line, "--seed", 1).stdout != first.stdout


@pytest.mark.parametrize("unit", ["word", "syllable"])
def test_sentences_of_what_was_seen(unit: str) -> None:
    model = api.lm_train(TRAINING, unit=unit, order=2, smoothing="mle").model
    texts = [row["text"] for row in api.lm_generate("", model, count=50)]
    seen = set("".join(TRAINING))
    assert len(set(texts)) > 4 and all(set(text) <= seen for text in texts)
    if unit == "word":
        assert set(texts) - set(TRAINING)  # new ones too
        assert all(text.split()[0] in ("나는", "너는") for text in texts)
    assert [row["text"] for row in api.lm_generate("", model, count=50)] == texts
    begun = [row["text"] for row in api.lm_generate("나는 학", model, count=5)]
    assert all(text.startswith("나는 학") for text in begun)


def test_morphemes_are_written_as_text(tmp_path: Path) -> None:
    source, model = tmp_path / "t.jsonl", tmp_path / "m.safetensors"
    text = "나는 학교에 갔다."
    korpus("morph", "-o", source, stdin=text)
    korpus(*["lm", "train", "--smoothing", "mle", "-m"], model, source)
    rows = records(korpus("lm", "generate", "나는", "-m", model).stdout)
    assert rows == [{"id": "1", "text": text}]


def test_text_of_tokens() -> None:
    tokens = ["“", "영화", "”", "가", "첫", "인상", "좋", "았", "다", "!"]
    tags = ["SSO", "NNG", "SSC", "JKS", "MM", "NNG", "VA", "EP", "EF", "SF"]
    assert text_of(tokens, tags, "mecab") == "“영화”가 첫 인상 좋았다!"


def test_units_are_drawn_by_their_probabilities() -> None:
    dice = numpy.random.default_rng(0)
    probabilities = numpy.array([0.1, 0.0, 0.6, 0.3])

    def shares(**how: Any) -> Counter[int | None]:
        return Counter(drawn(probabilities, dice=dice, **how) for _ in range(4000))

    found = shares(temperature=1.0, top=None)
    assert found[1] == 0
    assert [found[unit] / 4000 for unit in (0, 2, 3)] == pytest.approx([0.1, 0.6, 0.3], abs=0.03)
    found = shares(temperature=0.5, top=2)
    assert set(found) == {2, 3} and found[2] / 4000 == pytest.approx(0.8, abs=0.03)
    assert drawn(numpy.zeros(3), 1.0, None, dice) is None


def test_a_limit_of_length() -> None:
    model = api.lm_train(["가 " * 200], unit="word", order=2, smoothing="mle").model
    (row,) = api.lm_generate("", model, max_length=7)
    assert row["text"] == " ".join("가" * 7)


@pytest.mark.parametrize(
    "options, message",
    [
        (["-n", 0], "--count 0 is less than 1"),
        (["--max-length", 0], "--max-length 0 is less than 1"),
        (["--top-k", -1], "--top-k -1 is less than 0"),
        (["--temperature", 0], "--temperature must be above 0"),
        (["--temperature", "nan"], "--temperature must be above 0"),
    ],
)
def test_wrong_options(options: list[object], message: str) -> None:
    done = korpus("lm", "generate", *options)
    assert done.returncode == 2 and message in done.stderr
