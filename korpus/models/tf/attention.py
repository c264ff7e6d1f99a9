"""The stage tf_attention: which pieces of a text attend to which, in a transformer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from korpus.checks import check_least
from korpus.errors import KorpusError, UsageError
from korpus.files.pretrained import Pretrained
from korpus.messages import _
from korpus.models.tf.loading import BASE, CPU, Loaded, load_transformer, opened, out_of_memory
from korpus.models.tf.normal import composed_text
from korpus.records import Record, Row, Table

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_MOST = 200  # pieces


@dataclass
class Attention:
    """Attention weights of a text. Iterating gives the rows of `table`.

    `pieces`: as in the text, and the model's marks of start and end. `weights`: float64, heads ×
    pieces × pieces, rows that sum to 1: how far a piece (row) attends to another (column). `heads`:
    their numbers, from 1; 0 for the mean of all. `layer`: from 1. `is_rollout`: whether all layers
    up to this one are followed. `model`: which model it was.
    """

    pieces: list[str]
    weights: "Array"
    heads: list[int]
    layer: int
    is_rollout: bool
    model: str

    def __iter__(self) -> Iterator[Record]:
        return iter(self.table)

    @property
    def table(self) -> Table:
        """All weights: `layer`, `head`, `from`, `to`, `from_piece`, `to_piece`, `weight`."""
        names = ["layer", "head", "from", "to", "from_piece", "to_piece", "weight"]
        return Table(names, self._rows)

    def _rows(self) -> Iterator[Row]:
        for head, matrix in zip(self.heads, self.weights.tolist(), strict=True):
            for row, values in enumerate(matrix):
                for column, value in enumerate(values):
                    places = (row + 1, column + 1, self.pieces[row], self.pieces[column])
                    yield (self.layer, head, *places, value)


def tf_attention(
    text: str,
    model: str | Pretrained,
    *,
    layer: int | None = None,
    head: int | None = None,
    all_heads: bool = False,
    rollout: bool = False,
    revision: str | None = None,
    download: bool = False,
    device: str = CPU,
) -> Attention:
    """Tell the attention weights of a text in a transformer (어텐션).

    `layer`: which, from 1 (default: the last). `head`: which of its heads, from 1 (default: the
    mean of all); `all_heads`: each by itself. `rollout`: the attention of all layers up to this one
    together, with the identity for residual connections (attention rollout, Abnar & Zuidema 2020).
    `model`, `revision`, `download`, `device`: see `tf_embed`. Of an encoder and decoder the encoder
    is taken.

    Columns of its table: `layer` (from 1), `head` (from 1; 0: all together), `from` and `to` (which
    piece of the text, from 1, attends to which), `from_piece` and `to_piece` (as the text has
    them), `weight` (those of a piece sum to 1).
    Raises UsageError for wrong options and a text without pieces, KorpusError for a text of more
    than 200 pieces or than the model takes.
    """
    for option, value in (("--layer", layer), ("--head", head)):
        check_least(option, value, 1)
    if rollout and (head is not None or all_heads):
        raise UsageError(
            _("--rollout takes all heads together"), _("leave out --head and --all-heads")
        )
    if head is not None and all_heads:
        raise UsageError(_("--head and --all-heads exclude each other"), _("leave one out"))
    text = composed_text(text)
    if not text.strip():
        raise UsageError(
            _("the text is empty"), _("such as: {example}").format(example="'영화가 좋다'")
        )
    found = opened(model, revision=revision, download=download, device=device)
    loaded = load_transformer(found, BASE, device, attention=True)
    with out_of_memory():
        pieces, every = _weights(loaded, text)
    layers, heads = every.shape[:2]
    layer = layers if layer is None else layer
    _check_most("--layer", layer, layers)
    _check_most("--head", head or 1, heads)
    if rollout:
        weights, numbers = rolled_out(every[:layer])[None], [0]
    elif all_heads:
        weights, numbers = every[layer - 1], list(range(1, heads + 1))
    elif head is None:
        weights, numbers = every[layer - 1].mean(axis=0)[None], [0]
    else:
        weights, numbers = every[layer - 1, head - 1][None], [head]
    return Attention(pieces, weights, numbers, layer, rollout, found.label)


def rolled_out(every: "Array") -> "Array":
    """The attention roll-out of layers × heads × pieces × pieces (Abnar & Zuidema 2020)."""
    import numpy

    size = every.shape[-1]
    found: Array = numpy.eye(size)
    for mean in every.mean(axis=1):
        mixed = (mean + numpy.eye(size)) / 2
        found = mixed / mixed.sum(axis=1, keepdims=True) @ found
    return found


def _weights(loaded: Loaded, text: str) -> "tuple[list[str], Array]":
    """The pieces of a text, and float64 weights: layers × heads × pieces × pieces."""
    import numpy
    import torch

    encoded = loaded.tokenizer(text, return_offsets_mapping=True, return_tensors="pt")
    places = encoded.pop("offset_mapping")[0].tolist()
    most = min(loaded.longest, _MOST)
    if len(places) > most:
        raise KorpusError(
            _("the text has {count} pieces; at most {most} can be shown").format(
                count=len(places), most=most
            ),
            _("give one sentence"),
        )
    names = loaded.tokenizer.convert_ids_to_tokens(encoded["input_ids"][0])
    pieces = [
        text[start:end].strip() or name if end > start else name
        for (start, end), name in zip(places, names, strict=True)
    ]
    model: Any = loaded.model
    if loaded.model.config.is_encoder_decoder:
        model = loaded.model.get_encoder()
        encoded.pop("token_type_ids", None)
    with torch.inference_mode():
        found = model(**encoded.to(loaded.device), output_attentions=True)
    layers = [layer[0].double().cpu().numpy() for layer in found.attentions]
    return pieces, numpy.stack(layers)


def _check_most(option: str, value: int, most: int) -> None:
    if value > most:
        raise UsageError(
            _("{option} {value} is more than the model has: {most}").format(
                option=option, value=value, most=most
            )
        )
