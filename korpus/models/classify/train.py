"""The stage classify_train: documents with labels → a classifier, and how well it does."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from korpus.checks import check_choice, check_least
from korpus.documents.cuts import order_of
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, listed, plural
from korpus.models.blas import one_blas_thread
from korpus.models.classify.classifier import Classifier, log_textless
from korpus.models.classify.codes import Documents, as_numbers
from korpus.models.classify.folds import group_folds, random_folds, time_folds
from korpus.models.classify.linear import Fit, classes_of, fit, temperature_of
from korpus.models.classify.quality import Outcome, quality_table
from korpus.models.classify.vocabulary import BEST, CHARACTERS, FEATURES, METHODS, TOKENS, learn
from korpus.records import DocumentSource, Row, Table
from korpus.statistics.significance import wilson
from korpus.tokens.texts import TextPart, as_text_parts

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_SHOWN = 10
_SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)  # of the documents, of a learning curve


@dataclass
class Training:
    """A classifier with its cross-validation. Iterating gives the rows of `table`.

    `table`: its quality on documents that were not trained on, see `korpus.classify_evaluate`;
    empty without cross-validation. `outcome`: the predictions that it is made from. `curve`: the
    learning curve, if it was asked for: `documents`, `accuracy`, `low`, `high`.
    """

    model: Classifier
    table: Table
    outcome: Outcome | None
    curve: Table | None

    def __iter__(self) -> "Iterator[dict[str, object]]":
        return iter(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def classify_train(
    documents: "DocumentSource | Iterable[TextPart]",
    *,
    label: str = "label",
    features: str = "both",
    method: str = "standard",
    min_df: int = 2,
    c: float = 0.3,
    balanced: bool = False,
    folds: int = 5,
    group: str | None = None,
    time: str | None = None,
    curve: bool = False,
    seed: int = 0,
) -> Training:
    """Train a classifier (분류, 감성분석). Needs the whole input; holds numbers.

    A linear support vector machine on tokens with tags, pairs of them, and n-grams of up to five
    characters of the text, weighted by naive Bayes and idf; see `linear.fit`.
    `method`: best also takes pairs of tokens that are two to five places apart, and marks the first
    and last four tokens of a document; that takes half as much time again. Of film reviews, with
    120,000 to train, .891 instead of .887 are right; with 8,000 it is no better.
    Parameters: `label`, the column of the classes; values can be cut, as rating:1-4,9-10.
    `features`, both, tokens or characters. `min_df`: documents that a feature must be in. `c`, the
    inverse of the regularisation. `balanced`: let all classes count as much.
    `folds`, of the cross-validation, which also sets the probabilities; 0 for none. `group`: a
    column whose values are never on both sides of a fold. `time`: a column of times; folds are
    tested by models of earlier documents only. `curve`: also test models of a tenth, a fifth … of
    the documents of the first fold.

    Columns in: `id`, `tokens`, `tags`, `text`, `label`. Documents without a label are left out and
    counted. Raises UsageError for wrong options, KorpusError for fewer than two classes.
    """
    check_train(features, method, min_df, c, folds, group, time, curve)
    columns = [name for name in (label, group, time) if name]
    everything = as_numbers(as_text_parts(documents, columns))
    known = everything.select([bool(value) for value in (everything.values or [[]])[0]])
    if left_out := len(everything.ids) - len(known.ids):
        logger.info(_("%s without a label left out"), plural(left_out, "document"))
    labels = _labels(known, label, folds)
    if features != TOKENS:
        log_textless(int((known.sizes == 0).sum()))
    if time and (undated := known.values[1].count("")):
        logger.warning(
            _("%s without a value of %s: counted as the earliest, so not tested"),
            plural(undated, "document"),
            time,
        )
    import numpy

    place = {name: number for number, name in enumerate(labels)}
    truth = numpy.fromiter(map(place.__getitem__, known.values[0]), numpy.int64, len(known.ids))
    vocabulary, matrix = learn(known, features=features, method=method, min_df=min_df)
    if not len(vocabulary):
        raise KorpusError(
            _("no feature occurs in {documents}").format(documents=plural(min_df, "document")),
            _("lower --min-df, or give more documents"),
        )
    machine = Machine(matrix, truth, len(labels), c, balanced, seed)
    outcome, drawn, temperature = None, None, 1.0
    if folds:
        splits = _splits(known, truth, folds, group, time, seed)
        tested, scores = machine.cross_validated(splits)
        temperature = temperature_of(scores, truth[tested])
        outcome = Outcome(
            [known.ids[n] for n in tested.tolist()], labels, truth[tested], scores, temperature
        )
        if curve:
            drawn = machine.learning_curve(*splits[0])
    fitted = machine.fit(numpy.arange(len(truth)))
    model = Classifier(
        terms=vocabulary.terms,
        pairs=vocabulary.pairs,
        apart=vocabulary.apart if method == BEST else None,
        ends=vocabulary.ends if method == BEST else None,
        characters=vocabulary.characters,
        ngrams=vocabulary.ngrams,
        weights=fitted.weights,
        coef=fitted.coef,
        intercept=fitted.intercept,
        labels=labels,
        temperature=temperature,
        provenance=known.provenance(),
        options={
            "label": label,
            "features": features,
            "method": method,
            "min_df": min_df,
            "c": c,
            "balanced": balanced,
            "folds": folds,
            "group": group,
            "time": time,
            "seed": seed,
        },
    )
    table = quality_table(outcome, seed=seed) if outcome else Table([], lambda: [])
    return Training(model, table, outcome, drawn)


def _splits(
    documents: Documents,
    truth: "Array",
    folds: int,
    group: str | None,
    time: str | None,
    seed: int,
) -> "list[tuple[Array, Array]]":
    """The documents to train on and to test in each fold."""
    if time:
        return list(time_folds(documents.values[1], folds))
    if group:
        return list(group_folds(truth, documents.values[1], folds, seed))
    return list(random_folds(truth, folds, seed))


def check_train(
    features: str,
    method: str,
    min_df: int,
    c: float,
    folds: int,
    group: str | None,
    time: str | None,
    needs_folds: bool,
) -> None:
    """Raises UsageError for options that `classify_train` does not take.

    `needs_folds`: whether a learning curve or a picture is wanted, which tests make.
    """
    check_choice("--features", features, FEATURES)
    check_choice("--method", method, METHODS)
    if method == BEST and features == CHARACTERS:
        raise UsageError(
            _("{option} does nothing with {other}").format(
                option="--method best", other="--features characters"
            ),
            _("leave one out"),
        )
    check_least("--min-df", min_df, 1)
    check_least("--folds", folds, 0)
    if folds == 1 or (needs_folds and not folds):
        raise UsageError(
            _("--folds {folds} gives no test").format(folds=folds), _("such as --folds 5")
        )
    if not 0 < c < float("inf"):
        raise UsageError(_("--c must be above 0"), _("such as --c 0.3"))
    if group and time:
        raise UsageError(_("--group and --time exclude each other"), _("leave out one of them"))


@dataclass
class Machine:
    """Labelled documents, as features, and how models are fitted to them."""

    matrix: "csr_matrix"
    truth: "Array"
    classes: int
    c: float
    balanced: bool
    seed: int

    @one_blas_thread
    def fit(self, numbers: "Array") -> Fit:
        """A model of some of the documents."""
        return fit(
            self.matrix[numbers],
            self.truth[numbers],
            self.classes,
            c=self.c,
            balanced=self.balanced,
            seed=self.seed,
        )

    def cross_validated(self, folds: "list[tuple[Array, Array]]") -> "tuple[Array, Array]":
        """The documents that were tested, in order, and the scores of each by another's model."""
        import numpy

        tested, scores = [], []
        for train, test in folds:
            tested.append(test)
            scores.append(self.fit(train).scores(self.matrix[test]))
        order = numpy.argsort(numpy.concatenate(tested))
        return numpy.concatenate(tested)[order], numpy.concatenate(scores)[order]

    def learning_curve(self, train: "Array", test: "Array") -> Table:
        """The accuracy of models of some of the documents: `documents`, `accuracy`, `low`, `high`.

        The interval is Wilson's.
        """
        import numpy

        order = numpy.random.default_rng(self.seed).permutation(train)
        rows: list[Row] = []
        for share in _SHARES:
            some = order[: round(share * len(order))]
            if len(numpy.unique(self.truth[some])) < self.classes:
                continue
            given = classes_of(self.fit(some).scores(self.matrix[test]))
            right = int((given == self.truth[test]).sum())
            low, high = wilson(numpy.array(right), numpy.array(len(test)))
            rows.append((len(some), right / len(test), float(low), float(high)))
        return Table(["documents", "accuracy", "low", "high"], lambda: rows)


def _labels(documents: Documents, label: str, folds: int) -> list[str]:
    """The classes, in order. Raises KorpusError if there are too few, or too few documents."""
    counts: dict[str, int] = {}
    for value in documents.values[0] if documents.values else []:
        counts[value] = counts.get(value, 0) + 1
    names = sorted(counts, key=order_of(label))
    if len(names) < 2:
        raise KorpusError(
            _("a classifier needs two classes: column {column!r} has {names}").format(
                column=label, names=listed(names, _SHOWN) or _("no value")
            ),
            _("another column: --label COLUMN"),
        )
    if rare := [name for name in names if counts[name] < folds]:
        raise KorpusError(
            _("fewer than {folds} documents are {names}").format(
                folds=folds, names=listed(rare, _SHOWN)
            ),
            _("leave rare classes out with korpus where, or lower --folds"),
        )
    return names
