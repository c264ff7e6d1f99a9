"""Transformers are trained further: what they learn, what is saved, and what is refused."""

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from korpus.errors import KorpusError, UsageError
from korpus.files import find_pretrained
from korpus.models import tf
from korpus.models.classify.quality import quality_table
from korpus.models.tuning import tf_finetune
from korpus.models.tuning.examples import IGNORED, collated, tagged_words, windows, with_gaps
from korpus.models.tuning.loop import _loss
from tests.support import SAMPLE, fresh
from tests.transformers import tiny

pytestmark = pytest.mark.xdist_group("tf finetune")  # its tests share what was trained
Tiny = Callable[[str], str]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)  # of models so small, more only wait


@pytest.fixture(scope="module")
def reviews() -> list[dict[str, Any]]:
    """200 reviews of two classes that a model has to learn by heart."""
    with SAMPLE.open(encoding="utf-8") as rows:
        found = [{"id": row["id"], "text": row["text"]} for row in csv.DictReader(rows)][:200]
    return [row | {"label": tiny.LABELS[number % 2]} for number, row in enumerate(found)]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A masked language model as it is before any training."""
    import transformers

    folder = tmp_path_factory.mktemp("plain") / "model"
    torch.manual_seed(0)
    size = tiny.SIZE
    config = transformers.BertConfig(
        vocab_size=len(tiny.wordpiece()),
        hidden_size=size,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=2 * size,
        max_position_embeddings=tiny.LENGTH,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    transformers.BertForMaskedLM(config).save_pretrained(folder)
    tiny.wordpiece().save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def learned(plain: str, reviews: list[dict[str, Any]], tmp_path_factory: Any) -> Any:
    """What 200 reviews were learned with, and the folder where it was saved."""
    torch.set_num_threads(1)
    how = {"epochs": 16, "learning_rate": 5e-3, "held_out": 0.0, "max_length": 24}
    tuned = tf_finetune(reviews, plain, test=reviews, **how)  # type: ignore[arg-type]
    folder = tmp_path_factory.mktemp("learned") / "model"
    tuned.save(str(folder))
    return tuned, folder


def logits(folder: str | Path, texts: list[str]) -> torch.Tensor:
    """What transformers itself makes of texts."""
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    batch = tokenizer(texts, padding=True, truncation=True, max_length=24, return_tensors="pt")
    with torch.inference_mode():
        return model(**batch).logits  # type: ignore[no-any-return]


def test_200_reviews_are_learned_by_heart(learned: Any, reviews: list[dict[str, Any]]) -> None:
    tuned, folder = learned
    rows = {row["measure"]: row["value"] for row in tuned if not row["label"]}
    assert rows["accuracy"] >= 0.99
    found = logits(folder, [row["text"] for row in reviews])
    names = json.loads((folder / "config.json").read_text())["id2label"]
    given = [names[str(number)] for number in found.argmax(-1).tolist()]
    right = sum(name == row["label"] for name, row in zip(given, reviews, strict=True))
    assert right / len(reviews) == rows["accuracy"]
    # The probabilities of the table are those of transformers.
    truth = torch.tensor([tuned.outcome.labels.index(row["label"]) for row in reviews])
    loss = torch.nn.functional.cross_entropy(found, truth).item()
    assert rows["log_loss"] == pytest.approx(loss, rel=1e-3, abs=1e-5)
    assert list(tuned.table) == list(quality_table(tuned.outcome))


def test_what_is_saved_says_how_it_came_about(learned: Any, plain: str) -> None:
    tuned, folder = learned
    about = json.loads((folder / "korpus.json").read_text())
    assert about["base"] == find_pretrained(plain).provenance
    assert about["labels"] == sorted(tiny.LABELS) and about["documents"] == 200
    assert sorted([*about["files"], "korpus.json"]) == sorted(p.name for p in folder.iterdir())
    assert not [p for p in folder.iterdir() if p.suffix in (".bin", ".pt", ".pth")]
    loaded = tf.load_transformer(tf.opened(str(folder), task=tf.CLASSIFY), tf.CLASSIFY)
    assert set(loaded.model.config.id2label.values()) == set(tiny.LABELS)
    assert [row["epoch"] for row in tuned.curve] == list(range(1, 17))


def test_the_same_bytes_in_another_process(
    plain: str, reviews: list[dict[str, Any]], tmp_path: Path
) -> None:
    source = tmp_path / "reviews.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in reviews[:40]))
    line = ["tf", "finetune", str(source), "-m", plain, "--epochs", "2", "--seed", "3"]
    line += ["--max-length", "16", "--curve", "curve.csv"]
    done = fresh(*line, "-o", "one", cwd=tmp_path, OMP_NUM_THREADS="1", KORPUS_LANG="en")
    assert done.returncode == 0, done.stderr
    assert "40 documents longer than 16 pieces cut there" in done.stderr
    how = {"epochs": 2, "seed": 3, "max_length": 16}
    tuned = tf_finetune(reviews[:40], plain, **how)  # type: ignore[arg-type]
    tuned.save(str(tmp_path / "two"))
    weights = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two")]
    assert weights[0] == weights[1]
    tuned = tf_finetune(reviews[:40], plain, **{**how, "seed": 4})  # type: ignore[arg-type]
    tuned.save(str(tmp_path / "two"))  # it replaces an earlier one
    assert (tmp_path / "two" / "model.safetensors").read_bytes() != weights[0]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_lora_merged_is_lora_apart(
    plain: str, reviews: list[dict[str, Any]], tmp_path: Path
) -> None:
    how = {"lora": True, "epochs": 2, "learning_rate": 1e-2, "max_length": 24}
    tuned = tf_finetune(reviews[:60], plain, **how)  # type: ignore[arg-type]
    tuned.save(str(tmp_path / "apart"))
    sizes = {path.name: path.stat().st_size for path in (tmp_path / "apart").iterdir()}
    assert "adapter_model.safetensors" in sizes and "model.safetensors" not in sizes
    tuned.learner.merge()
    tuned.save(str(tmp_path / "merged"))
    texts = [row["text"] for row in reviews[:20]]
    apart = tf.load_transformer(tf.opened(str(tmp_path / "apart"), task=tf.CLASSIFY), tf.CLASSIFY)
    batch = apart.tokenizer(
        texts, padding=True, truncation=True, max_length=24, return_tensors="pt"
    )
    with torch.inference_mode():
        ours = apart.model(**batch).logits
    merged = logits(tmp_path / "merged", texts)
    assert torch.allclose(ours, merged, atol=1e-5)
    assert merged.abs().max() > 1e-2
    with pytest.raises(KorpusError, match="is an adapter") as caught:
        tf_finetune(reviews[:60], str(tmp_path / "apart"), **how)  # type: ignore[arg-type]
    assert "--merge" in (caught.value.hint or "")


def test_the_training_stops_and_keeps_the_best(plain: str, reviews: list[dict[str, Any]]) -> None:
    how = {"epochs": 30, "learning_rate": 1e-2, "patience": 1, "max_length": 16, "held_out": 0.2}
    tuned = tf_finetune(reviews[:60], plain, **how)  # type: ignore[arg-type]
    losses = [row["held_out_loss"] for row in tuned.curve]
    assert len(losses) < 30 and losses[-1] > losses[-2] == min(losses)


def test_tags_are_learned(plain: str, reviews: list[dict[str, Any]]) -> None:
    """A label per word, by its first letter: known from the pieces."""
    rows = []
    for row in reviews[:80]:
        words = row["text"].split()[:8]
        tags = ["AB"[ord(word[0]) % 2] for word in words]
        rows.append({"id": row["id"], "tokens": words, "tags": tags})
    how = {"task": "tag", "epochs": 8, "learning_rate": 5e-3, "held_out": 0.0}
    tuned = tf_finetune(rows, plain, test=rows, **how)  # type: ignore[arg-type]
    found = {row["measure"]: row for row in tuned if not row["label"]}
    assert found["accuracy"]["value"] > 0.9 > found["largest_class"]["value"]
    counted = sum(len(row["tags"]) for row in rows)
    assert found["accuracy"]["documents"] == counted


def test_a_token_has_one_label_at_its_first_piece() -> None:
    tokenizer = tiny.wordpiece()
    text, spans = "아주 맛있는 집", [(0, 2), (3, 6), (7, 8)]
    found, cut = tagged_words(tokenizer, [(text, spans, [0, 1, 2])], 64)
    (example,) = found
    assert isinstance(example.label, list) and not cut
    assert [one for one in example.label if one != IGNORED] == [0, 1, 2]
    offsets = tokenizer(text).encodings[0].offsets
    starts = [at for (at, _end), one in zip(offsets, example.label, strict=True) if one != IGNORED]
    assert starts == [0, 3, 7]


def test_language_models_go_on(plain: str, tiny_model: Tiny) -> None:
    texts = [{"id": str(n), "text": text} for n, text in enumerate(tiny.reviews()[:40])]
    for task, model in (("mlm", plain), ("clm", tiny_model("generate"))):
        how = {"task": task, "epochs": 3, "learning_rate": 3e-3, "max_length": 32}
        tuned = tf_finetune(texts, model, **how)  # type: ignore[arg-type]
        losses = [row["train_loss"] for row in tuned.curve]
        assert losses[-1] < losses[0]
        rows = {row["measure"]: row["value"] for row in tuned}
        assert rows["perplexity"] == pytest.approx(math.exp(rows["loss"]))


def test_long_texts_are_read_in_parts() -> None:
    tokenizer = tiny.byte_pairs()
    texts = ["가나다라 " * 30, "짧다"]
    found, parted = windows(tokenizer, texts, 16, end=1)
    assert parted == 1 and max(len(example.pieces) for example in found) <= 16
    for number, text in enumerate(texts):
        pieces = [piece for one in found if one.owner == number for piece in one.pieces]
        assert pieces == [*tokenizer(text)["input_ids"], 1]


def test_gaps_are_15_per_cent() -> None:
    tokenizer = tiny.wordpiece()
    examples, _parted = windows(tokenizer, tiny.reviews(), 64)
    batch = collated(examples, tokenizer)
    found = with_gaps(batch, tokenizer, torch.Generator().manual_seed(0))
    is_gap = found["labels"] != IGNORED
    text = (batch["input_ids"] > 4) | (batch["input_ids"] == tokenizer.unk_token_id)
    assert not (is_gap & ~text).any()
    assert (is_gap.sum() / text.sum()).item() == pytest.approx(0.15, abs=0.01)
    masked = found["input_ids"][is_gap] == tokenizer.mask_token_id
    assert masked.float().mean().item() == pytest.approx(0.8, abs=0.03)
    assert torch.equal(found["labels"][is_gap], batch["input_ids"][is_gap])


@pytest.mark.parametrize(
    ("rows", "how", "message"),
    [
        ([{"id": "1", "text": "가"}], {}, "label"),
        ([{"id": "1", "text": "가", "label": "x"}] * 4, {}, "needs two classes"),
        ([{"id": "1", "text": "가", "label": ""}] * 4, {}, "both a text and a label"),
        ([], {}, "both a text and a label"),
        ([], {"task": "mlm"}, "the input is empty"),
        ([{"id": "1", "text": "가"}], {"task": "clm"}, "cannot be trained for clm"),
        ([{"id": "1", "text": "가"}], {"task": "tag"}, "tags"),
        (
            [{"id": "1", "tokens": ["가", "나"], "tags": ["X"]}],
            {"task": "tag"},
            "is not a list of 2 labels",
        ),
    ],
)
def test_errors(plain: str, rows: Any, how: dict[str, Any], message: str) -> None:
    with pytest.raises(KorpusError, match=message) as caught:
        tf_finetune(rows, plain, **how)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    "how", [{"task": "sum"}, {"epochs": 0}, {"learning_rate": 0.0}, {"held_out": 0.9}]
)
def test_wrong_options(plain: str, how: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        tf_finetune([], plain, **how)


def test_a_causal_model_fills_no_gaps(tiny_model: Tiny) -> None:
    with pytest.raises(KorpusError, match="cannot be trained for mlm"):
        tf_finetune([{"id": "1", "text": "가"}], tiny_model("generate"), task="mlm")


def test_a_folder_of_others_stays(learned: Any, tmp_path: Path) -> None:
    tuned, _folder = learned
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("x")
    with pytest.raises(KorpusError, match="holds files that korpus did not write: thesis"):
        tuned.save(str(tmp_path / "mine"))
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "thesis.docx"]


def test_a_save_that_fails_leaves_the_old_model(
    learned: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tuned, _folder = learned
    tuned.save(str(tmp_path / "mine"))
    before = {path.name: path.read_bytes() for path in (tmp_path / "mine").iterdir()}

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tuned.learner.tokenizer, "save_pretrained", stop, raising=False)
    with pytest.raises(KeyboardInterrupt):
        tuned.save(str(tmp_path / "mine"))
    assert {p.name: p.read_bytes() for p in (tmp_path / "mine").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_out_of_memory_is_one_line(
    plain: str, reviews: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr("korpus.models.tuning.loop.collated", full)
    with pytest.raises(KorpusError, match="out of memory") as caught:
        tf_finetune(reviews[:20], plain)
    assert "--batch-size" in (caught.value.hint or "")


def test_the_loss_of_gaps_is_that_of_the_whole_model(plain: str) -> None:
    from transformers import AutoModelForMaskedLM

    model = AutoModelForMaskedLM.from_pretrained(plain).train(False)
    tokenizer = tiny.wordpiece()
    examples, _parted = windows(tokenizer, tiny.reviews()[:8], 32)
    batch = with_gaps(collated(examples, tokenizer), tokenizer, torch.Generator().manual_seed(0))
    found = [_loss(model, batch), model(**batch).loss]
    assert found[0].item() == pytest.approx(found[1].item(), rel=1e-5)
    slopes = [
        torch.autograd.grad(loss, model.bert.embeddings.word_embeddings.weight) for loss in found
    ]
    assert torch.allclose(slopes[0][0], slopes[1][0], atol=1e-6)
