"""The stage topics_trend: how the shares of topics rise and fall over time."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from korpus.checks import check_choice
from korpus.documents.comparisons import is_missing
from korpus.documents.cuts import UNITS, all_periods, order_of
from korpus.documents.groups import Groups, heading
from korpus.errors import KorpusError
from korpus.files.model_files import Model
from korpus.messages import _, plural
from korpus.models.topics.covariates import columns_of
from korpus.models.topics.metadata import cells_of, with_topics
from korpus.models.topics.topic_model import TopicModel
from korpus.records import Record, Row, Table

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_TESTS = ["documents", "share", "trend", "z", "p", "q", "tau", "slope"]
_SERIES = ["documents", "share", "low", "high"]


def topics_trend(
    model: Model,
    documents: Iterable[Record] | None = None,
    *,
    date: str,
    every: str = "month",
    by: str | None = None,
) -> "TopicTrends":
    """Follow the shares of topics over time: hot and cold topics (Griffiths & Steyvers 2004).

    Parameters: `model`, of topics; `documents`, those that it was fitted on, with the columns
    (default: columns that the model keeps); `date`, the column with dates; `every`, year, quarter,
    month, week or day; `by`, a column of groups, each with its own trend.

    The share of a topic in a period is its mean over the period's documents. Documents without a
    date or a topic are left out, periods without documents are left out of the tests; all are
    logged. Columns in: `id`, those of `date` and `by`. Out: see `TopicTrends`.
    Raises UsageError for a model without shares, KorpusError for what is no date.
    """
    import numpy

    check_choice("--every", every, UNITS)
    fitted = with_topics(model)
    fitted.certainty()  # raises for a model whose weights are no shares
    date, by = normalize("NFC", date), normalize("NFC", by) if by else None
    columns = cells_of(fitted, documents, [date, *columns_of([by] if by else [])])
    undated = numpy.array([is_missing(cell) for cell in columns[date]], dtype=bool)
    unknown = fitted.document_tokens == 0
    for count, message in (
        (int(undated.sum()), _("%s without a date left out")),
        (int((unknown & ~undated).sum()), _("%s without a term of the model: no topic")),
    ):
        if count:
            logger.info(message, plural(count, "document"))
    rows = numpy.flatnonzero(~undated & ~unknown).tolist()
    if not rows:
        raise KorpusError(_("there is no trend to see: no document has a date and a topic"))
    records = [
        {"id": fitted.ids[row], **{name: cells[row] for name, cells in columns.items()}}
        for row in rows
    ]
    found = [Groups(f"{date}:{every}").name(record) for record in records]
    groups = Groups(by)
    names = [groups.name(record) if by else "" for record in records]
    periods = all_periods(min(found), max(found), every)
    if empty := len(periods) - len(set(found)):
        logger.info(_("%s without documents"), plural(empty, "period"))
    if len(set(found)) < 3:
        logger.info(_("%s: no test of trends, which needs 3"), plural(len(set(found)), "period"))
    ordered = sorted(set(names), key=order_of(by or ""))
    place, time = ({name: n for n, name in enumerate(every_)} for every_ in (ordered, periods))
    cells = [
        place[name] * len(periods) + time[period] for name, period in zip(names, found, strict=True)
    ]
    summed = _summed(fitted.document_topic[rows], cells, len(ordered) * len(periods))
    counts, means, errors = (
        array.reshape(len(ordered), len(periods), *array.shape[1:]) for array in summed
    )
    return TopicTrends(fitted, date, every, by, ordered, periods, counts, means, errors)


def _summed(shares: "Array", cells: list[int], number: int) -> "tuple[Array, Array, Array]":
    """Per cell: its documents, the mean of their shares, and the standard error of the mean."""
    import numpy
    from scipy.sparse import csr_matrix

    rows = numpy.arange(len(cells))
    inside = csr_matrix((numpy.ones(len(cells)), (cells, rows)), (number, len(cells)))
    exact = shares.astype(float)
    counts = numpy.bincount(cells, minlength=number)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        means = (inside @ exact) / counts[:, None]
        squares = inside @ (exact - means[cells]) ** 2
        errors = numpy.sqrt(squares / ((counts - 1) * counts)[:, None])
    return counts, means, errors


@dataclass
class TopicTrends:
    """The shares of topics per group and period, with tests.

    `groups`: their names, "" alone without `by`. `periods`: all from the first to the last.
    `counts`: documents, groups × periods. `means`, `errors`: of shares, groups × periods × topics.
    """

    model: TopicModel
    date: str
    every: str
    by: str | None
    groups: list[str]
    periods: list[str]
    counts: "Array"
    means: "Array"
    errors: "Array"

    @property
    def heading(self) -> str:
        """The column of the periods."""
        return heading(f"{self.date}:{self.every}", {"topic", "terms", *_SERIES})

    @property
    def group_heading(self) -> list[str]:
        """The column of the groups, if there is one."""
        taken = {"topic", "terms", self.heading, *_TESTS, *_SERIES}
        return [heading(self.by, taken)] if self.by else []

    def table(self) -> Table:
        """A row per topic and group, from the one that rises most clearly to the one that falls so.

        Columns: `topic`, `terms` (its first), the group, `documents`, `share` (their mean), `trend`
        (hot or cold where q is below 0.05); `z`, `p`, `q` (p of all rows by Benjamini & Hochberg)
        of the Mann-Kendall test, `tau`, Kendall's τ-b; `slope`, by Sen, the change of the share per
        period. Those are empty for fewer than three periods.
        """
        return Table(["topic", "terms", *self.group_heading, *_TESTS], self._tested)

    def series(self, *, wide: bool = False) -> Table:
        """A row per topic, group and period; if `wide` a row per period and group.

        Columns: `topic`, `terms`, the group, the period, `documents`, `share` with `low` and
        `high`, the 95 % interval of a mean; if `wide` the period, the group, `documents`, `topic_1`
        … with the shares. Empty where there are too few documents.
        """
        if wide:
            topics = [f"topic_{name}" for name in self.model.topic_names]
            return Table([self.heading, *self.group_heading, "documents", *topics], self._wide)
        columns = ["topic", "terms", *self.group_heading, self.heading, *_SERIES]
        return Table(columns, self._points)

    @cached_property
    def tests(self) -> "dict[str, Array]":
        """z, p, q, tau and slope of each group and topic; NaN where there is no test."""
        import numpy

        from korpus.statistics.significance import q_values
        from korpus.statistics.trends import monotonic

        found: list[Any] = []
        for counts, means in zip(self.counts, self.means, strict=True):
            times = numpy.flatnonzero(counts)
            found.append(monotonic(means[times].T, times))
        z, p, tau, slope = (numpy.stack(arrays) for arrays in zip(*found, strict=True))
        q = q_values(p.ravel()).reshape(p.shape)
        return {"z": z, "p": p, "q": q, "tau": tau, "slope": slope}

    def order(self) -> list[tuple[int, int]]:
        """Group and topic of each row of the table."""
        import numpy

        z = numpy.nan_to_num(self.tests["z"].T)  # topics × groups
        places = numpy.argsort(-z, axis=None, kind="stable")
        topics, groups = numpy.unravel_index(places, z.shape)
        return list(zip(groups.tolist(), topics.tolist(), strict=True))

    def _heads(self) -> list[Row]:
        return list(zip(self.model.topic_names, self.model.first_terms(), strict=True))

    def _tested(self) -> Iterator[Row]:
        import numpy

        from korpus.statistics.trends import direction

        heads = self._heads()
        counts = self.counts.sum(axis=1)
        sums = numpy.nan_to_num(self.means) * self.counts[:, :, None]
        shares = sums.sum(axis=1) / counts[:, None]
        for group, topic in self.order():
            values = {name: _known(array[group, topic]) for name, array in self.tests.items()}
            yield (
                *(*heads[topic], *([self.groups[group]] if self.by else [])),
                *(int(counts[group]), float(shares[group, topic])),
                *(direction(values["z"], values["q"]), *values.values()),
            )

    def _points(self) -> Iterator[Row]:
        import numpy
        from scipy.stats import t

        heads = self._heads()
        with numpy.errstate(invalid="ignore"):
            half = t.ppf(0.975, self.counts - 1)[:, :, None] * self.errors
        low, high = self.means - half, self.means + half
        for group, topic in self.order():
            head = (*heads[topic], *([self.groups[group]] if self.by else []))
            for place, period in enumerate(self.periods):
                ends = (_known(array[group, place, topic]) for array in (self.means, low, high))
                yield (*head, period, int(self.counts[group, place]), *ends)

    def _wide(self) -> Iterator[Row]:
        for place, period in enumerate(self.periods):
            for group, name in enumerate(self.groups):
                shares = map(_known, self.means[group, place])
                count = int(self.counts[group, place])
                yield (period, *([name] if self.by else []), count, *shares)


def _known(value: Any) -> float | None:
    return None if value != value else float(value)
