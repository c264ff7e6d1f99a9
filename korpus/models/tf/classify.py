"""The stage tf_classify: classes of texts, those of the model or any that are named."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from korpus.documents.texts import Rejects
from korpus.errors import KorpusError, UsageError
from korpus.files.pretrained import Pretrained
from korpus.messages import _
from korpus.models.tf.encoder import encoded, padded
from korpus.models.tf.loading import (
    CLASSIFY,
    CPU,
    Loaded,
    check_batch_size,
    load_transformer,
    opened,
)
from korpus.models.tf.texts import CUT, Apply, by_length, over_texts
from korpus.records import Counts, DocumentSource, Record, Records, split_names

HYPOTHESIS = "이 글은 {}에 대한 것이다."
_COLUMNS = ("predicted", "probability", "scores")


def tf_classify(
    documents: DocumentSource,
    model: str | Pretrained,
    *,
    column: str | None = None,
    revision: str | None = None,
    download: bool = False,
    labels: str | Iterable[str] | None = None,
    hypothesis: str = HYPOTHESIS,
    several: bool = False,
    scores: bool = False,
    device: str = CPU,
    batch_size: int = 16,
    counts: Counts | None = None,
    rejects: Rejects | None = None,
) -> Records:
    """Give texts the class that a transformer finds likeliest (분류). Streams, in batches.

    `labels`: instead of the model's classes any others, by a model of natural language inference
    (zero-shot, Yin et al. 2019): how far the text entails `hypothesis` with the label for {}.
    `several`: labels do not exclude each other, and each has a probability of its own. `scores`:
    adds the probabilities of all classes; of a model of regression `probability` and `scores` are
    its numbers. `model`, `revision`, `download`, `device`, `batch_size`:
    see `tf_embed`. A text that is longer than the model takes, with a hypothesis if any, is cut off
    at its end, which is logged.

    Columns in: `id`, `text`. Out: all columns, `predicted`, `probability` (of that class), with
    `scores` also `scores`, and `model`. A blank text has no class. Raises UsageError for wrong
    options, KorpusError for a model that is not there or of another kind.
    """
    check_batch_size(batch_size)
    names = None if labels is None else split_names(labels)
    _check_labels(names, hypothesis, several)
    found = opened(model, revision=revision, download=download, device=device, task=CLASSIFY)
    return over_texts(
        documents,
        column,
        partial(_load, found, names, hypothesis, several, scores, device, batch_size),
        _COLUMNS if scores else _COLUMNS[:2],
        found.label,
        counts=counts,
        rejects=rejects,
    )


def _check_labels(labels: list[str] | None, hypothesis: str, several: bool) -> None:
    if labels is None:
        if several:
            raise UsageError(
                _("{option} does nothing without {other}").format(
                    option="--several", other="--labels"
                ),
                _("leave it out, or add {other}").format(other="--labels"),
            )
        return
    if not labels or len(set(labels)) < len(labels):
        raise UsageError(
            _("--labels has no label, or one of them twice"),
            _("such as: {example}").format(example="--labels 배송,가격,품질"),
        )
    if "{}" not in hypothesis:
        raise UsageError(
            _("--hypothesis has no {} for the label"),
            _("such as: {example}").format(example=HYPOTHESIS),
        )


def _load(
    source: Pretrained,
    labels: list[str] | None,
    hypothesis: str,
    several: bool,
    scores: bool,
    device: str,
    size: int,
) -> Apply:
    loaded = load_transformer(source, CLASSIFY, device)
    names = _names(loaded) if labels is None else labels
    entailment = None if labels is None else _entailment(loaded)
    pairs = [None] if labels is None else [hypothesis.replace("{}", label) for label in labels]
    _check_room(loaded, labels or [], hypothesis)

    def apply(records: list[Record], counts: Counts) -> Sequence[Record]:
        texts = [str(record["text"]) for record in records]
        full = [number for number, text in enumerate(texts) if text.strip()]
        given = [texts[number] for number in full]
        rows = []
        for text in given:
            found = [encoded(loaded, text, pair) for pair in pairs]
            rows += [row for row, _is_cut in found]
            counts[CUT] += any(is_cut for _row, is_cut in found)
        logits = _logits(loaded, rows, size)
        if entailment is None:
            chances = _chances(loaded, logits)
        else:
            chances = _zero_shot(logits, len(pairs), entailment, several)
        results: list[Record] = [_row(names, None, scores) for _text in texts]
        for number, its_chances in zip(full, chances, strict=True):
            results[number] = _row(names, its_chances, scores)
        return results

    return apply


def _row(names: list[str], chances: list[float] | None, scores: bool) -> Record:
    if chances is None:
        row: Record = {"predicted": None, "probability": None}
        return {**row, "scores": None} if scores else row
    best = max(range(len(names)), key=lambda number: chances[number])
    row = {"predicted": names[best], "probability": chances[best]}
    return {**row, "scores": dict(zip(names, chances, strict=True))} if scores else row


def _names(loaded: Loaded) -> list[str]:
    """The names of the model's classes, in the order of their numbers."""
    labels = loaded.model.config.id2label
    return [str(labels[number]) for number in range(loaded.model.config.num_labels)]


def _entailment(loaded: Loaded) -> tuple[int, int]:
    """The numbers of entailment and of its opposite among the classes of the model."""
    names = [name.lower() for name in _names(loaded)]
    found = next((n for n, name in enumerate(names) if name.startswith("entail")), None)
    if found is None:
        raise KorpusError(
            _("{name} is no model of inference: its classes are {classes}").format(
                name=loaded.source.name, classes=", ".join(_names(loaded)[:10])
            ),
            _("--labels needs a model with the class entailment (NLI); leave it out"),
        )
    return found, -1 if found == 0 else 0


def _check_room(loaded: Loaded, labels: list[str], hypothesis: str) -> None:
    """Raises KorpusError for a hypothesis that leaves no room for a text."""
    for label in labels:
        if (
            len(loaded.tokenizer("", hypothesis.replace("{}", label))["input_ids"])
            >= loaded.longest
        ):
            raise KorpusError(
                _("--hypothesis with the label {label!r} is longer than the model takes").format(
                    label=label
                ),
                _("shorten --hypothesis or the label"),
            )


def _logits(loaded: Loaded, rows: list[dict[str, list[int]]], size: int) -> Any:
    """The logits of rows: a tensor of rows × classes."""
    import torch

    def compute(some: list[dict[str, list[int]]]) -> Any:
        with torch.inference_mode():
            return loaded.model(**padded(loaded, some)).logits.float().cpu()

    found = by_length(rows, lambda row: len(row["input_ids"]), size, compute)
    return torch.stack(found) if found else torch.empty(0, loaded.model.config.num_labels)


def _chances(loaded: Loaded, logits: Any) -> list[list[float]]:
    """The probabilities of classes, each by itself where the model was trained so.

    Of a model of regression, its numbers as they are.
    """
    config = loaded.model.config
    if config.problem_type == "regression":
        pass
    elif config.problem_type == "multi_label_classification" or config.num_labels == 1:
        logits = logits.sigmoid()
    else:
        logits = logits.softmax(dim=-1)
    rows: list[list[float]] = logits.tolist()
    return rows


def _zero_shot(
    logits: Any, labels: int, classes: tuple[int, int], several: bool
) -> list[list[float]]:
    """The probabilities of labels. `logits`: of each text with each label; `classes`: see above."""
    entailment, opposite = classes
    grouped = logits.reshape(-1, labels, logits.shape[-1])
    if several or labels == 1:
        found = grouped[..., [opposite, entailment]].softmax(dim=-1)[..., 1]
    else:
        found = grouped[..., entailment].softmax(dim=-1)
    rows: list[list[float]] = found.tolist()
    return rows
