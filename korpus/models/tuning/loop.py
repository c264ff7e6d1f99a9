"""The training of transformers: steps, a learning rate that falls, and when to stop."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from korpus.checks import check_least
from korpus.errors import KorpusError, UsageError
from korpus.messages import _
from korpus.models.tuning.examples import (
    IGNORED,
    Example,
    batches_by_length,
    collated,
    shuffled_batches,
    with_gaps,
    with_next_pieces,
)
from korpus.models.tuning.learner import CLM, MLM, Learner, training_errors
from korpus.records import Row, Table

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

CURVE = ["epoch", "step", "train_loss", "held_out_loss", "held_out_accuracy"]
_LEAST_LENGTH = 8  # pieces of a text
_WARM_UP, _DECAY, _LONGEST_STEP = 0.1, 0.01, 1.0  # as of BERT
_GAP_SEED = 1 << 20  # of the gaps in held-out texts, which are the same each time

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Plan:
    """How a model is trained. `patience`: epochs without a better one until it ends; 0: never."""

    task: str
    epochs: int
    batch_size: int
    rate: float
    patience: int = 0
    seed: int = 0


@dataclass
class Scored:
    """What a model makes of examples: a row per label that counts.

    `losses`: of each. `scores`: rows × classes, or × 0 for language models, `is_right`: whether
    the likeliest is the true one. `owners`: the document of each row.
    """

    losses: "Array"
    scores: "Array"
    truth: "Array"
    is_right: "Array"
    owners: "Array"

    @property
    def loss(self) -> float:
        """The mean loss."""
        return float(self.losses.mean())

    @property
    def accuracy(self) -> float:
        """The share that is right."""
        return float(self.is_right.mean())


def check_plan(
    epochs: int,
    batch_size: int,
    rate: float | None,
    patience: int,
    held_out: float,
    max_length: int | None,
) -> None:
    """Raises UsageError for numbers with which no model can be trained."""
    check_least("--epochs", epochs, 1)
    check_least("--batch-size", batch_size, 1)
    check_least("--patience", patience, 0)
    check_least("--max-length", max_length, _LEAST_LENGTH)
    if rate is not None and not 0 < rate < math.inf:
        raise UsageError(
            _("{option} {value} is not a number above 0").format(
                option="--learning-rate", value=rate
            ),
            _("such as --learning-rate 5e-5"),
        )
    if not 0 <= held_out <= 0.4:
        raise UsageError(
            _("--held-out {share} is not from 0 to 0.4").format(share=f"{held_out:g}"),
            _("such as --held-out 0.1"),
        )


def fit(
    learner: Learner,
    examples: list[Example],
    held_out: list[Example],
    plan: Plan,
    report: Report | None = None,
) -> Table:
    """Train a model, and return the curve: CURVE, a row per epoch.

    With held-out examples the weights of the best epoch are kept. `report`: called with the steps
    done and all. Raises KorpusError where the loss is no number, or memory runs out.
    """
    with training_errors():
        rows = list(_epochs(learner, examples, held_out, plan, report))
    return Table(CURVE, lambda: rows)


def _epochs(
    learner: Learner,
    examples: list[Example],
    held_out: list[Example],
    plan: Plan,
    report: Report | None,
) -> Iterator[Row]:
    import torch

    model = learner.model
    optimizer = torch.optim.AdamW(_groups(model), lr=plan.rate)
    per_epoch = math.ceil(len(examples) / plan.batch_size)
    total = per_epoch * plan.epochs
    warm = max(1, round(_WARM_UP * total))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min((n + 1) / warm, max(0.0, (total - n) / max(1, total - warm)))
    )
    generator = torch.Generator().manual_seed(plan.seed)
    step, best, kept, since = 0, math.inf, None, 0
    for epoch in range(1, plan.epochs + 1):
        model.train()
        losses, counted = 0.0, 0
        for numbers in shuffled_batches(examples, plan.batch_size, plan.seed + epoch):
            batch = _batch(learner, [examples[n] for n in numbers.tolist()], plan.task, generator)
            labels = int((batch["labels"] != IGNORED).sum())
            step += 1
            if labels:
                loss = _loss(model, batch)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), _LONGEST_STEP)
                optimizer.step()
                losses += float(loss.detach()) * labels
                counted += labels
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            if report:
                report(step, total)
        mean = losses / max(counted, 1)
        check_loss(mean)
        if not held_out:
            yield epoch, step, mean, None, None
            continue
        found = scored(learner, held_out, plan.task, plan.batch_size)
        yield epoch, step, mean, found.loss, found.accuracy
        since += 1
        if found.loss < best:
            best, since = found.loss, 0
            kept = {
                name: weights.detach().clone()
                for name, weights in model.named_parameters()
                if weights.requires_grad
            }
        if plan.patience and since >= plan.patience:
            break
    if kept is not None:
        with torch.no_grad():
            for name, weights in model.named_parameters():
                if name in kept:
                    weights.copy_(kept[name])
    model.train(False)


def _loss(model: Any, batch: dict[str, Any]) -> Any:
    """The mean loss of a batch; of BERT with gaps, words are only guessed where the gaps are.

    A guess takes more time than all else in a small model, and six of seven would not count.
    """
    if type(model).__name__ != "BertForMaskedLM":
        return model(**batch).loss
    import torch

    labels = batch["labels"]
    is_gap = labels != IGNORED
    hidden = model.bert(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
    guesses = model.cls(hidden.last_hidden_state[is_gap])
    return torch.nn.functional.cross_entropy(guesses, labels[is_gap])


def _groups(model: Any) -> list[dict[str, Any]]:
    """The weights to train; biases and norms do not decay."""
    weights = [one for one in model.parameters() if one.requires_grad]
    return [
        {"params": [one for one in weights if one.ndim > 1], "weight_decay": _DECAY},
        {"params": [one for one in weights if one.ndim <= 1], "weight_decay": 0.0},
    ]


def _batch(learner: Learner, examples: list[Example], task: str, generator: Any) -> dict[str, Any]:
    batch = collated(examples, learner.tokenizer)
    if task == MLM:
        batch = with_gaps(batch, learner.tokenizer, generator)
    elif task == CLM:
        batch = with_next_pieces(batch)
    return {name: values.to(learner.device) for name, values in batch.items()}


def scored(learner: Learner, examples: list[Example], task: str, batch_size: int) -> Scored:
    """What the model makes of examples, in their order.

    Raises KorpusError where a loss is no number, as after steps that were too long.
    """
    import numpy
    import torch

    generator = torch.Generator().manual_seed(_GAP_SEED)
    parts: dict[int, tuple[Any, ...]] = {}
    learner.model.train(False)
    with torch.inference_mode(), training_errors():
        for numbers in batches_by_length(examples, batch_size):
            some = [examples[n] for n in numbers.tolist()]
            batch = _batch(learner, some, task, generator)
            truth = batch.pop("labels")
            logits = learner.model(**batch).logits
            if task == CLM:
                logits, truth = logits[:, :-1], truth[:, 1:]
            flat, true = logits.reshape(-1, logits.shape[-1]), truth.reshape(-1)
            losses = torch.nn.functional.cross_entropy(
                flat, true, reduction="none", ignore_index=IGNORED
            ).reshape(truth.shape)
            guess = logits.argmax(-1)
            for at, number in enumerate(numbers.tolist()):
                counts = truth[at] != IGNORED
                keeps = task not in (MLM, CLM)
                parts[number] = (
                    losses[at][counts].reshape(-1),
                    logits[at][counts].reshape(-1, logits.shape[-1] if keeps else 0)
                    if keeps
                    else None,
                    truth[at][counts].reshape(-1),
                    (guess[at] == truth[at])[counts].reshape(-1),
                )
    ordered = [parts[number] for number in range(len(examples))]

    def joined(place: int) -> "Array":
        found: Array = torch.cat([part[place] for part in ordered]).cpu().numpy()
        return found

    scores = numpy.empty((0, 0)) if task in (MLM, CLM) else joined(1).astype(numpy.float64)
    sizes = [len(part[0]) for part in ordered]
    owners = numpy.repeat([example.owner for example in examples], sizes)
    found = Scored(joined(0).astype(numpy.float64), scores, joined(2), joined(3), owners)
    if len(owners):
        check_loss(found.loss)
    return found


def check_loss(loss: float) -> None:
    """Raises KorpusError for a loss that is no number, as after steps that were too long."""
    if not math.isfinite(loss):
        raise KorpusError(
            _("the training failed: the loss is no number"), _("lower --learning-rate")
        )
