"""The stage tf_tag: names in texts by a transformer (개체명 인식)."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from korpus.checks import check_choice
from korpus.documents.texts import Rejects
from korpus.files.pretrained import Pretrained
from korpus.models.tf.encoder import encoded
from korpus.models.tf.loading import (
    CPU,
    TAG,
    check_batch_size,
    load_transformer,
    opened,
    quiet_library,
)
from korpus.models.tf.texts import OVERLAP, WINDOWS, Apply, by_length, over_texts
from korpus.records import Counts, DocumentSource, Record, Records

JOINS = ("simple", "first", "average", "max")
_COLUMNS = ("tokens", "tags", "spans", "scores", "analyzer")


def tf_tag(
    documents: DocumentSource,
    model: str | Pretrained,
    *,
    column: str | None = None,
    revision: str | None = None,
    download: bool = False,
    aggregate: str = "simple",
    device: str = CPU,
    batch_size: int = 16,
    counts: Counts | None = None,
    rejects: Rejects | None = None,
) -> Records:
    """Find names and other entities in texts (개체명 인식). Streams, in batches.

    `aggregate`: how pieces become entities, as in the library: `simple` joins pieces of one label;
    `first`, `average` and `max` give each word the label of its first piece, of the mean or of the
    surest one. `model`, `revision`, `download`, `device`, `batch_size`: see `tf_embed`. Longer
    texts are read in windows that overlap by a quarter.

    Columns in: `id`, `text`. Out: all columns, `tokens` (the entities), `tags` (their labels),
    `spans` (start and end in characters of `text`), `scores`, `analyzer`, `model`: so that freq,
    keyness, network and others count entities as they count words. Raises UsageError for wrong
    options, KorpusError for a model that is not there or of another kind.
    """
    check_batch_size(batch_size)
    check_choice("--aggregate", aggregate, JOINS)
    found = opened(model, revision=revision, download=download, device=device, task=TAG)
    return over_texts(
        documents,
        column,
        partial(_load, found, aggregate, device, batch_size),
        _COLUMNS,
        found.label,
        counts=counts,
        rejects=rejects,
    )


def _load(source: Pretrained, aggregate: str, device: str, size: int) -> Apply:
    loaded = load_transformer(source, TAG, device)
    tokenizer = loaded.tokenizer
    tokenizer.model_max_length = loaded.longest
    room = loaded.longest - tokenizer.num_special_tokens_to_add()
    pipe = quiet_library().pipeline(
        "token-classification",
        model=loaded.model,
        tokenizer=tokenizer,
        device=loaded.device,
        aggregation_strategy=aggregate,
        stride=room // OVERLAP,
    )

    def compute(texts: list[str]) -> list[Any]:
        return list(pipe(texts, batch_size=size))

    def apply(records: list[Record], counts: Counts) -> Sequence[Record]:
        texts = [str(record["text"]) for record in records]
        full = [number for number, text in enumerate(texts) if text.strip()]
        given = [texts[number] for number in full]
        counts[WINDOWS] += sum(encoded(loaded, text)[1] for text in given)
        entities: list[list[dict[str, Any]]] = [[] for _text in texts]
        for number, its in zip(full, by_length(given, len, size, compute), strict=True):
            entities[number] = its
        return [
            {
                "tokens": [text[one["start"] : one["end"]] for one in its],
                "tags": [str(one["entity_group"]) for one in its],
                "spans": [[int(one["start"]), int(one["end"])] for one in its],
                "scores": [float(one["score"]) for one in its],
                "analyzer": f"tf:{source.digest[:12]}",
            }
            for text, its in zip(texts, entities, strict=True)
        ]

    return apply
