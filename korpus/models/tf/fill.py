"""The stage tf_fill: what a masked language model expects where a text has a gap."""

import re
from collections.abc import Sequence
from typing import Any

from korpus.checks import check_least
from korpus.documents.texts import Rejects
from korpus.errors import KorpusError, UsageError
from korpus.files.pretrained import Pretrained
from korpus.messages import _
from korpus.models.tf.encoder import encoded, padded
from korpus.models.tf.loading import (
    CPU,
    FILL,
    Loaded,
    check_batch_size,
    load_transformer,
    opened,
)
from korpus.models.tf.texts import CUT, Apply, by_length, over_texts
from korpus.records import Counts, DocumentSource, Record, Records

MASK = "[MASK]"
_COLUMNS = ("filled", "candidates")
_INSIDE = re.compile(r"^(##|▁)")  # marks of pieces of words


def tf_fill(
    documents: DocumentSource,
    model: str | Pretrained,
    *,
    column: str | None = None,
    revision: str | None = None,
    download: bool = False,
    mask: str = MASK,
    top: int = 5,
    device: str = CPU,
    batch_size: int = 16,
    counts: Counts | None = None,
    rejects: Rejects | None = None,
) -> Records:
    """Fill gaps in texts by a masked language model (빈칸 채우기). Streams, in batches.

    `mask`: what marks a gap in the texts. `top`: candidates per gap. `model`, `revision`,
    `download`, `device`, `batch_size`: see `tf_embed`. Each gap is filled by itself, as the others
    stay gaps. A text that is longer than the model takes is cut off at its end, which is logged.

    Columns in: `id`, `text`. Out: all columns, `filled` (the text with the likeliest candidates),
    `candidates` (per gap a list of `token` and `probability`, the likeliest first) and `model`.
    Raises UsageError for wrong options, KorpusError for a model that is not there or of another
    kind.
    """
    check_batch_size(batch_size)
    check_least("--top", top, 1)
    if not mask:
        raise UsageError(_("--mask is empty"), _("such as: {example}").format(example=MASK))
    found = opened(model, revision=revision, download=download, device=device, task=FILL)

    def load() -> Apply:
        loaded = load_transformer(found, FILL, device)
        check_mask(loaded.tokenizer, found.name)

        def apply(records: list[Record], own: Counts) -> Sequence[Record]:
            texts = [str(record["text"]) for record in records]
            gaps = _candidates(loaded, texts, mask, top, batch_size, own)
            return [
                {"filled": _filled(text, mask, its_gaps), "candidates": its_gaps}
                for text, its_gaps in zip(texts, gaps, strict=True)
            ]

        return apply

    return over_texts(
        documents, column, load, _COLUMNS, found.label, counts=counts, rejects=rejects
    )


def check_mask(tokenizer: Any, name: str) -> None:
    """Raises KorpusError for a tokenizer without a mask, which gaps in texts need."""
    if tokenizer.mask_token_id is None:
        raise KorpusError(
            _("{name}: its tokenizer has no mask").format(name=name),
            _("choose a masked language model, such as that of korpus tf pretrain"),
        )


def _candidates(
    loaded: Loaded, texts: list[str], mask: str, top: int, size: int, counts: Counts
) -> list[list[list[Record]]]:
    """The candidates of each gap of each text."""
    with_gaps = [number for number, text in enumerate(texts) if mask in text]
    given = [texts[number].replace(mask, loaded.tokenizer.mask_token) for number in with_gaps]
    rows = []
    for text in given:
        row, is_cut = encoded(loaded, text)
        rows.append(row)
        counts[CUT] += is_cut
    found = by_length(
        rows, lambda row: len(row["input_ids"]), size, lambda some: _gaps(loaded, some, top)
    )
    gaps: list[list[list[Record]]] = [[] for _text in texts]
    for number, its_gaps in zip(with_gaps, found, strict=True):
        gaps[number] = its_gaps
    return gaps


def _gaps(loaded: Loaded, rows: list[dict[str, list[int]]], top: int) -> list[Any]:
    import torch

    inputs = padded(loaded, rows)
    is_gap = inputs["input_ids"] == loaded.tokenizer.mask_token_id
    with torch.inference_mode():
        logits = loaded.model(**inputs).logits
    found: list[list[list[Record]]] = []
    for its_logits, its_gaps in zip(logits, is_gap, strict=True):
        chances, codes = its_logits[its_gaps].softmax(dim=-1).topk(min(top, logits.shape[-1]))
        found.append(
            [
                [
                    {"token": loaded.tokenizer.decode([code]), "probability": chance}
                    for chance, code in zip(its_chances, its_codes, strict=True)
                ]
                for its_chances, its_codes in zip(chances.tolist(), codes.tolist(), strict=True)
            ]
        )
    return found


def _filled(text: str, mask: str, gaps: list[list[Record]]) -> str:
    """The text with the likeliest candidates; gaps that were cut off stay."""
    first, *rest = text.split(mask)
    parts = [first]
    for number, part in enumerate(rest):
        best = str(gaps[number][0]["token"]) if number < len(gaps) else mask
        parts += [_INSIDE.sub("", best).strip(), part]
    return "".join(parts)
