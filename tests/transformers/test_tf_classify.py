"""Classes of texts: probabilities are those of the library's pipelines."""

import subprocess
import time
from pathlib import Path

import numpy
import pytest
from transformers import AutoModelForSequenceClassification, pipeline

from korpus.errors import KorpusError, UsageError
from korpus.models.tf import tf_classify
from tests.support import korpus, lines, start
from tests.transformers import tiny
from tests.transformers.stages import Tiny


def texts() -> list[str]:
    parts = [part.strip() for text in tiny.reviews()[:12] for part in text.split(".")]
    return [part for part in parts if part][:20]


def test_classes_are_those_of_the_pipeline(tiny_model: Tiny) -> None:
    pipe = pipeline("text-classification", model=tiny_model("classify"), top_k=None)
    found = list(tf_classify(texts(), tiny_model("classify"), scores=True, batch_size=7))
    assert len({record["predicted"] for record in found}) == 2
    for record, theirs in zip(found, pipe(texts()), strict=True):
        expected = {one["label"]: one["score"] for one in theirs}
        assert record["scores"].keys() == expected.keys()
        assert all(abs(record["scores"][name] - value) < 1e-5 for name, value in expected.items())
        assert record["predicted"] == max(expected, key=lambda name: expected[name])
        assert record["probability"] == max(record["scores"].values())


@pytest.mark.parametrize("several", [False, True])
def test_labels_are_those_of_the_zero_shot_pipeline(tiny_model: Tiny, several: bool) -> None:
    labels = ["배송", "맛", "가격"]
    hypothesis = "이 글은 {}에 대한 것이다."
    pipe = pipeline("zero-shot-classification", model=tiny_model("nli"))
    found = list(
        tf_classify(texts(), tiny_model("nli"), labels=labels, several=several, scores=True)
    )
    theirs = pipe(texts(), labels, hypothesis_template=hypothesis, multi_label=several)
    for record, expected in zip(found, theirs, strict=True):
        values = dict(zip(expected["labels"], expected["scores"], strict=True))
        assert record["predicted"] == expected["labels"][0]
        ours = [record["scores"][name] for name in labels]
        assert numpy.allclose(ours, [values[name] for name in labels], atol=1e-5)


def test_long_texts_are_counted_with_the_hypothesis(
    tiny_model: Tiny, caplog: pytest.LogCaptureFixture
) -> None:
    text = "맛 " * 55  # fits alone
    how = {"hypothesis": "이 글은 {}에 대한 것이다."}
    list(tf_classify([text], tiny_model("nli"), labels="맛,가격", **how))
    assert "1 text longer than the model takes: their ends were cut off" in caplog.text
    list(tf_classify(["맛 " * 20], tiny_model("nli"), labels="맛,가격", **how))
    list(tf_classify([text], tiny_model("nli")))
    assert len(caplog.records) == 1
    with pytest.raises(KorpusError, match="'가격' is longer than the model takes"):
        list(tf_classify(["맛"], tiny_model("nli"), labels="가격", hypothesis="{} " * 70))


def test_numbers_of_a_regression_are_those_of_the_pipeline(
    tiny_model: Tiny, tmp_path: Path
) -> None:
    import torch

    model = AutoModelForSequenceClassification.from_pretrained(
        tiny_model("classify"), num_labels=1, ignore_mismatched_sizes=True
    )
    with torch.no_grad():
        model.classifier.weight.fill_(1.0)
    for kind in ("regression", None):
        model.config.problem_type = kind
        model.save_pretrained(tmp_path / str(kind))
        tiny.wordpiece().save_pretrained(tmp_path / str(kind))
        pipe = pipeline("text-classification", model=str(tmp_path / str(kind)))
        found = [one["probability"] for one in tf_classify(texts()[:4], str(tmp_path / str(kind)))]
        assert found == pytest.approx([one["score"] for one in pipe(texts()[:4])], abs=1e-5)
        assert (kind == "regression") == any(not 0 <= value <= 1 for value in found)


def test_blank_texts_have_no_class(tiny_model: Tiny) -> None:
    found = list(tf_classify(["", " \n"], tiny_model("classify")))
    assert [(r["predicted"], r["probability"]) for r in found] == [(None, None)] * 2
    assert "scores" not in found[0] and list(tf_classify([], tiny_model("classify"))) == []


def test_wrong_options(tiny_model: Tiny) -> None:
    model = tiny_model("nli")
    for how, message in (
        ({"labels": ["가", "가"]}, "--labels has no label, or one of them twice"),
        ({"labels": "가", "hypothesis": "이 글은"}, "--hypothesis has no {}"),
        ({"several": True}, "--several does nothing without --labels"),
        ({"batch_size": 0}, "--batch-size 0"),
    ):
        with pytest.raises(UsageError, match=message):
            tf_classify(["가"], model, **how)  # type: ignore[arg-type]
    with pytest.raises(KorpusError, match="is no model of inference: its classes are 부정, 긍정"):
        list(tf_classify(["가"], tiny_model("classify"), labels="가,나"))


def test_a_stopped_run_goes_on(tiny_model: Tiny, tmp_path: Path) -> None:
    """As the runs of all guarded stages; the result is that of a whole run."""
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    many = tiny.reviews() * 4
    source.write_text(lines(*({"id": str(n), "text": text} for n, text in enumerate(many))))
    line = ["tf", "classify", source, "-m", tiny_model("classify"), "-o", output, "-q"]
    assert korpus(*line).returncode == 0
    whole = output.read_bytes()
    assert whole.count(b"\n") == len(many)
    output.unlink()
    process = start(*line, stderr=subprocess.DEVNULL)
    for _wait in range(600):
        if list(tmp_path.glob("*partial*")) or process.poll() is not None:
            break
        time.sleep(0.1)
    time.sleep(0.3)
    process.terminate()
    process.wait()
    assert korpus(*line).returncode == 0
    assert output.read_bytes() == whole
