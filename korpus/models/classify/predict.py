"""The stages classify_predict and classify_evaluate: what a classifier makes of documents."""

import heapq
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.documents.comparisons import is_missing
from korpus.documents.conditions import Column
from korpus.documents.groups import Groups
from korpus.errors import KorpusError, UsageError
from korpus.files.model_files import Model
from korpus.messages import _, listed, plural
from korpus.models.classify.classifier import Classifier
from korpus.models.classify.quality import Outcome, confusion_table, difference_rows, quality_table
from korpus.records import Counts, DocumentSource, Record, Records, Row, Table, as_tokens, lazily

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_SHOWN = 10


def classifier(model: Model) -> Classifier:
    """A classifier. Raises UsageError for a model of another kind."""
    if not isinstance(model, Classifier):
        raise UsageError(
            _("{kind} models do not classify").format(kind=model.kind),
            _("train one: korpus classify train tokens.jsonl -m model.safetensors"),
        )
    return model


def classify_predict(
    documents: DocumentSource,
    model: Model,
    *,
    active: int | None = None,
    counts: Counts | None = None,
) -> Records:
    """Give documents the class that a classifier finds likeliest. Streams, in batches.

    `active`: only so many documents instead, those without a label that the model is least sure
    of, the least sure first: to be labelled next (uncertainty sampling, Lewis & Gale 1994).
    `counts`: where to count for `Classifier.log_predicted`; without it, what was counted is logged
    at the end.

    Columns in: `id`, `tokens`, `tags`, `text`. Out: all columns, `predicted`, `probability` (of
    that class). A document without known features gets what the model gives to no features.
    Raises UsageError for a model of another kind, KorpusError for tokens of another analyzer.
    """
    check_least("--active", active, 1)
    found = classifier(model)
    found.vocabulary.prepare()  # now, before processes are forked, so that they share it
    if active is None:
        return lazily(as_tokens(documents), lambda records: found.add_predictions(records, counts))
    return lazily(
        as_tokens(documents),
        lambda records: least_sure(_unlabelled(found, records, counts), active),
    )


def least_sure(predicted: Iterable[Record], size: int) -> list[Record]:
    """Of documents with predictions those whose class has the lowest probability, rising."""
    return heapq.nsmallest(size, predicted, key=_probability)


def _unlabelled(
    model: Classifier, documents: Iterable[Record], counts: Counts | None
) -> Iterator[Record]:
    """The documents without a label, with their predictions."""
    label = str(model.options["label"])
    columns = Column(label), Column(label.rpartition(":")[0] or label)
    unlabelled = (
        record
        for record in documents
        if all(is_missing(column.value(record)) for column in columns)
    )
    return model.add_predictions(unlabelled, counts)


def _probability(record: Record) -> float:
    return float(record["probability"])


@dataclass
class Evaluation:
    """How well a classifier does. Iterating gives the rows of `table`.

    `confusion`: how many documents of each class were given each. `errors`: documents whose class
    is wrong, those that the model is surest of first. `outcome`: the predictions.
    """

    table: Table
    confusion: Table
    errors: Table
    outcome: Outcome

    def __iter__(self) -> "Iterator[Record]":
        return iter(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_() + self.confusion._repr_html_()


def classify_evaluate(
    documents: DocumentSource,
    model: Model,
    *,
    label: str | None = None,
    against: Model | None = None,
    seed: int = 0,
) -> Evaluation:
    """Measure how well a classifier does on documents whose class is known. Holds their texts.

    `label`: the column of the classes (default: the one that the model was trained on). `against`:
    another classifier, to compare with on the same documents by McNemar's test (1947).

    Columns in: `id`, `tokens`, `tags`, `text` and the label. Columns out: `measure`: accuracy,
    macro_f1, mcc (Gorodkin 2004), log_loss, brier, calibration_error (of ten bins), largest_class
    (its share: what always giving that class reaches), and per `label` precision, recall and f1;
    with `against` other_accuracy, difference (of the accuracies) and mcnemar_p, whose documents are
    those that only one of the two gets right. `documents`: how many count; `value`; `low` and
    `high`: its 95 % bootstrap interval.
    Documents without a label, and those of a class that the model does not know, are left out and
    counted. Raises KorpusError if none is left.
    """
    found = classifier(model)
    column = label or str(found.options["label"])
    records = list(as_tokens(documents))
    group = Groups(column, text_of=str)
    names = [group.name(record) for record in records]
    _log_left_out(names, found.labels)
    place = {name: number for number, name in enumerate(found.labels)}
    kept = [record for record, name in zip(records, names, strict=True) if name in place]
    if not kept:
        raise KorpusError(
            _("no document has a class that the model knows in column {column!r}").format(
                column=column
            ),
            _("its classes are {names}").format(names=listed(found.labels, _SHOWN)),
        )
    import numpy

    truth = numpy.array([place[name] for name in names if name in place])
    outcome = _outcome(found, kept, truth)
    table = quality_table(outcome, seed=seed)
    if against is not None:
        other = classifier(against)
        if other.labels != found.labels:
            raise KorpusError(_("the two models have other classes"), listed(other.labels, _SHOWN))
        more = [*difference_rows(outcome, _outcome(other, kept, truth), seed=seed)]
        rows = [*table.rows, *more]
        table = replace(table, make_rows=lambda: rows)
    return Evaluation(table, confusion_table(outcome), _errors(outcome, kept), outcome)


def _outcome(model: Classifier, documents: list[Record], truth: "Array") -> Outcome:
    import numpy

    scores = numpy.concatenate([scores for _batch, scores in model.predictions(documents)])
    ids = [record["id"] for record in documents]
    return Outcome(ids, model.labels, truth, scores, model.temperature)


def _log_left_out(names: list[str], labels: list[str]) -> None:
    if missing := names.count(""):
        logger.info(_("%s without a label left out"), plural(missing, "document"))
    unknown = [name for name in names if name and name not in labels]
    if unknown:
        logger.warning(
            _("%s left out, of classes that the model does not know: %s"),
            plural(len(unknown), "document"),
            listed(dict.fromkeys(unknown), _SHOWN),
        )


def _errors(outcome: Outcome, documents: list[Record]) -> Table:
    import numpy

    wrong = numpy.flatnonzero(outcome.predicted != outcome.truth)
    order = wrong[numpy.argsort(-outcome.confidence[wrong], kind="stable")]
    rows: list[Row] = [
        (
            outcome.ids[number],
            outcome.labels[outcome.truth[number]],
            outcome.labels[outcome.predicted[number]],
            float(outcome.confidence[number]),
            documents[number].get("text"),
        )
        for number in order.tolist()
    ]
    return Table(["id", "label", "predicted", "probability", "text"], lambda: rows)
