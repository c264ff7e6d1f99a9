"""The stage correspondence (대응 분석): terms or concepts × groups → a map."""

import logging
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.documents.groups import shown
from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.records import Record, Row, Table, split_names
from korpus.tokens.coding.concepts import count_concepts
from korpus.tokens.freq import in_order
from korpus.tokens.term_counts import Term, TermCounts, check_top, chosen, counted

if TYPE_CHECKING:
    import numpy

    from korpus.statistics.tables import Correspondence, Points

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_POINTS = ["kind", "name", "tag", "count", "mass", "inertia"]
_TOP = 50  # terms


def correspondence(
    documents: Iterable[Record] | TermCounts,
    *,
    by: str,
    term: str | Sequence[str] = (),
    concept: str | Sequence[str] = (),
    top: int | None = None,
    min_count: int = 5,
    dimensions: int = 2,
    order: str | Sequence[str] = (),
) -> "CorrespondenceMap":
    """Map terms and groups by correspondence analysis (대응 분석). Holds the counts.

    Parameters: `by`, the groups, see `korpus.freq`; `term`, the terms, `word` or `word/TAG`
    (default: the 50 most frequent, or `top`, with at least `min_count` occurrences); `concept`,
    instead of terms, columns that say whether a document has a concept; `dimensions`, how many to
    give; `order`, of the groups, see `korpus.freq`. `documents` may also be counts by `by`. Terms
    and groups without counts are left out and logged.

    Columns in: `tokens`, `tags` or the concepts, and the groups. Out: see `CorrespondenceMap`.
    One term or one group alone gives no dimension. Raises KorpusError without terms or groups.
    """
    check_correspondence(top, min_count, dimensions)
    if concept and not isinstance(documents, TermCounts):
        counts = TermCounts()
        names = split_names(concept)
        for _record in count_concepts(documents, concepts=names, by=by, counts=counts):
            pass
    else:
        counts = counted(documents, by)
    groups = in_order(counts, [by], order)
    wanted = split_names(term) or split_names(concept)
    if wanted:
        numbers = chosen(counts, wanted)
    else:
        totals = counts.totals()
        numbers = sorted(totals, key=counts.terms.__getitem__)
        numbers.sort(key=totals.__getitem__, reverse=True)
        numbers = [number for number in numbers if totals[number] >= min_count][: top or _TOP]
    return _mapped(
        [counts.terms[number] for number in numbers],
        [name for (name,) in groups],
        [[counts.counts[group][number] for group in groups] for number in numbers],
        dimensions,
    )


def check_correspondence(top: int | None, min_count: int, dimensions: int) -> None:
    """Raise UsageError for wrong options, before anything is counted."""
    check_top(top)
    check_least("--min-count", min_count, 1, _("1 keeps all"))
    check_least("--dimensions", dimensions, 1)


def _mapped(
    terms: list[Term], groups: list[str], cells: list[list[int]], dimensions: int
) -> "CorrespondenceMap":
    import numpy

    table = numpy.array(cells, dtype=numpy.int64).reshape(len(terms), len(groups))
    rows, columns = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    for kept, names in ((rows, [term for term, _tag in terms]), (columns, groups)):
        if empty := [shown(name) for name, is_kept in zip(names, kept, strict=True) if not is_kept]:
            logger.info(_("nothing to count, left out: %s"), ", ".join(empty))
    table = table[rows][:, columns]
    if not table.size:
        raise KorpusError(
            _("there is nothing to map: no term in any group"),
            _("lower --min-count, name terms with --term, or choose other groups"),
        )
    if min(table.shape) < 2:
        logger.info(_("a map needs two terms and two groups: there is no dimension"))
    found = CorrespondenceMap(
        [term for term, kept in zip(terms, rows, strict=True) if kept],
        [group for group, kept in zip(groups, columns, strict=True) if kept],
        table,
        dimensions,
    )
    shares = [row["share"] for row in found.inertia()][:dimensions]
    logger.info(
        _("%s, %s, inertia %s; dimensions explain %s"),
        plural(len(found.terms), "term"),
        plural(len(found.groups), "group"),
        f"{found.analysis.eigenvalues.sum():.4f}",
        ", ".join(f"{share:.1%}" for share in shares),
    )
    return found


@dataclass
class CorrespondenceMap:
    """A correspondence analysis. `table`: the counts, terms × groups."""

    terms: list[Term]
    groups: list[str]
    table: "Array"
    dimensions: int

    @cached_property
    def analysis(self) -> "Correspondence":
        """The numbers."""
        from korpus.statistics.tables import correspondence

        return correspondence(self.table, self.dimensions)

    def points(self) -> Table:
        """A row per term and per group.

        Columns: `kind` (term or group), `name`, `tag`, `count`, `mass` (share of all counts),
        `inertia` (part of the total), and per dimension `d1` (principal coordinate), `cos2_1` (how
        much of the point it shows), `contribution_1` (how much of the dimension the point makes).
        """
        numbers = range(1, self.analysis.rows.coordinates.shape[1] + 1)
        names = [name for n in numbers for name in (f"d{n}", f"cos2_{n}", f"contribution_{n}")]
        return Table([*_POINTS, *names], self._points)

    def inertia(self) -> Table:
        """A row per dimension, all of them.

        Columns: `dimension`, `eigenvalue` (its inertia), `share` of the total, `cumulative`.
        """
        return Table(["dimension", "eigenvalue", "share", "cumulative"], self._inertia)

    def _points(self) -> Iterator[Row]:
        names = [("term", *term) for term in self.terms]
        yield from self._rows(names, self.table.sum(axis=1), self.analysis.rows)
        groups = [("group", group, "") for group in self.groups]
        yield from self._rows(groups, self.table.sum(axis=0), self.analysis.columns)

    def _rows(
        self, names: list[tuple[str, str, str]], counts: "Array", points: "Points"
    ) -> Iterator[Row]:
        for place, name in enumerate(names):
            parts = zip(
                points.coordinates[place].tolist(),
                points.cos2[place].tolist(),
                points.contributions[place].tolist(),
                strict=True,
            )
            values = [None if math.isnan(value) else value for part in parts for value in part]
            mass, inertia = float(points.masses[place]), float(points.inertias[place])
            yield (*name, int(counts[place]), mass, inertia, *values)

    def _inertia(self) -> Iterator[Row]:
        values = self.analysis.eigenvalues.tolist()
        total, sum_so_far = sum(values), 0.0
        for number, value in enumerate(values, 1):
            sum_so_far += value
            shares = (value / total, sum_so_far / total) if total else (0.0, 0.0)
            yield (number, value, *shares)
