"""The stage trend: tokens with dates → how the share of terms rises and falls."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from korpus.checks import check_choice, check_least
from korpus.documents.cuts import UNITS, all_periods
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, plural
from korpus.records import Record, Row, Table, split_names
from korpus.tokens.coding.concepts import count_concepts
from korpus.tokens.freq import headings_of
from korpus.tokens.term_counts import Group, Term, TermCounts, check_top, chosen, counted

if TYPE_CHECKING:
    import numpy

    from korpus.statistics.trends import Bursts

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_UNITS = ("tokens", "documents")
_UNDATED: Group = ("",)
_MOST_TERMS = 1000
_LEAST_PERIODS = 3
_TESTS = ["count", "share", "trend", "z", "p", "q", "tau", "slope"]
_BURSTS = ["bursts", "burst_start", "burst_end", "burst_weight"]
_SERIES = ["count", "total", "share", "low", "high", "burst"]


def trend(
    documents: Iterable[Record] | TermCounts,
    *,
    date: str,
    every: str = "month",
    term: str | Sequence[str] = (),
    concept: str | Sequence[str] = (),
    unit: str = "tokens",
    min_count: int = 5,
    top: int | None = None,
) -> "Trends":
    """Follow the share of terms over time (추세). Holds the counts.

    Parameters: `date`, the column with dates; `every`, year, quarter, month, week or day; `term`,
    the terms to follow, `word` or `word/TAG` (default: the 1,000 most frequent, or `top`, with at
    least `min_count` occurrences); `concept`, instead of terms, columns that say whether a document
    has a concept, as `korpus.code` makes; `unit`, what the shares are of: all tokens, or documents
    (which concepts need). `documents` may also be counts by `date:every`.

    Periods without tokens are left out of the tests, documents without a date of everything; both
    are logged. Columns in: `tokens`, `tags` or the concepts, and `date`. Out: see `Trends`.
    Raises KorpusError for what is no date, and if nothing is left.
    """
    check_trend(every, unit, bool(term), bool(concept), min_count, top)
    by = f"{date}:{every}"
    if concept and not isinstance(documents, TermCounts):
        counts = TermCounts()
        for _record in count_concepts(
            documents, concepts=split_names(concept), by=by, counts=counts
        ):
            pass
    else:
        counts = counted(documents, by)
    if undated := counts.sizes.get(_UNDATED, 0):
        logger.info(_("%s without a date left out"), plural(undated, "document"))
    groups = sorted(name for (name,) in counts.sizes if name)
    periods = all_periods(groups[0], groups[-1], every) if groups else []
    is_documents = unit == "documents" or bool(concept)
    totals = [
        counts.sizes[(name,)] if is_documents else counts.counts[(name,)].total()
        for name in periods
    ]
    filled = sum(map(bool, totals))
    if not filled:
        raise KorpusError(
            _("there is no trend to see: no document has a date and anything to count")
        )
    if filled < _LEAST_PERIODS:
        logger.info(_("%s: no test of trends, which needs 3"), plural(filled, "period"))
    if missing := len(totals) - filled:
        logger.info(_("%s without documents or tokens"), plural(missing, "period"))
    wanted = split_names(term) or split_names(concept)
    numbers = chosen(counts, wanted) if wanted else _frequent(counts, min_count, top)
    counters = counts.frequencies if is_documents else counts.counts
    return Trends(counts, numbers, periods, totals, counters, headings_of([by], _SERIES)[0], every)


def check_trend(
    every: str, unit: str, term: bool, concept: bool, min_count: int, top: int | None
) -> None:
    """Raise UsageError for wrong options, before anything is counted."""
    check_choice("--every", every, UNITS)
    check_choice("--unit", unit, _UNITS)
    check_least("--min-count", min_count, 1, _("1 keeps all"))
    check_top(top)
    if term and concept:
        raise UsageError(_("--term and --concept cannot both be given"), _("leave one out"))


def _frequent(counts: TermCounts, min_count: int, top: int | None) -> list[int]:
    """The most frequent terms of documents with a date. Logs how many are left out."""
    totals: Counter[int] = Counter()
    for group, counter in counts.counts.items():
        if group != _UNDATED:
            totals.update(counter)
    numbers = sorted(totals, key=counts.terms.__getitem__)
    numbers.sort(key=totals.__getitem__, reverse=True)
    found = [number for number in numbers if totals[number] >= min_count][: top or _MOST_TERMS]
    if len(found) < len(numbers):
        logger.info(_("the most frequent terms: %d of %d"), len(found), len(numbers))
    return found


@dataclass
class Trends:
    """The shares of terms per period, with tests.

    `numbers`: the terms. `periods`: all from the first to the last. `totals`: units per period.
    `counters`: counts per period. `heading`: the column of the periods, whose unit is `every`.
    """

    counts: TermCounts
    numbers: list[int]
    periods: list[str]
    totals: list[int]
    counters: Mapping[Group, Counter[int]]
    heading: str
    every: str

    def table(self) -> Table:
        """A row per term, from the one that rises most clearly to the one that falls most clearly.

        Columns: `term`, `tag`, `count`, `share` (of all units), `trend` (hot or cold where q is
        below 0.05); `z`, `p`, `q` (p by Benjamini & Hochberg) of the Mann-Kendall test, and `tau`,
        Kendall's τ-b; `slope`, by Sen, the change of the share per period; `bursts`, how many by
        Kleinberg, and of the one with the largest weight `burst_start`, `burst_end`,
        `burst_weight`.
        """
        return Table(["term", "tag", *_TESTS, *_BURSTS], self._tests)

    def series(self) -> Table:
        """A row per term and period, terms as in `table`.

        Columns: `term`, `tag`, the period, `count`, `total` (of units), `share` with `low` and
        `high`, its 95 % interval by Wilson, and `burst`, 1 in a burst. Empty where `total` is 0.
        """
        return Table(["term", "tag", self.heading, *_SERIES], self._points)

    @cached_property
    def _order(self) -> "Array":
        import numpy

        z, ranks = self._test[0], numpy.empty(len(self.numbers))
        terms = [self._term(place) for place in range(len(self.numbers))]
        ranks[sorted(range(len(terms)), key=terms.__getitem__)] = numpy.arange(len(terms))
        return numpy.lexsort((ranks, -z))

    @cached_property
    def _counts(self) -> "Array":
        import numpy

        found = numpy.zeros((len(self.numbers), len(self.periods)), dtype=numpy.int64)
        for column, name in enumerate(self.periods):
            counter = self.counters.get((name,), Counter())
            found[:, column] = [counter[number] for number in self.numbers]
        return found

    @cached_property
    def _test(self) -> "tuple[Array, ...]":
        """z, p, q, tau and slope."""
        import numpy

        from korpus.statistics.significance import q_values
        from korpus.statistics.trends import monotonic

        totals = numpy.array(self.totals)
        times = numpy.flatnonzero(totals)
        z, p, tau, slope = monotonic(self._counts[:, times] / totals[times], times)
        return z, p, q_values(p), tau, slope

    @cached_property
    def _bursts(self) -> "Bursts":
        import numpy

        from korpus.statistics.trends import bursts

        return bursts(self._counts, numpy.array(self.totals))

    def _term(self, place: int) -> Term:
        return self.counts.terms[self.numbers[place]]

    def _tests(self) -> Iterator[Row]:
        import numpy

        from korpus.statistics.trends import direction

        sums, whole = self._counts.sum(axis=1).tolist(), sum(self.totals)
        for place in self._order.tolist():
            z, p, q, tau, slope = (
                None if numpy.isnan(values[place]) else float(values[place])
                for values in self._test
            )
            shown = direction(z, q)
            tests = (sums[place], sums[place] / whole, shown, z, p, q, tau, slope)
            yield (*self._term(place), *tests, *self._strongest(place))

    def _strongest(self, place: int) -> Row:
        """How many bursts, and start, end and weight of the strongest."""
        found: list[tuple[float, int, int]] = []
        states = [0, *self._bursts.states[place].tolist(), 0]
        gains = self._bursts.gains[place]
        start = 0
        for period, (before, now) in enumerate(pairwise(states)):
            if now and not before:
                start = period
            if before and not now:
                found.append((float(gains[start:period].sum()), start, period - 1))
        if not found:
            return (0, None, None, None)
        weight, start, end = max(found, key=lambda burst: (burst[0], -burst[1]))
        return (len(found), self.periods[start], self.periods[end], weight)

    def _points(self) -> Iterator[Row]:
        import numpy

        from korpus.statistics.significance import wilson

        totals = numpy.array(self.totals)
        for place in self._order.tolist():
            counts = self._counts[place]
            low, high = (ends.tolist() for ends in wilson(counts, totals))
            states = self._bursts.states[place].tolist()
            for period, count in enumerate(counts.tolist()):
                total = self.totals[period]
                share = (count / total, low[period], high[period]) if total else (None,) * 3
                yield (
                    *self._term(place), self.periods[period], count, total, *share, states[period],
                )  # fmt: skip
