"""The stage crosstab (교차표): columns of documents → a table of concepts × groups."""

import logging
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from korpus.documents.conditions import Column
from korpus.documents.cuts import cut_of, order_of
from korpus.documents.groups import Groups, heading, names_in_order
from korpus.errors import KorpusError
from korpus.inputs import as_tokens
from korpus.messages import _, plural
from korpus.records import Record, Row, Table, split_names
from korpus.tokens.coding.concepts import check_no_list, is_coded

if TYPE_CHECKING:
    import numpy

    from korpus.statistics.tables import Independence

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_CELLS = ["count", "group_documents", "share", "expected", "residual"]
_TESTS = ["concept", "by", "documents", "chi2", "df", "p", "q", "cramers_v", "expected_below_5"]
_ANSWERS = {"0", "1", "0.0", "1.0", "true", "false", "True", "False", "예", "아니요", "yes", "no"}

Cell = tuple[int, str, str]  # the number of the concept, its value, the group


def crosstab(
    documents: Iterable[Record] | Counter[Cell],
    concept: str | Sequence[str],
    *,
    by: str,
    order: str | Sequence[str] = (),
) -> "Crosstabs":
    """Cross columns with groups (교차표): counts, shares, tests. Holds the counts.

    Parameters: `concept`, a column, or several: as `korpus.code` makes, or any other, also cut into
    bins or periods; `by`, the groups, see `korpus.freq`; `order`, of values and of groups, see
    there. `documents` may also be counts that `count_cells` made. Documents without a value in one
    of the two are left out and logged.

    Columns in: those of `concept` and `by`. Out: see `Crosstabs`. Raises KorpusError for documents
    without these columns, or if none is left.
    """
    names = concept_names(concept)
    if isinstance(documents, Counter):
        counts = documents
    else:
        counts = Counter()
        for _record in count_cells(documents, concepts=names, by=by, counts=counts):
            pass
    tabs = []
    first = names_in_order(order, {name for _number, *cell in counts for name in cell})
    for number, name in enumerate(names):
        cells = {(v, g): n for (place, v, g), n in counts.items() if place == number}
        if missing := sum(n for (v, g), n in cells.items() if not v or not g):
            logger.info(
                _("%s × %s: %s without a value left out"), name, by, plural(missing, "document")
            )
        tab = Crosstab(name, by, {cell: n for cell, n in cells.items() if all(cell)}, first)
        if not tab.cells:
            raise KorpusError(_("no document has values of {a} and {b}").format(a=name, b=by))
        tab.log()
        tabs.append(tab)
    return Crosstabs(tabs, by)


def count_cells(
    documents: Iterable[Record],
    *,
    concepts: Sequence[str],
    by: str,
    counts: Counter[Cell] | None = None,
) -> Iterator[Record]:
    """Count documents per concept, value and group in `counts`, and yield nothing. Streams."""
    counts = Counter() if counts is None else counts
    values = [(number, Groups(name).name) for number, name in enumerate(concepts)]
    columns = [Column(name) for name in concepts]
    group_of = Groups(by).name
    for record in as_tokens(documents):
        group = group_of(record)
        for column in columns:
            check_no_list(record, column.key(record))
        counts.update([(number, value(record), group) for number, value in values])
    yield from ()


def concept_names(concept: str | Sequence[str]) -> list[str]:
    """Columns given with commas, or one that is cut into bins, or several."""
    if isinstance(concept, str) and ":" in concept and cut_of(concept.rpartition(":")[2]):
        return [concept]
    return split_names(concept)


@dataclass
class Crosstab:
    """A table of one concept. `cells`: documents per value and group. `order`: names that come
    first, of values and of groups."""

    concept: str
    by: str
    cells: dict[tuple[str, str], int]
    order: list[str]

    @cached_property
    def values(self) -> list[str]:
        """The values, in order."""
        return sorted(
            {value for value, _group in self.cells}, key=order_of(self.concept, self.order)
        )

    @property
    def is_yes_or_no(self) -> bool:
        """Whether the values are answers, as 1 and 0, of which one says yes."""
        return set(self.values) <= _ANSWERS and sum(map(is_coded, self.values)) < 2

    @cached_property
    def groups(self) -> list[str]:
        """The groups, in order."""
        return sorted({group for _value, group in self.cells}, key=order_of(self.by, self.order))

    @cached_property
    def counts(self) -> "Array":
        """Documents: values × groups."""
        import numpy

        cells = [[self.cells.get((v, g), 0) for g in self.groups] for v in self.values]
        return numpy.array(cells, dtype=numpy.int64)

    @cached_property
    def test(self) -> "Independence":
        """The test of independence."""
        from korpus.statistics.tables import independence

        return independence(self.counts)

    def log(self) -> None:
        """Log the test."""
        found, documents = self.test, plural(int(self.counts.sum()), "document")
        if not found.df:
            logger.info(_("%s × %s: %s, no test of one value"), self.concept, self.by, documents)
            return
        logger.info(
            _("%s × %s: %s, χ² = %s, df = %d, p = %s, Cramer's V = %s"),
            self.concept,
            self.by,
            documents,
            f"{found.chi2:.2f}",
            found.df,
            f"{found.p:.3g}",
            f"{found.cramers_v:.3f}",
        )
        if share := (found.expected < 5).mean():
            logger.info(
                _("%s of cells expect fewer than 5 documents: the test is rough"), f"{share:.0%}"
            )

    def rows(self) -> Iterator[Row]:
        """A row per value and group; of answers yes and no, only yes."""
        totals = self.counts.sum(axis=0).tolist()
        for place, value in enumerate(self.values):
            if self.is_yes_or_no and not is_coded(value) and len(self.values) > 1:
                continue
            for column, group in enumerate(self.groups):
                count = int(self.counts[place, column])
                yield (
                    self.concept, value, group, count, totals[column], count / totals[column],
                    float(self.test.expected[place, column]),
                    _known(float(self.test.residuals[place, column])),
                )  # fmt: skip


@dataclass
class Crosstabs:
    """The tables of some concepts."""

    tabs: list[Crosstab]
    by: str

    def table(self) -> Table:
        """The cells.

        Columns: `concept`, `value`, the group, `count` (documents), `group_documents`, `share` (of
        the group), `expected` (of independence) and `residual`, adjusted: beyond ±1.96 a cell
        differs at the 5 % level. Of a concept with 1 and 0, only the rows of 1.
        """
        columns = ["concept", "value"]
        group = heading(self.by, [*columns, *_CELLS])
        return Table(
            [*columns, group, *_CELLS], lambda: (row for tab in self.tabs for row in tab.rows())
        )

    def tests(self) -> Table:
        """A row per concept.

        Columns: `concept`, `by`, `documents`, `chi2` (Pearson), `df`, `p`, `q` (p by Benjamini &
        Hochberg), `cramers_v`, `expected_below_5`, the share of cells that expect fewer than 5.
        """
        return Table(_TESTS, self._tests)

    def _tests(self) -> Iterator[Row]:
        import numpy

        from korpus.statistics.significance import q_values

        adjusted = q_values(numpy.array([tab.test.p for tab in self.tabs])).tolist()
        for tab, q in zip(self.tabs, adjusted, strict=True):
            found = tab.test
            yield (
                tab.concept, self.by, int(tab.counts.sum()), _known(found.chi2), found.df,
                _known(found.p), _known(q), _known(found.cramers_v),
                float((found.expected < 5).mean()),
            )  # fmt: skip


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
