"""Vectors of documents: those of the library, and what other commands do with them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from transformers import AutoModel, AutoTokenizer, pipeline

from korpus.errors import KorpusError, UsageError
from korpus.files import load
from korpus.models import cluster, index, infer, search, similar, topics_embed
from korpus.models.tf import tf_embed
from tests.support import korpus, lines
from tests.transformers import tiny

Tiny = Callable[[str], str]


@pytest.fixture
def texts() -> list[str]:
    """Short texts, which fit into one window."""
    parts = [part.strip() for text in tiny.reviews()[:20] for part in text.split(".")]
    return list(dict.fromkeys(filter(None, parts)))[:40]


def short(texts: list[str]) -> list[str]:
    tokenizer = tiny.wordpiece()
    return [text for text in texts if len(tokenizer(text)["input_ids"]) <= tiny.LENGTH]


def test_the_mean_of_what_the_pipeline_gives(tiny_model: Tiny, texts: list[str]) -> None:
    texts = short(texts)
    assert len(texts) > 10
    pipe = pipeline("feature-extraction", model=tiny_model("base"), device="cpu")
    expected = [numpy.array(pipe(text)[0]).mean(axis=0) for text in texts]
    found = tf_embed(texts, tiny_model("base"))
    assert numpy.allclose(found.vectors, expected, atol=1e-5)
    first = [numpy.array(pipe(text)[0])[0] for text in texts[:5]]
    ours = tf_embed(texts[:5], tiny_model("base"), pooling="cls")
    assert numpy.allclose(ours.vectors, first, atol=1e-5)


def test_batches_change_nothing_that_counts(tiny_model: Tiny, texts: list[str]) -> None:
    model = tiny_model("base")
    one, many = (tf_embed(texts, model, batch_size=size).vectors for size in (1, 7))
    assert numpy.allclose(one, many, atol=1e-5)
    assert numpy.array_equal(many, tf_embed(texts, model, batch_size=7).vectors)


def test_long_texts_by_windows(tiny_model: Tiny) -> None:
    text = " ".join(tiny.reviews()[:6])
    tokenizer = AutoTokenizer.from_pretrained(tiny_model("base"))
    model = AutoModel.from_pretrained(tiny_model("base"))
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    room = tiny.LENGTH - 2
    step, total, weights = room - room // 4, 0.0, 0
    for start in range(0, len(ids), step):
        part = ids[start : start + room]
        with torch.inference_mode():
            states = model(input_ids=torch.tensor([[2, *part, 3]])).last_hidden_state[0]
        total = total + len(part) * states.mean(dim=0).numpy()
        weights += len(part)
        if start + room >= len(ids):
            break
    assert start > 0
    found = tf_embed([text], tiny_model("base"))
    assert numpy.allclose(found.vectors[0], total / weights, atol=1e-5)


def test_a_text_without_pieces_is_zeros(tiny_model: Tiny) -> None:
    found = tf_embed(["", "  ", "영화"], tiny_model("base"), prefix="글: ")
    assert found.vectors.any(axis=1).tolist() == [False, False, True]
    with pytest.raises(KorpusError, match="the input is empty"):
        tf_embed([], tiny_model("base"))


def declared(folder: str, to: Path, modes: dict[str, Any], *more: str) -> str:
    shutil.copytree(folder, to)
    steps = [("Transformer", ""), ("Pooling", "1_Pooling"), *((name, f"2_{name}") for name in more)]
    modules = [{"type": f"sentence_transformers.models.{n}", "path": path} for n, path in steps]
    (to / "modules.json").write_text(json.dumps(modules))
    (to / "1_Pooling").mkdir()
    (to / "1_Pooling" / "config.json").write_text(json.dumps(modes))
    (to / "sentence_bert_config.json").write_text('{"max_seq_length": 24}')
    return str(to)


def test_pooling_as_the_model_declares(tiny_model: Tiny, tmp_path: Path) -> None:
    text = " ".join(tiny.reviews()[:2])
    modes = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    folder = declared(tiny_model("base"), tmp_path / "a", modes, "Normalize")
    tokenizer, model = tiny.wordpiece(), AutoModel.from_pretrained(tiny_model("base"))
    ids = tokenizer(text, truncation=True, max_length=24, return_tensors="pt")
    with torch.inference_mode():
        states = model(**ids).last_hidden_state[0, 0]
    short_text = tokenizer.decode(ids["input_ids"][0], skip_special_tokens=True)
    found = tf_embed([short_text], folder)
    assert found.options["pooling"] == "cls" and found.options["longest"] == 24
    assert numpy.isclose(numpy.linalg.norm(found.vectors), 1)
    assert numpy.allclose(found.vectors[0], states / states.norm(), atol=1e-5)
    sums = {"pooling_mode_mean_sqrt_len_tokens": True}
    with pytest.raises(KorpusError, match="a step that is not known here: pooling_mode_mean_sqrt"):
        tf_embed(["가"], declared(tiny_model("base"), tmp_path / "b", sums))
    with pytest.raises(KorpusError, match="a step that is not known here: Dense"):
        tf_embed(["가"], declared(tiny_model("base"), tmp_path / "c", modes, "Dense"))


def test_what_other_stages_do_with_it(tiny_model: Tiny, tmp_path: Path, texts: list[str]) -> None:
    documents = [{"id": f"d{n}", "text": text} for n, text in enumerate(texts)]
    path = tmp_path / "vectors.safetensors"
    tf_embed(documents, tiny_model("base")).save(path)
    model = load(path)
    unit = model.vectors / numpy.linalg.norm(model.vectors, axis=1, keepdims=True)  # type: ignore[attr-defined]
    nearest = [f"d{n}" for n in numpy.argsort(-(unit @ unit[3]), kind="stable") if n != 3][:5]
    assert [row["id"] for row in similar(model, like="d3", top=5)] == nearest
    rows = list(similar(model, texts[3], nearest="documents", top=1))
    assert rows[0]["id"] == "d3" and numpy.isclose(rows[0]["similarity"], 1, atol=1e-5)
    new = list(infer(documents[:2], model))
    values = numpy.array([[row[f"d{n}"] for n in range(1, 33)] for row in new])
    assert numpy.allclose(values, model.vectors[:2], atol=1e-4)  # type: ignore[attr-defined]
    tokens = [{**one, "tokens": one["text"].split()} for one in reversed(documents)]
    groups = cluster(tokens, k=3, features="vectors", vectors=model)  # type: ignore[arg-type]
    from sklearn.cluster import KMeans

    labels = KMeans(3, n_init=5, random_state=0).fit_predict(unit[::-1].astype(float))
    pairs = set(zip(groups.labels.tolist(), labels.tolist(), strict=True))
    assert len(pairs) == 3
    with pytest.raises(UsageError, match="no word vectors"):
        cluster(tokens, k=3, items="words", features="vectors", vectors=model)  # type: ignore[arg-type]
    topics = topics_embed(tokens, vectors=model, k=2, reduce="none")  # type: ignore[arg-type]
    assert topics.options["model"] == tiny_model("base") and len(topics.shares) == 2
    made = index(tokens, vectors=model)
    hit = next(iter(search(made, texts[5], method="vectors", vectors=model, top=1)))
    assert hit["id"] == "d5" and numpy.isclose(hit["score"], 1, atol=1e-5)


def test_the_transformer_has_to_be_the_same(tiny_model: Tiny, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model("base"), folder)
    tf_embed(["가", "나"], str(folder)).save(tmp_path / "v.safetensors")
    model = load(tmp_path / "v.safetensors")
    shutil.copy(Path(tiny_model("fill"), "model.safetensors"), folder)
    with pytest.raises(KorpusError, match="has other weights than those that made the vectors"):
        similar(model, "가", nearest="documents")
    shutil.rmtree(folder)
    with pytest.raises(KorpusError, match=r"need its transformer: .*no such file or folder"):
        similar(model, "가", nearest="documents")
    assert [row["id"] for row in similar(model, like="1")] == ["2"]


def test_the_command(tiny_model: Tiny, tmp_path: Path, texts: list[str]) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "v.safetensors"
    documents = [{"id": str(n), "text": text} for n, text in enumerate(texts)]
    source.write_text(lines(*documents) + '{"id": "x", "text": "가\\ud83d"}\n')
    line = ["tf", "embed", str(source), "-m", tiny_model("base"), "-o", str(output)]
    done = korpus(*line)
    assert done.returncode == 3 and "half of an emoji" in done.stderr, done.stderr
    assert "model: base sha256:" in done.stderr and "(cc0-1.0)" in done.stderr
    first = output.read_bytes()
    assert load(output).ids == [one["id"] for one in documents]  # type: ignore[attr-defined]
    assert korpus(*line, "--rejects", tmp_path / "aside.jsonl").returncode == 0
    assert output.read_bytes() == first
    assert not list(tmp_path.glob("*.partial*"))
    plain = tf_embed(documents, tiny_model("base"))
    assert numpy.allclose(plain.vectors, load(output).vectors, atol=1e-6)  # type: ignore[attr-defined]
