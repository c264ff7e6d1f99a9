"""Attention weights: rows sum to 1, and are those of the library."""

from pathlib import Path

import numpy
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from korpus.errors import KorpusError, UsageError
from korpus.models.tf import tf_attention
from korpus.views import plot_attention
from tests.support import korpus
from tests.transformers.stages import Tiny

TEXT = "배송이 빨라서 기분이 좋았어요"


def theirs(folder: str) -> numpy.ndarray:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, attn_implementation="eager")
    model = model.get_encoder() if model.config.is_encoder_decoder else model
    with torch.inference_mode():
        encoded = tokenizer(TEXT, return_tensors="pt")
        found = model(**encoded, output_attentions=True).attentions
    return numpy.array([layer[0].numpy() for layer in found])


@pytest.mark.parametrize("kind", ["base", "generate", "rewrite", "classify"])
def test_weights_are_those_of_the_library(tiny_model: Tiny, kind: str) -> None:
    expected = theirs(tiny_model(kind))
    for layer in (1, 2):
        found = tf_attention(TEXT, tiny_model(kind), layer=layer, all_heads=True)
        assert numpy.allclose(found.weights, expected[layer - 1], atol=1e-6)
        assert numpy.allclose(found.weights.sum(axis=-1), 1, atol=1e-6)
        one = tf_attention(TEXT, tiny_model(kind), layer=layer, head=2)
        assert numpy.array_equal(one.weights[0], found.weights[1]) and one.heads == [2]
    mean = tf_attention(TEXT, tiny_model(kind))
    assert mean.layer == 2 and numpy.allclose(mean.weights[0], expected[1].mean(axis=0), atol=1e-6)
    if kind == "generate":  # no piece attends to later ones
        assert numpy.array_equal(numpy.triu(mean.weights[0], 1), numpy.zeros_like(mean.weights[0]))


def test_rollout_by_hand(tiny_model: Tiny) -> None:
    """Paths through two layers, each step half of the attention and half of the residual."""
    first, second = theirs(tiny_model("base")).astype(float).mean(axis=1)
    size = len(first)
    expected = numpy.zeros((size, size))
    for a in range(size):
        for b in range(size):
            for middle in range(size):
                up = (second[a, middle] + (a == middle)) / 2
                expected[a, b] += up * (first[middle, b] + (middle == b)) / 2
    found = tf_attention(TEXT, tiny_model("base"), rollout=True)
    assert numpy.allclose(found.weights[0], expected, atol=1e-6)
    assert numpy.allclose(found.weights.sum(axis=-1), 1)
    one = tf_attention(TEXT, tiny_model("base"), rollout=True, layer=1)
    assert numpy.allclose(one.weights[0], (first + numpy.eye(size)) / 2, atol=1e-6)


def test_pieces_are_as_in_the_text(tiny_model: Tiny) -> None:
    pieces = tf_attention(TEXT, tiny_model("base")).pieces
    assert pieces[0] == "[CLS]" and pieces[-1] == "[SEP]"
    assert "".join(pieces[1:-1]) == TEXT.replace(" ", "")
    assert set("".join(tf_attention(TEXT, tiny_model("generate")).pieces)) <= set(TEXT)


def test_what_cannot_be_shown(tiny_model: Tiny) -> None:
    model = tiny_model("base")
    for how, message in (
        ({"layer": 3}, "--layer 3 is more than the model has: 2"),
        ({"head": 3}, "--head 3 is more than the model has: 2"),
        ({"layer": 0}, "--layer 0 is less than 1"),
        ({"head": 1, "rollout": True}, "--rollout takes all heads"),
        ({"head": 1, "all_heads": True}, "exclude each other"),
    ):
        with pytest.raises(UsageError, match=message):
            tf_attention(TEXT, model, **how)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="the text is empty"):
        tf_attention(" ", model)
    with pytest.raises(KorpusError, match="pieces; at most 64 can be shown"):
        tf_attention("좋다 " * 100, model)


@pytest.mark.parametrize("chart", ["heat", "lines"])
def test_pictures_show_every_weight(tiny_model: Tiny, chart: str) -> None:
    found = tf_attention(TEXT, tiny_model("base"), head=1)
    spec = plot_attention(found, chart).to_dict()
    assert "layer 2, head 1" in str(spec["title"])
    layer = spec["layer"][0] if chart == "lines" else spec
    data = spec["datasets"][(layer.get("data") or spec["data"])["name"]]
    rows = {(row["row"], row["column"]): row["weight"] for row in data}
    for (row, column), value in numpy.ndenumerate(found.weights[0]):
        if chart == "heat" or value >= 0.02:
            assert abs(rows.pop((row, column)) - value) < 1e-6
    assert rows == {}
    both = plot_attention(tf_attention(TEXT, tiny_model("base"), all_heads=True), chart)
    assert len(both.to_dict()["concat"]) == 2


def test_the_command(tiny_model: Tiny, tmp_path: Path) -> None:
    line = ["tf", "attention", TEXT, "-m", tiny_model("base"), "--table", tmp_path / "t.csv"]
    done = korpus(*line, "-o", tmp_path / "a.html")
    assert done.returncode == 0 and done.stdout == "", done.stderr
    assert "model: base sha256:" in done.stderr and "배" in (tmp_path / "a.html").read_text()
    rows = (tmp_path / "t.csv").read_text().splitlines()
    size = len(tf_attention(TEXT, tiny_model("base")).pieces)
    assert rows[0] == "layer,head,from,to,from_piece,to_piece,weight" and len(rows) == size**2 + 1
