"""The quality of predictions as a table: measures with their intervals."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from korpus.models.classify.linear import classes_of, probabilities
from korpus.records import Row, Table
from korpus.statistics import classification
from korpus.statistics.resampling import bootstrap_interval

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

COLUMNS = ["measure", "label", "documents", "value", "low", "high"]
REPLICATES = 1000
_POINTS = 200  # of a curve


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
    rows = [
        *overall_rows(outcome.confusion, seed=seed),
        *_probability_rows(outcome, seed),
        *label_rows(outcome.confusion, outcome.labels, seed=seed),
    ]
    return Table(COLUMNS, lambda: rows)


def confusion_table(outcome: Outcome) -> Table:
    """How many documents of each class were given each class: `label`, `predicted`, `count`."""
    rows = [
        (label, other, int(count), float(count / max(line.sum(), 1)))
        for label, line in zip(outcome.labels, outcome.confusion, strict=True)
        for other, count in zip(outcome.labels, line, strict=True)
    ]
    return Table(["label", "predicted", "count", "share"], lambda: rows)


def overall_rows(
    confusion: "Array", *, replicates: int = REPLICATES, seed: int = 0
) -> Iterator[Row]:
    """The measures of all classes together that a confusion matrix gives."""
    documents = int(confusion.sum())
    for name, statistic in (
        ("accuracy", classification.accuracy),
        ("macro_f1", classification.macro_f1),
        ("mcc", classification.mcc),
    ):
        ends: tuple[float | None, ...] = (None, None)
        if replicates:
            found = classification.intervals(confusion, statistic, replicates=replicates, seed=seed)
            ends = tuple(map(float, found))
        yield name, "", documents, float(statistic(confusion)), *ends


def _probability_rows(outcome: Outcome, seed: int) -> Iterator[Row]:
    documents = len(outcome.truth)
    for name, values in (
        ("log_loss", classification.log_losses(outcome.probabilities, outcome.truth)),
        ("brier", classification.brier_scores(outcome.probabilities, outcome.truth)),
    ):
        interval = _mean_interval(values, seed)
        yield name, "", documents, float(values.mean()), *interval
    is_right = outcome.predicted == outcome.truth
    error = classification.calibration_error(outcome.confidence, is_right)
    yield "calibration_error", "", documents, error, None, None
    share = outcome.confusion.sum(axis=1).max() / max(documents, 1)
    yield "largest_class", "", documents, float(share), None, None


def label_rows(
    confusion: "Array", labels: list[str], *, replicates: int = REPLICATES, seed: int = 0
) -> Iterator[Row]:
    """The measures of each class that a confusion matrix gives."""
    for name, statistic in (
        ("precision", classification.precision),
        ("recall", classification.recall),
        ("f1", classification.f1),
    ):
        ends: list[tuple[float | None, ...]] = [(None, None)] * len(labels)
        if replicates:
            defined = partial(statistic, undefined=math.nan)
            found = classification.intervals(confusion, defined, replicates=replicates, seed=seed)
            ends = [
                tuple(None if math.isnan(end) else end for end in pair) for pair in found.T.tolist()
            ]
        values = statistic(confusion)
        sizes = confusion.sum(axis=0 if name == "precision" else 1)
        for number, label in enumerate(labels):
            yield name, label, int(sizes[number]), float(values[number]), *ends[number]


def difference_rows(outcome: Outcome, other: Outcome, *, seed: int = 0) -> Iterator[Row]:
    """How much better a model is than another on the same documents, with McNemar's test."""
    ours, theirs = (each.predicted == each.truth for each in (outcome, other))
    documents = len(ours)
    yield "other_accuracy", "", documents, float(theirs.mean()), None, None
    gains = ours.astype(float) - theirs
    interval = _mean_interval(gains, seed)
    yield "difference", "", documents, float(gains.mean()), *interval
    only_ours, only_theirs = int((ours & ~theirs).sum()), int((theirs & ~ours).sum())
    p = classification.mcnemar_p(only_ours, only_theirs)
    yield "mcnemar_p", "", only_ours + only_theirs, p, None, None


def _mean_interval(values: "Array", seed: int) -> tuple[float, float]:
    return bootstrap_interval(lambda some: some.mean(), values, replicates=REPLICATES, seed=seed)


def calibration_table(outcome: Outcome) -> Table:
    """Documents by the probability of their class, in ten bins: its mean, and how many are right.

    Columns out: `probability`, `share`, `documents`; bins without documents are left out.
    """
    is_right = outcome.predicted == outcome.truth
    bins = classification.calibration(outcome.confidence, is_right)
    rows = [
        (float(mean), float(share), int(count))
        for count, mean, share in zip(*bins, strict=True)
        if count
    ]
    return Table(["probability", "share", "documents"], lambda: rows)


def curve_table(outcome: Outcome) -> Table:
    """ROC and precision-recall curves of each class against the others; of two, of the second.

    Columns out: `kind` (roc: false and true positive rate; pr: recall and precision), `label`,
    `order`, `x`, `y`. At most 200 points each; classes that no document has are left out.
    """
    import numpy
    from sklearn.metrics import precision_recall_curve, roc_curve

    rows: list[Row] = []
    for number, label in enumerate(outcome.labels):
        is_it = outcome.truth == number
        if (len(outcome.labels) == 2 and not number) or is_it.all() or not is_it.any():
            continue
        chances = outcome.probabilities[:, number]
        false, true, _limits = roc_curve(is_it, chances)
        precision, recall, _limits = precision_recall_curve(is_it, chances)
        for kind, x, y in (("roc", false, true), ("pr", recall, precision)):
            shown = numpy.unique(numpy.linspace(0, len(x) - 1, _POINTS).astype(int))
            rows += [
                (kind, label, at, float(x[place]), float(y[place]))
                for at, place in enumerate(shown.tolist())
            ]
    return Table(["kind", "label", "order", "x", "y"], lambda: rows)
