"""Texts as the pieces of a tokenizer, to train transformers on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from korpus.records import Record

if TYPE_CHECKING:
    import numpy
    import torch

    Array = numpy.ndarray

IGNORED = -100  # the label of pieces that do not count in a loss
_MASKED, _KEPT, _OTHER = 0.15, 0.1, 0.1  # shares of pieces, and of those of them (BERT)
_AT_ONCE = 1000  # texts per call of a tokenizer
_POOL = 50  # batches whose texts are put in order of length


@dataclass(frozen=True)
class Example:
    """A text, or a part of one: its pieces, and its class or a label per piece.

    `owner`: the number of its document.
    """

    pieces: list[int]
    label: int | list[int] | None
    owner: int


def composed(record: Record) -> str:
    """The text of a document in composed form (NFC); empty for a missing one."""
    text = record.get("text")
    return normalize("NFC", text) if isinstance(text, str) else ""


def whole_texts(
    tokenizer: Any, texts: Sequence[str], labels: Sequence[int], longest: int
) -> tuple[list[Example], int]:
    """An example per text, cut at `longest` pieces, and how many were cut."""
    found: list[Example] = []
    cut = 0
    for first, some in _in_parts(texts):
        encoded = tokenizer(some, truncation=True, max_length=longest)
        for number, encoding in enumerate(encoded.encodings, first):
            cut += bool(encoding.overflowing)
            found.append(Example(list(encoding.ids), labels[number], number))
    return found, cut


def windows(
    tokenizer: Any, texts: Sequence[str], longest: int, *, end: int | None = None
) -> tuple[list[Example], int]:
    """The texts in parts of at most `longest` pieces, and how many texts have several.

    `end`: a piece to put after the last part of each text.
    """
    found: list[Example] = []
    parted = 0
    size = longest - (end is not None)
    for first, some in _in_parts(texts):
        encoded = tokenizer(
            some, truncation=True, max_length=size, return_overflowing_tokens=True, stride=0
        )
        owners = [first + int(owner) for owner in encoded["overflow_to_sample_mapping"]]
        for at, (owner, ids) in enumerate(zip(owners, encoded["input_ids"], strict=True)):
            is_last = at + 1 == len(owners) or owners[at + 1] != owner
            parted += is_last and at > 0 and owners[at - 1] == owner
            more = [end] if end is not None and is_last and ids[-1:] != [end] else []
            if pieces := [*ids, *more]:
                found.append(Example(pieces, None, owner))
    return found, parted


def tagged_words(
    tokenizer: Any, records: Iterable[tuple[str, list[tuple[int, int]], list[int]]], longest: int
) -> tuple[list[Example], int]:
    """An example per text, whose first piece of each token has the label of the token.

    `records`: texts, the spans of their tokens, and the labels of these.
    """
    found: list[Example] = []
    cut = 0
    rows = list(records)
    for first, some in _in_parts([text for text, _spans, _labels in rows]):
        encoded = tokenizer(some, truncation=True, max_length=longest)
        for number, encoding in enumerate(encoded.encodings, first):
            text, spans, labels = rows[number]
            cut += bool(encoding.overflowing)
            owners = _owners(len(text), spans)
            seen: set[int] = set()
            marks = []
            for (start, stop), is_special in zip(
                encoding.offsets, encoding.special_tokens_mask, strict=True
            ):
                while start < stop and text[start].isspace():
                    start += 1
                owner = owners[start] if start < stop and not is_special else -1
                marks.append(IGNORED if owner < 0 or owner in seen else labels[owner])
                seen.add(owner)
            found.append(Example(list(encoding.ids), marks, number))
    return found, cut


def _owners(size: int, spans: list[tuple[int, int]]) -> list[int]:
    """The number of the token that each character belongs to; -1 without one."""
    owners = [-1] * size
    for number, (start, stop) in enumerate(spans):
        owners[start:stop] = [number] * len(owners[start:stop])
    return owners


def _in_parts(texts: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    for first in range(0, len(texts), _AT_ONCE):
        yield first, list(texts[first : first + _AT_ONCE])


def shuffled_batches(examples: list[Example], size: int, seed: int) -> "list[Array]":
    """Numbers of examples in batches at random, of about the same length in each."""
    import numpy

    random = numpy.random.default_rng(seed)
    order = random.permutation(len(examples))
    lengths = numpy.array([len(example.pieces) for example in examples])
    found = []
    for start in range(0, len(order), size * _POOL):
        pool = order[start : start + size * _POOL]
        pool = pool[numpy.argsort(-lengths[pool], kind="stable")]
        found += [pool[at : at + size] for at in range(0, len(pool), size)]
    return [found[n] for n in random.permutation(len(found)).tolist()]


def batches_by_length(examples: list[Example], size: int) -> "list[Array]":
    """Numbers of examples in batches, the longest first."""
    import numpy

    lengths = numpy.array([len(example.pieces) for example in examples])
    order = numpy.argsort(-lengths, kind="stable")
    return [order[at : at + size] for at in range(0, len(order), size)]


def collated(examples: list[Example], tokenizer: Any) -> "dict[str, torch.Tensor]":
    """The tensors of a batch: pieces, which of them count, and labels."""
    import torch

    size = max(len(example.pieces) for example in examples)
    pad = tokenizer.pad_token_id or 0
    ids = [e.pieces + [pad] * (size - len(e.pieces)) for e in examples]
    mask = [[1] * len(e.pieces) + [0] * (size - len(e.pieces)) for e in examples]
    batch = {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}
    if isinstance(examples[0].label, int):
        batch["labels"] = torch.tensor([example.label for example in examples])
    elif examples[0].label is not None:
        batch["labels"] = torch.tensor(
            [
                list(example.label) + [IGNORED] * (size - len(example.label))
                for example in examples
                if isinstance(example.label, list)
            ]
        )
    return batch


def with_next_pieces(batch: "dict[str, torch.Tensor]") -> "dict[str, torch.Tensor]":
    """The batch with the pieces themselves as labels, for causal language models."""
    labels = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, IGNORED)
    return {**batch, "labels": labels}


def with_gaps(
    batch: "dict[str, torch.Tensor]", tokenizer: Any, generator: "torch.Generator"
) -> "dict[str, torch.Tensor]":
    """The batch with gaps to fill in (Devlin et al. 2019): 15 % of the pieces.

    Of these 80 % become [MASK], 10 % another piece, and 10 % stay.
    """
    import torch

    ids = batch["input_ids"]
    marks = [n for n in tokenizer.all_special_ids if n != tokenizer.unk_token_id]
    is_text = (batch["attention_mask"] == 1) & ~torch.isin(ids, torch.tensor(marks))
    chance = torch.rand(ids.shape, generator=generator)
    others = torch.randint(len(tokenizer), ids.shape, generator=generator)
    share = torch.rand(ids.shape, generator=generator)
    is_gap = is_text & (chance < _MASKED)
    filled = torch.where(share < 1 - _KEPT - _OTHER, tokenizer.mask_token_id, others)
    filled = torch.where(share < 1 - _KEPT, filled, ids)
    labels = ids.masked_fill(~is_gap, IGNORED)
    return {**batch, "input_ids": torch.where(is_gap, filled, ids), "labels": labels}
