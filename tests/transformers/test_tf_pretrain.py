"""Transformers from scratch: the tokenizer of korpus subword, what is learned, what is saved."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer, pipeline

from korpus.analyzers import subword_train
from korpus.analyzers.subwords import loaded
from korpus.errors import KorpusError, UsageError
from korpus.models import tf
from korpus.models.tuning import pretrain as stage
from korpus.models.tuning import tf_pretrain
from korpus.models.tuning.examples import Example
from tests.support import SAMPLE, fresh
from tests.transformers import tiny


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    size = stage.Preset(hidden=32, layers=1, heads=2, length=32, rate=5e-3)
    monkeypatch.setitem(stage.PRESETS, "small", size)


@pytest.mark.parametrize("algorithm", ["bpe", "wordpiece", "unigram"])
@pytest.mark.parametrize("objective", ["mlm", "clm"])
def test_all_tokenizers_and_objectives(algorithm: str, objective: str, tmp_path: Path) -> None:
    texts = tiny.reviews()[:60]
    subwords = subword_train(texts, algorithm=algorithm, vocab_size=1200)
    tuned = tf_pretrain(
        texts,
        objective=objective,
        preset="small",
        tokenizer=subwords,
        epochs=2,
        batch_size=16,
        held_out=0.1,
    )
    losses = [row["train_loss"] for row in tuned.curve]
    assert losses[-1] < losses[0]
    tuned.save(str(tmp_path / "model"))
    # The pieces of a text are those of the tokenizer that was trained, and marks around them.
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "model")
    ids = tokenizer(texts[0])["input_ids"]
    own = loaded(subwords.content).encode(texts[0], add_special_tokens=False).ids
    if objective == "mlm":
        assert ids == [tokenizer.cls_token_id, *own, tokenizer.sep_token_id]
        assert tokenizer.mask_token == "[MASK]"
        model = AutoModelForMaskedLM.from_pretrained(tmp_path / "model")
        task = tf.FILL
    else:
        assert ids == own and tokenizer.eos_token == "</s>"
        model = AutoModelForCausalLM.from_pretrained(tmp_path / "model")
        task = tf.GENERATE
        # A text may go on with the last word of its prompt, which the library shows as a mark.
        prompts = [text[:n] for n, text in enumerate(texts[:8], 3)]
        pipe = pipeline("text-generation", model=model, tokenizer=tokenizer)
        theirs = pipe(prompts, do_sample=False, return_full_text=False, max_new_tokens=4)
        wanted = [one[0]["generated_text"].strip() for one in theirs]
        assert any(one.startswith("##") for one in wanted) == (algorithm == "wordpiece")
        found = tf.tf_generate(prompts, str(tmp_path / "model"), max_new_tokens=4)
        assert [one["generated"] for one in found] == [one.removeprefix("##") for one in wanted]
    assert tf.load_transformer(tf.opened(str(tmp_path / "model"), task=task), task).longest == 32
    assert (
        tokenizer.decode(own, skip_special_tokens=True).split()
        == " ".join(texts[0].split()).split()
    )


def test_the_loss_of_the_table_is_that_of_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[set[int]] = []

    def fit(learner: Any, train: list[Example], stop: list[Example], *rest: Any) -> Any:
        used.extend({one.owner for one in part} for part in (train, stop))
        return trained(learner, train, stop, *rest)

    trained = stage.fit
    monkeypatch.setattr(stage, "fit", fit)
    texts = [text[:60] for text in tiny.reviews()[:40]]
    how: dict[str, Any] = {"objective": "clm", "preset": "small", "epochs": 1, "held_out": 0.25}
    tuned = tf_pretrain(texts, **how)
    rows = {row["measure"]: row for row in tuned}
    assert rows["loss"]["documents"] == 10
    assert rows["loss"]["low"] < rows["loss"]["value"] < rows["loss"]["high"]
    model, tokenizer = tuned.learner.model, tuned.learner.tokenizer
    import numpy

    held_out = numpy.random.default_rng(0).permutation(40)[:10].tolist()
    # Texts that the model is measured on have not chosen its epoch either.
    assert used[0] | used[1] == set(range(40)) - set(held_out)
    assert len(used[1]) == 10 and not used[0] & used[1]
    total = count = 0.0
    for number in held_out:
        pieces = tokenizer(texts[number])["input_ids"]
        pieces = [*pieces, tokenizer.eos_token_id]
        for part in (pieces[:31], pieces[31:]) if len(pieces) > 32 else (pieces,):
            if len(part) < 2:
                continue
            ids = torch.tensor([part])
            with torch.inference_mode():
                total += model(input_ids=ids, labels=ids).loss.item() * (len(part) - 1)
            count += len(part) - 1
    assert rows["loss"]["value"] == pytest.approx(total / count, rel=1e-4)


def test_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    line = ["tf", "pretrain", str(SAMPLE), "--epochs", "1", "--seed", "3", "-o", "one"]
    line += ["--vocab-size", "1500", "--max-length", "16", "--table", "table.csv"]
    done = fresh(*line, cwd=tmp_path, OMP_NUM_THREADS="1", KORPUS_LANG="en")
    assert done.returncode == 0 and done.stdout == "", done.stderr
    assert "read in parts" in done.stderr
    import korpus

    tuned = tf_pretrain(korpus.read(SAMPLE), epochs=1, seed=3, vocab_size=1500, max_length=16)
    tuned.save(str(tmp_path / "two"))
    names = ("model.safetensors", "tokenizer.json")
    assert all(
        (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
        for name in names
    )
    about = json.loads((tmp_path / "one" / "korpus.json").read_text())
    assert about["seed"] == 3 and about["options"]["hidden"] == 128
    assert about["input"] == dict(tuned.provenance)["input"]


def test_errors() -> None:
    with pytest.raises(KorpusError, match="the input is empty"):
        tf_pretrain([])
    for how in ({"objective": "x"}, {"preset": "huge"}, {"max_length": 2}):
        with pytest.raises(UsageError):
            tf_pretrain(["가"], **how)  # type: ignore[arg-type]
