"""The stage topics_effects: how the shares of topics depend on columns of the documents."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.files.model_files import Model
from korpus.messages import _, listed, plural
from korpus.models.blas import one_blas_thread
from korpus.models.topics.design import Design, Variable, make_design
from korpus.models.topics.formula import parse_formula
from korpus.models.topics.metadata import cells_of, with_topics
from korpus.models.topics.topic_model import TopicModel
from korpus.records import Record, Row, Table
from korpus.statistics.regression import Pooled, pooled_regression

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_POINTS = 41  # of a curve
_PULL = 0.1  # share of the prior in the shares of documents that is worth a message
_SHOWN = 5  # columns in a message
_COLUMNS = ["estimate", "se", "low", "high", "t", "p", "q"]


def topics_effects(
    model: Model,
    documents: Iterable[Record] | None = None,
    *,
    formula: str,
    draws: int = 25,
    seed: int = 0,
) -> "Effects":
    """Regress the shares of topics on columns of the documents, as stm's estimateEffect does.

    Parameters: `model`, of topics; `documents`, those that it was fitted on, with the columns
    (default: columns that the model keeps); `formula`, such as `언론사 + spline(일자)`, see
    `parse_formula`; `draws`, of the documents' shares, with `seed`.

    By the method of composition (Roberts et al. 2014, 2019): the shares of each document are drawn
    from their posterior, each draw is regressed by least squares, and the draws are pooled; see
    `pooled_regression`. stm pools by simulation, which has this mean and variance as its limit. The
    posterior of a document is a Dirichlet distribution: for lda that of its counts by topic and the
    prior, for plsa that of its counts alone; for stm it is logistic normal. nmf has none: its
    shares are taken as they are, and their own errors are in the residuals only. The topics
    themselves are taken as known.

    The prior pulls the shares of short documents to its mean, and effects towards 0; by how much
    is logged where it matters. A prior that was learned by a column (`lda` with `by`) has the
    effects of that column in it, and does not pull them. Documents without topics or values are
    left out and logged.
    Columns in: `id` and those of the formula. Out: see `Effects`. Raises UsageError for a
    formula that cannot be read or a model without shares, KorpusError for columns that do not fit
    the formula.
    """
    import numpy

    check_least("--draws", draws, 1)
    fitted = with_topics(model)
    terms = parse_formula(formula)
    certainty = fitted.certainty()
    columns = cells_of(fitted, documents, (f.column for term in terms for f in term))
    usable = fitted.document_tokens > 0
    if without := int((~usable).sum()):
        logger.info(_("%s without a term of the model: no topic"), plural(without, "document"))
    design = make_design(columns, terms, usable)
    draw = fitted.posterior(design.used, numpy.random.default_rng(seed))
    if draw is None:
        logger.info(_("%s models have no posterior: the shares are taken as they are"), fitted.kind)
        shares = fitted.document_topic[design.used].astype(float)
        return Effects(fitted, design, _regressed(design, [shares]))
    if certainty is not None:
        share = fitted.document_tokens[design.used] / certainty[design.used]
        if (pull := 1 - float(numpy.mean(share))) > _PULL:
            _log_pull(100 * pull, fitted.prior_columns)
    return Effects(fitted, design, _regressed(design, (draw() for _draw in range(draws))))


def _log_pull(percent: float, learned: list[str]) -> None:
    """Log how much of the shares is prior. `learned`: the columns that it was learned by."""
    if learned:
        logger.info(
            _("short documents: %.0f %% of their shares are prior, which is learned by %s and "
              "pulls effects of other columns to 0"),
            percent,
            listed(learned, _SHOWN),
        )  # fmt: skip
    else:
        logger.info(
            _("short documents: %.0f %% of their shares are prior, which pulls effects to 0"),
            percent,
        )


@one_blas_thread
def _regressed(design: Design, draws: "Iterable[Array]") -> Pooled:
    return pooled_regression(design.matrix(), draws)


@dataclass
class Effects:
    """The regressions of the topics' shares on the `design`: a row of coefficients per topic."""

    model: TopicModel
    design: Design
    found: Pooled

    def table(self) -> Table:
        """A row per topic and coefficient.

        Columns: `topic`, `terms` (its first), `effect`, `estimate` (the change of the share, from 0
        to 1), `se`, `low` and `high` (95 % interval), `t`, `p`, and `q`: p of all coefficients but
        the intercepts by Benjamini & Hochberg. Groups are compared with their reference; dates are
        in years.
        """
        return Table(["topic", "terms", "effect", *_COLUMNS], self._coefficients)

    def tests(self) -> Table:
        """A row per topic and term of the formula: whether it has any effect.

        Columns: `topic`, `terms`, `effect`, `df` (its coefficients), `f` (Wald), `p`, and `q` of
        all rows.
        """
        return Table(["topic", "terms", "effect", "df", "f", "p", "q"], self._tests)

    def expected(self) -> Table:
        """The expected share of each topic at values of each column, all else as it is observed.

        The mean over the documents if all had that value. Where groups are in an interaction with
        the column, once per group. Columns: `topic`, `terms`, `column`, `value`, `by` (the groups'
        column) and `group`, `share`, `low`, `high`.
        """
        columns = ["topic", "terms", "column", "value", "by", "group", "share", "low", "high"]
        return Table(columns, self._expected)

    def _heads(self) -> list[Row]:
        return list(zip(self.model.topic_names, self.model.first_terms(), strict=True))

    def _coefficients(self) -> Iterator[Row]:
        import numpy
        from scipy.stats import t as student

        from korpus.statistics.significance import q_values

        found = self.found
        errors = numpy.sqrt(numpy.diagonal(found.covariances, axis1=1, axis2=2))
        unknown = numpy.full_like(errors, numpy.nan)  # a share that is the same everywhere
        t = numpy.divide(found.coefficients, errors, out=unknown, where=errors > 0)
        p = 2 * student.sf(abs(t), found.freedom)
        q = numpy.full(p.shape, numpy.nan)
        q[:, 1:] = q_values(p[:, 1:].ravel()).reshape(len(p), -1)
        half = student.ppf(0.975, found.freedom) * errors
        low, high = found.coefficients - half, found.coefficients + half
        numbers = numpy.stack([found.coefficients, errors, low, high, t, p, q], axis=-1)
        for head, rows in zip(self._heads(), numbers.tolist(), strict=True):
            for name, row in zip(self.design.names, rows, strict=True):
                yield (*head, name, *(None if value != value else value for value in row))

    def _tests(self) -> Iterator[Row]:
        import numpy

        from korpus.statistics.significance import q_values

        names = self.design.slices
        found = [self.found.wald(columns) for columns in names.values()]
        f, p = (numpy.array(values).T for values in zip(*found, strict=True))
        q = q_values(p.ravel()).reshape(p.shape)
        for topic, head in enumerate(self._heads()):
            for place, (name, columns) in enumerate(names.items()):
                values = (float(array[topic, place]) for array in (f, p, q))
                yield (*head, name, columns.stop - columns.start, *values)

    def _expected(self) -> Iterator[Row]:
        points = [point for column in self.design.variables for point in self._points(column)]
        import numpy

        rows = numpy.array([self.design.matrix(values).mean(axis=0) for values, _row in points])
        shares = [array.tolist() for array in self.found.intervals(rows)]
        for topic, head in enumerate(self._heads()):
            for place, (_values, row) in enumerate(points):
                yield (*head, *row, *(array[topic][place] for array in shares))

    def _points(self, column: str) -> Iterator[tuple[dict[str, float], Row]]:
        """Values of a column, perhaps with those of groups, and how tables show them."""
        variable = self.design.variables[column]
        by = self._partner(column)
        levels: list[float | None] = [None] if by is None else [*map(float, range(len(by.levels)))]
        for level, value in product(levels, _grid(variable, self.design.used)):
            row = (column, variable.shown(value))
            if by is None or level is None:
                yield {column: value}, (*row, None, None)
            else:
                other = by.factor.column
                yield {column: value, other: level}, (*row, other, by.shown(level))

    def _partner(self, column: str) -> Variable | None:
        """The first column of groups that a column is in an interaction with."""
        for term in self.design.terms:
            names = [factor.column for factor in term]
            others = [self.design.variables[name] for name in names if name != column]
            found = next((other for other in others if other.levels), None)
            if column in names and found is not None:
                return found
        return None


def _grid(variable: Variable, used: "Array") -> list[float]:
    """The values at which expected shares are shown: all groups, or points of the range."""
    import numpy

    if variable.levels:
        return [float(code) for code in range(len(variable.levels))]
    known = numpy.unique(variable.values[used])
    if len(known) <= _POINTS:
        return [float(value) for value in known]
    return [float(value) for value in numpy.linspace(known[0], known[-1], _POINTS)]
