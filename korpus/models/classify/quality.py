"""The quality of predictions as a table: measures with their intervals."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from korpus.models.classify.linear import classes_of, probabilities
from korpus.records import Row, Table
from korpus.statistics import classification

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

COLUMNS = ["measure", "label", "documents", "value", "low", "high"]
REPLICATES = 1000


@dataclass
class Outcome:
    """What a model made of documents whose class is known.

    `truth`: the number in `labels` of each document's class. `scores`: documents × 1, or × classes.
    """

    ids: list[str]
    labels: list[str]
    truth: "Array"
    scores: "Array"
    temperature: float

    @cached_property
    def predicted(self) -> "Array":
        """The number of the class that each document is given."""
        return classes_of(self.scores)

    @cached_property
    def probabilities(self) -> "Array":
        """The probabilities of the classes: documents × classes."""
        return probabilities(self.scores, self.temperature)

    @cached_property
    def confusion(self) -> "Array":
        """True classes × predicted classes."""
        return classification.confusion_matrix(self.truth, self.predicted, len(self.labels))

    @property
    def confidence(self) -> "Array":
        """The probability of the class that each document is given."""
        found: Array = self.probabilities.max(axis=1)
        return found


def quality_table(outcome: Outcome, *, seed: int = 0) -> Table:
    """The measures of `korpus.classify_evaluate`, with 95 % bootstrap intervals."""
    rows = [*_overall(outcome, seed), *_per_class(outcome, seed)]
    return Table(COLUMNS, lambda: rows)


def confusion_table(outcome: Outcome) -> Table:
    """How many documents of each class were given each class: `label`, `predicted`, `count`."""
    rows = [
        (label, other, int(count), float(count / max(line.sum(), 1)))
        for label, line in zip(outcome.labels, outcome.confusion, strict=True)
        for other, count in zip(outcome.labels, line, strict=True)
    ]
    return Table(["label", "predicted", "count", "share"], lambda: rows)


def _overall(outcome: Outcome, seed: int) -> Iterator[Row]:
    documents = len(outcome.truth)
    for name, statistic in (
        ("accuracy", classification.accuracy),
        ("macro_f1", classification.macro_f1),
        ("mcc", classification.mcc),
    ):
        low, high = classification.intervals(
            outcome.confusion, statistic, replicates=REPLICATES, seed=seed
        )
        yield name, "", documents, float(statistic(outcome.confusion)), float(low), float(high)
    for name, values in (
        ("log_loss", classification.log_losses(outcome.probabilities, outcome.truth)),
        ("brier", classification.brier_scores(outcome.probabilities, outcome.truth)),
    ):
        interval = classification.mean_interval(values, replicates=REPLICATES, seed=seed)
        yield name, "", documents, float(values.mean()), *interval
    is_right = outcome.predicted == outcome.truth
    error = classification.calibration_error(outcome.confidence, is_right)
    yield "calibration_error", "", documents, error, None, None
    share = outcome.confusion.sum(axis=1).max() / max(documents, 1)
    yield "largest_class", "", documents, float(share), None, None


def _per_class(outcome: Outcome, seed: int) -> Iterator[Row]:
    for name, statistic in (
        ("precision", classification.precision),
        ("recall", classification.recall),
        ("f1", classification.f1),
    ):
        lows, highs = classification.intervals(
            outcome.confusion, statistic, replicates=REPLICATES, seed=seed
        )
        values = statistic(outcome.confusion)
        sizes = outcome.confusion.sum(axis=0 if name == "precision" else 1)
        for number, label in enumerate(outcome.labels):
            interval = float(lows[number]), float(highs[number])
            yield name, label, int(sizes[number]), float(values[number]), *interval


def difference_rows(outcome: Outcome, other: Outcome, *, seed: int = 0) -> Iterator[Row]:
    """How much better a model is than another on the same documents, with McNemar's test."""
    ours, theirs = (each.predicted == each.truth for each in (outcome, other))
    documents = len(ours)
    yield "other_accuracy", "", documents, float(theirs.mean()), None, None
    gains = ours.astype(float) - theirs
    interval = classification.mean_interval(gains, replicates=REPLICATES, seed=seed)
    yield "difference", "", documents, float(gains.mean()), *interval
    only_ours, only_theirs = int((ours & ~theirs).sum()), int((theirs & ~ours).sum())
    p = classification.mcnemar_p(only_ours, only_theirs)
    yield "mcnemar_p", "", only_ours + only_theirs, p, None, None
