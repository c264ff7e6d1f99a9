"""The stage tf_finetune: a pre-trained transformer and documents → a model for a task."""

import logging
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from korpus.checks import check_choice
from korpus.documents.groups import chosen, quotas
from korpus.errors import KorpusError
from korpus.files.pretrained import Pretrained, check_packages, find_pretrained
from korpus.messages import _, plural
from korpus.models.classify.quality import COLUMNS, Outcome, quality_table
from korpus.models.tf.fill import check_mask
from korpus.models.tuning.examples import Example, whole_texts, windows
from korpus.models.tuning.labelled import Labelled, labelled_texts, labelled_words, tag_examples
from korpus.models.tuning.learner import (
    CLASSIFY,
    CLM,
    MLM,
    TAG,
    TASKS,
    Learner,
    load_learner,
    usual_rate,
)
from korpus.models.tuning.loop import Plan, Report, Scored, check_plan, fit, scored
from korpus.models.tuning.tuned import Tuned, digest_of, log_cut
from korpus.records import DocumentSource, Row, Table
from korpus.statistics.resampling import bootstrap_interval

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_REPLICATES = 1000


@dataclass(frozen=True)
class _Parts:
    """The numbers of the documents to train on, to stop by, and to test on."""

    train: list[int]
    stop: list[int]
    test: list[int]


def tf_finetune(
    documents: DocumentSource,
    model: str | Pretrained,
    *,
    task: str = CLASSIFY,
    label: str | None = None,
    test: "DocumentSource | None" = None,
    held_out: float = 0.1,
    lora: bool = False,
    merge: bool = False,
    epochs: int = 5,
    batch_size: int = 16,
    learning_rate: float | None = None,
    patience: int = 2,
    max_length: int | None = None,
    revision: str | None = None,
    download: bool = False,
    device: str = "cpu",
    seed: int = 0,
    report: Report | None = None,
) -> Tuned:
    """Train a pre-trained transformer further for a task. Needs the whole input.

    Parameters: `model`, `revision`, `download`, `device`: see `tf_embed`. `task`: classify (a class
    per document), tag (one per token), mlm or clm (go on with the training of a masked or causal
    language model on other texts). `label`: the column of the classes; of tag a list per document,
    as long as tokens (default: label; tags). `held_out`: the share of documents to stop by, and as
    many to measure the model on; of `test`, if given, all. The training ends after `patience`
    epochs without a lower loss, and the best epoch counts; 0: never. `lora`: train an adapter of
    rank 8 on all linear layers (Hu et al. 2022), saved alone unless `merge`. `epochs`,
    `batch_size`, `learning_rate` (default: 5e-5 for 768 hidden units, more for fewer, ten times
    that for LoRA) with AdamW, a tenth of the steps to warm up, then a linear decay. `max_length`:
    pieces of a text (default: what the model takes); longer ones are cut and counted, or of mlm and
    clm read in parts. `report`: called with the steps done and all.

    Columns in: `id`, `text`, the label; of tag `tokens`, and the places of morph --spans if there.
    Columns out: as `classify_evaluate`; of mlm and clm loss, perplexity and accuracy. Same
    documents, options and seed, same weights on the same kind of processor.
    Raises UsageError for wrong options, KorpusError for labels that are missing or all alike.
    """
    check_finetune(task, epochs, batch_size, learning_rate, patience, held_out, max_length)
    found = model
    if isinstance(found, str):
        found = find_pretrained(found, revision=revision, download=download)
    own = _read(documents, task, label)
    names = own.names(label)
    other = _read(test, task, label).only(names) if test is not None else None
    learner = load_learner(
        found,
        task,
        labels=names or None,
        lora=lora,
        merge=merge,
        device=device,
        seed=seed,
    )
    longest = min(max_length or learner.longest, learner.longest)
    parts = _parts(own, names, held_out, seed, has_test=other is not None)
    plan = Plan(
        task,
        epochs,
        batch_size,
        learning_rate or usual_rate(learner.model.config, lora=lora),
        patience,
        seed,
    )
    examples = _examples(learner, own, names, task, longest)
    train, stop, tested = (_of(examples, part) for part in (parts.train, parts.stop, parts.test))
    if other is not None:
        tested = _examples(learner, other, names, task, longest)
    if not train:
        raise KorpusError(_("there is nothing to train on: the input is empty"))
    curve = fit(learner, train, stop, plan, report)
    if lora and merge:
        learner.merge()
    result = scored(learner, tested, task, batch_size) if tested else None
    ids = own.ids if other is None else other.ids
    outcome = _outcome(result, names, ids) if names and result is not None else None
    table = Table(COLUMNS, list)
    if outcome is not None:
        table = quality_table(outcome, seed=seed)
    elif result is not None and len(result.losses):
        table = language_table(result, seed)
    provenance = {
        "command": "tf finetune",
        "task": task,
        "label": own.column,
        "labels": names,
        "documents": len(own.ids),
        "input": digest_of(zip(own.texts, own.labels, strict=True)),
        "seed": seed,
        "options": {
            "held_out": held_out,
            "lora": lora,
            "merge": merge,
            "epochs": epochs,
            "batch_size": batch_size,
            "learning_rate": plan.rate,
            "patience": patience,
            "max_length": longest,
        },
    }
    return Tuned(learner, table, curve, outcome, provenance)


def check_finetune(
    task: str,
    epochs: int,
    batch_size: int,
    learning_rate: float | None,
    patience: int,
    held_out: float,
    max_length: int | None,
) -> None:
    """Raises UsageError for options that `tf_finetune` does not take; KorpusError without its
    packages."""
    check_choice("--task", task, TASKS)
    check_plan(epochs, batch_size, learning_rate, patience, held_out, max_length)
    check_packages()


def _read(documents: DocumentSource, task: str, label: str | None) -> Labelled:
    if task == TAG:
        return labelled_words(documents, label or "tags")
    return labelled_texts(documents, (label or "label") if task == CLASSIFY else None)


def _parts(
    own: Labelled, names: list[str], held_out: float, seed: int, *, has_test: bool
) -> _Parts:
    """Parts of the documents at random, of classes in equal shares."""
    size = len(own.ids)
    place = {name: number for number, name in enumerate(names)}
    codes = array("L", [place[one] if isinstance(one, str) else 0 for one in own.labels])
    sizes = [codes.count(code) for code in range(max(1, len(names)))]
    taken = [0] * size
    for part, share in ((1, held_out), (2, 0.0 if has_test else held_out)):
        left = [n for n in range(size) if not taken[n]]
        some = array("L", [codes[n] for n in left])
        counts = [some.count(code) for code in range(len(sizes))]
        wanted = quotas(sizes, share, seed)
        # Of each class one document is left to train on.
        wanted = [min(want, max(0, count - 1)) for want, count in zip(wanted, counts, strict=True)]
        for n, is_chosen in zip(left, chosen(some, counts, wanted, seed + part), strict=True):
            if is_chosen:
                taken[n] = part
    found = [[n for n in range(size) if taken[n] == part] for part in range(3)]
    return _Parts(*found)


def _of(examples: list[Example], owners: list[int]) -> list[Example]:
    wanted = set(owners)
    return [example for example in examples if example.owner in wanted]


def _examples(
    learner: Learner, own: Labelled, names: list[str], task: str, longest: int
) -> list[Example]:
    place = {name: number for number, name in enumerate(names)}
    if task == CLASSIFY:
        labels = [place[str(name)] for name in own.labels]
        found, cut = whole_texts(learner.tokenizer, own.texts, labels, longest)
        log_cut(cut, longest)
    elif task == TAG:
        found, cut = tag_examples(learner.tokenizer, own, place, longest)
        log_cut(cut, longest)
    else:
        if task == MLM:
            check_mask(learner.tokenizer, learner.source.name if learner.source else "?")
        end = learner.tokenizer.eos_token_id if task == CLM else None
        found, parted = windows(learner.tokenizer, own.texts, longest, end=end)
        if parted:
            logger.info(
                _("%s longer than %s pieces read in parts"),
                plural(parted, "document"),
                f"{longest:,}",
            )
    return found


def _outcome(result: Scored, names: list[str], ids: list[str]) -> Outcome:
    """The predictions as those of `classify_evaluate`; of two classes one score."""
    scores = result.scores
    if len(names) == 2:
        scores = scores[:, 1:] - scores[:, :1]
    return Outcome([ids[n] for n in result.owners.tolist()], names, result.truth, scores, 1.0)


def language_table(result: Scored, seed: int) -> Table:
    """The quality of a language model, with intervals over documents."""
    import numpy

    owners = numpy.unique(result.owners, return_inverse=True)[1]
    sums = numpy.stack(
        [
            numpy.bincount(owners, values)
            for values in (result.losses, result.is_right.astype(float), numpy.ones(len(owners)))
        ],
        axis=1,
    )

    def loss(rows: "Array") -> float:
        return float(rows[:, 0].sum() / rows[:, 2].sum())

    measures: dict[str, Any] = {
        "loss": loss,
        "perplexity": lambda rows: float(numpy.exp(loss(rows))),
        "accuracy": lambda rows: float(rows[:, 1].sum() / rows[:, 2].sum()),
    }
    rows: list[Row] = [
        (
            name,
            "",
            len(sums),
            measure(sums),
            *bootstrap_interval(measure, sums, replicates=_REPLICATES, seed=seed),
        )
        for name, measure in measures.items()
    ]
    return Table(COLUMNS, lambda: rows)
