"""Gaps in texts: the candidates are those of the library's pipeline."""

import numpy
import pytest
from transformers import pipeline

from korpus.errors import UsageError
from korpus.models.tf import tf_fill
from tests.support import korpus, lines, records
from tests.transformers.stages import Tiny


def test_candidates_are_those_of_the_pipeline(tiny_model: Tiny) -> None:
    texts = ["배송이 [MASK] 왔어요", "국물이 [MASK] 맛있고 [MASK] 좋다", "[MASK]"]
    pipe = pipeline("fill-mask", model=tiny_model("fill"), top_k=4)
    for text, record in zip(texts, tf_fill(texts, tiny_model("fill"), top=4), strict=True):
        found = pipe(text)
        gaps = [found] if isinstance(found[0], dict) else found
        assert len(record["candidates"]) == text.count("[MASK]")
        for ours, theirs in zip(record["candidates"], gaps, strict=True):
            assert [one["token"] for one in ours] == [one["token_str"] for one in theirs]
            chances = [one["score"] for one in theirs]
            assert numpy.allclose([one["probability"] for one in ours], chances, atol=1e-5)
    first = record["candidates"][0][0]["token"]
    assert record["filled"] == first.removeprefix("##")


def test_texts_without_gaps_and_other_marks(tiny_model: Tiny) -> None:
    plain, blank, marked = tf_fill(
        ["좋다", "", "배송이 ___ 왔어요"], tiny_model("fill"), mask="___"
    )
    assert (plain["filled"], plain["candidates"]) == ("좋다", [])
    assert (blank["filled"], blank["candidates"]) == ("", [])
    assert "___" not in marked["filled"] and len(marked["candidates"]) == 1
    with pytest.raises(UsageError, match="--mask is empty"):
        tf_fill(["가"], tiny_model("fill"), mask="")
    with pytest.raises(UsageError, match="--top 0"):
        tf_fill(["가"], tiny_model("fill"), top=0)


def test_a_gap_beyond_the_end_stays(tiny_model: Tiny, caplog: pytest.LogCaptureFixture) -> None:
    text = "[MASK] " + "좋다 " * 100 + "[MASK]"
    (record,) = tf_fill([text], tiny_model("fill"))
    assert len(record["candidates"]) == 1 and record["filled"].endswith("좋다 [MASK]")
    assert "1 text longer than the model takes: their ends were cut off" in caplog.text


def test_the_command_chains(tiny_model: Tiny) -> None:
    line = ["tf", "fill", "-m", tiny_model("fill"), "--top", "2", "-q"]
    source = lines({"id": "7", "text": "배송이 [MASK] 왔어요", "model": "x"})
    shown = korpus(*line, stdin=source)
    (record,) = records(shown.stdout)
    assert record["id"] == "7" and record["model_"] == "x", shown.stderr
    assert record["model"].startswith("fill sha256:") and len(record["candidates"][0]) == 2
