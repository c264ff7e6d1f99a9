"""The stage freq: tokens → a table of counts."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from korpus.checks import check_choice, check_least
from korpus.errors import UsageError
from korpus.messages import _, plural
from korpus.records import Record, Row, Table, as_list, split_names
from korpus.tokens.term_counts import (
    Group,
    TermCounts,
    check_top,
    chosen,
    counted,
    frequent,
)

logger = logging.getLogger("korpus")

COLUMNS = ["term", "tag", "count", "df", "share"]
OF_GROUPS = ["df_share", "group_documents", "group_tokens"]
WIDE = ("count", "df", "share", "df_share")


def freq(
    documents: Iterable[Record] | TermCounts,
    *,
    top: int | None = None,
    by: str | Sequence[str] | None = None,
    term: str | Sequence[str] = (),
    min_count: int = 1,
    wide: str | None = None,
    order: str | Sequence[str] = (),
) -> Table:
    """Count terms: occurrences and document frequency. Needs the whole input; holds the counts.

    Parameters: `top`, number of terms to return, most frequent first (default: all; ties by term,
    then tag); `by`, a column to group by, or several: one ranking per value of `rating`, per
    year, quarter, month, week or day of dates with `date:month`, or per bin of numbers with
    `rating:1-4,5-7,8-10`; `term`, only these: `word` or `word/TAG`, also where they never occur;
    `min_count`, only terms with so many occurrences in all groups together; `wide`, one column per
    group, with the `count`, `df`, `share` or `df_share` of each term in it; `order`, values of the
    groups in the order that they shall have (others follow: numbers, then words). `documents` may
    also be counts that `count` made.

    Columns in: `tokens`, `tags`. Out: `term`, `tag`, `count`, `df` (document frequency) and `share`
    (count divided by all tokens, of the group with `by`). With `by` the groups' columns come first,
    and at the end `df_share` (df divided by the documents of the group), `group_documents` and
    `group_tokens`. With `wide`: `term`, `tag`, `total` and a column per group. Shares are of all
    tokens and documents, also of those that `term` and `min_count` leave out; a group without
    tokens or documents has no shares. Logs the number of documents, tokens and types (distinct
    terms with their tags) and the type-token ratio. Raises KorpusError for records without tokens
    or without the column.
    """
    columns = as_list(by or ())
    check_freq(top, min_count, wide, grouped=bool(columns))
    counts = counted(documents, columns)
    _log_totals(counts)
    terms = Terms(
        counts,
        chosen(counts, split_names(term)) if term else None,
        frequent(counts, min_count),
        in_order(counts, columns, order),
    )
    if wide:
        return terms.wide(top, wide)
    headings = headings_of(columns, [*COLUMNS, *OF_GROUPS])
    names = [*headings, *COLUMNS, *(OF_GROUPS if columns else ())]
    return Table(names, lambda: terms.rows(top, grouped=bool(columns)))


def check_freq(top: int | None, min_count: int, wide: str | None, *, grouped: bool) -> None:
    """Raise UsageError for options of `freq` that are wrong, before anything is counted."""
    check_top(top)
    check_least("--min-count", min_count, 1, _("1 keeps all"))
    if wide:
        check_choice("--wide", wide, WIDE)
    if wide and not grouped:
        raise UsageError(
            _("--wide makes a column per group, but no --by is given"),
            _("name a column: --by COLUMN"),
        )


def in_order(
    counts: TermCounts, columns: list[str], order: str | Sequence[str] = ()
) -> list[Group]:
    """The groups by the values of their columns; see `korpus.documents.cuts.order_of`.

    `order`: values that come first. Logs the documents without a value.
    """
    if not columns:
        return list(counts.counts)
    from korpus.documents.cuts import order_of
    from korpus.documents.groups import log_missing, names_in_order

    for place, column in enumerate(columns):
        log_missing(column, sum(n for group, n in counts.sizes.items() if not group[place]))
    first = names_in_order(order, {name for group in counts.sizes for name in group})
    keys = [order_of(column, first) for column in columns]
    return sorted(
        counts.sizes,
        key=lambda group: [key(name) for key, name in zip(keys, group, strict=True)],
    )


def headings_of(columns: list[str], taken: list[str]) -> list[str]:
    """The headings of the groups' columns; `taken`: the other columns of the table."""
    if not columns:
        return []
    from korpus.documents.groups import heading

    found: list[str] = []
    for column in columns:
        found.append(heading(column, [*taken, *found]))
    return found


@dataclass
class Terms:
    """Counts to make tables of. `chosen`: only these terms, also where they have a count of 0.

    `frequent`: only these. Both None for all. `groups`: in their order.
    """

    counts: TermCounts
    chosen: list[int] | None
    frequent: set[int] | None
    groups: list[Group]

    def rows(self, top: int | None, grouped: bool) -> Iterator[Row]:
        """The rows of the groups, each in the order of its counts."""
        terms = self.counts.terms
        for group in self.groups:
            ranked, frequencies = self.counts.counts[group], self.counts.frequencies[group]
            total, size = ranked.total(), self.counts.sizes[group]
            for number in self._ranked(ranked)[:top]:
                count, df = ranked[number], frequencies[number]
                row = (*terms[number], count, df, count / total if total else None)
                if grouped:
                    yield (*group, *row, df / size if size else None, size, total)
                else:
                    yield row

    def wide(self, top: int | None, value: str) -> Table:
        """The table with a column per group."""
        whole = TermCounts()
        whole.numbers = self.counts.numbers
        for counters, sums in (
            (self.counts.counts, whole.counts),
            (self.counts.frequencies, whole.frequencies),
        ):
            for counter in counters.values():
                sums[()].update(counter)
        whole.sizes[()] = self.counts.documents
        from korpus.documents.groups import NO_VALUE

        columns = ["term", "tag", "total"]
        for group in self.groups:
            name = " · ".join(part or NO_VALUE for part in group)
            while name in columns:
                name += "_"
            columns.append(name)
        cells = [_cells(whole, (), value), *(_cells(self.counts, g, value) for g in self.groups)]

        def rows() -> Iterator[Row]:
            for number in self._ranked(whole.counts[()])[:top]:
                yield (*self.counts.terms[number], *(cell(number) for cell in cells))

        return Table(columns, rows)

    def _ranked(self, counter: Any) -> list[int]:
        """The numbers of terms, most frequent first, ties by term and tag."""
        # Two stable sorts with simple keys are faster than one with tuples.
        found = self.chosen if self.chosen is not None else counter
        if self.frequent is not None:
            found = filter(self.frequent.__contains__, found)
        numbers = sorted(found, key=self.counts.terms.__getitem__)
        numbers.sort(key=counter.__getitem__, reverse=True)
        return numbers


def _cells(counts: TermCounts, group: Group, value: str) -> Callable[[int], float | None]:
    """The function that gives the value of a term in a group."""
    is_df = value.startswith("df")
    found = (counts.frequencies if is_df else counts.counts)[group]
    if not value.endswith("share"):
        return found.__getitem__
    whole = counts.sizes[group] if is_df else found.total()
    return lambda number: found[number] / whole if whole else None


def _log_totals(counts: TermCounts) -> None:
    tokens = sum(counter.total() for counter in counts.counts.values())
    types = len(counts.terms)
    logger.info(
        _("%s, %s, %s, type-token ratio %s"),
        plural(counts.documents, "document"),
        plural(tokens, "token"),
        plural(types, "type"),
        f"{types / tokens:.3f}" if tokens else _("none"),
    )
