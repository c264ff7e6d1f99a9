"""Vectors of texts by a transformer: windows of long texts, and pooling of pieces."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from korpus.checks import check_choice
from korpus.files.pooling import FIRST, MAX, MEAN, Pooling
from korpus.files.pretrained import Pretrained
from korpus.models.tf.loading import BASE, Loaded, load_transformer
from korpus.models.tf.texts import OVERLAP, by_length

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

MODEL = "model"  # as the model declares
POOLINGS = (MODEL, MEAN, FIRST, MAX)
_OWNERS = "overflow_to_sample_mapping"


class TextVector(NamedTuple):
    """The vector of a text, with the numbers of its pieces and of its windows."""

    vector: "Array"
    pieces: int
    windows: int


def way_of(source: Pretrained, pooling: str) -> Pooling:
    """How a model makes vectors: as it declares, else the mean of its pieces' vectors."""
    check_choice("--pooling", pooling, POOLINGS)
    declared = source.pooling
    if pooling != MODEL:
        return Pooling(pooling, False, declared.longest if declared else None)
    return declared or Pooling(MEAN, False, None)


def text_vectors(
    texts: Sequence[str], source: Pretrained, way: Pooling, device: str, batch_size: int
) -> list[TextVector]:
    """The vectors of texts (float32, d); zeros for a text without a piece.

    A text that is longer than the model takes is read in windows that overlap by a quarter; its
    vector is the mean of theirs, weighted by their pieces.
    """
    import numpy

    loaded = load_transformer(source, BASE, device)
    longest = min(loaded.longest, way.longest or loaded.longest)
    tokenizer = loaded.tokenizer
    marks = tokenizer.num_special_tokens_to_add()
    windows: list[dict[str, list[int]]] = []
    owners: list[int] = []
    for number, text in enumerate(texts):
        found = tokenizer(
            text,
            truncation=True,
            max_length=longest,
            stride=(longest - marks) // OVERLAP,
            return_overflowing_tokens=True,
            return_special_tokens_mask=True,
        )
        columns = {name: rows for name, rows in found.items() if name != _OWNERS}
        for values in zip(*columns.values(), strict=True):
            window = dict(zip(columns, values, strict=True))
            if not all(window["special_tokens_mask"]):
                windows.append(window)
                owners.append(number)
    vectors = by_length(
        windows,
        lambda window: len(window["input_ids"]),
        batch_size,
        lambda some: _pooled(loaded, some, way),
    )
    size = int(loaded.model.config.hidden_size)
    sums = numpy.zeros((len(texts), size))
    pieces = numpy.zeros(len(texts), numpy.int64)
    counts = numpy.zeros(len(texts), numpy.int64)
    for number, window, vector in zip(owners, windows, vectors, strict=True):
        weight = len(window["input_ids"]) - sum(window["special_tokens_mask"])
        sums[number] += weight * vector.astype(float)
        pieces[number] += weight
        counts[number] += 1
    means = sums / numpy.maximum(pieces, 1)[:, None]
    if way.is_unit:
        means = _unit(means)
    rows = means.astype(numpy.float32)
    return [TextVector(*row) for row in zip(rows, pieces.tolist(), counts.tolist(), strict=True)]


def _pooled(loaded: Loaded, windows: list[dict[str, list[int]]], way: Pooling) -> "Array":
    """The vectors of windows (float32)."""
    import torch

    inputs = padded(loaded, windows)
    model = loaded.model
    if model.config.is_encoder_decoder:  # its decoder would need a text to continue
        model = model.get_encoder()
        inputs.pop("token_type_ids", None)
    with torch.inference_mode():
        states = model(**inputs).last_hidden_state
        mask = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
        if way.mode == FIRST:
            found = states[:, 0]
        elif way.mode == MAX:
            found = states.masked_fill(mask == 0, float("-inf")).max(dim=1).values
        else:
            found = (states * mask).sum(dim=1) / mask.sum(dim=1)
    rows: Array = found.cpu().numpy()
    return _unit(rows) if way.is_unit else rows


def encoded(loaded: Loaded, text: str, pair: str | None = None) -> tuple[dict[str, Any], bool]:
    """A text for the model, and whether its end was cut off. `pair`: comes after it, in full."""
    how = True if pair is None else "only_first"
    found = loaded.tokenizer(text, pair, truncation=how, max_length=loaded.longest)
    return dict(found), bool(found.encodings[0].overflowing)


def padded(loaded: Loaded, windows: list[dict[str, list[int]]]) -> Any:
    """Windows as tensors of equal length, on the model's device."""
    names = set(loaded.tokenizer.model_input_names)
    kept = [{name: row[name] for name in row if name in names} for row in windows]
    batch = loaded.tokenizer.pad(kept, padding=True, padding_side="right", return_tensors="pt")
    return batch.to(loaded.device)


def _unit(rows: "Array") -> "Array":
    import numpy

    lengths = numpy.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Array = rows / numpy.where(lengths == 0, 1, lengths)
    return scaled
