"""The stage freq: tokens → a table of counts."""

import logging
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from operator import call

from korpus.errors import UsageError
from korpus.messages import _, plural
from korpus.records import Record, Row, Table, check_strings, tokenized

logger = logging.getLogger("korpus")

COLUMNS = ["term", "tag", "count", "df", "share"]
_BATCH = 1000  # documents counted at once

Term = tuple[str, str]  # token and tag


def freq(documents: Iterable[Record], *, top: int | None = None, by: str | None = None) -> Table:
    """Count terms: occurrences and document frequency. Needs the whole input; holds the counts.

    Parameters: `top`, number of terms to return, most frequent first (default: all; ties by term,
    then tag); `by`, a column to group by: one ranking per value of `rating`, or per month or year
    of dates with `date:month` and `date:year`.

    Columns in: `tokens`, `tags`. Out: with `by` the group's column, then `term`, `tag`, `count`,
    `df` (document frequency) and `share` (count divided by all tokens, of the group with `by`).
    Logs the number of documents, tokens and types (distinct terms with their tags) and the
    type-token ratio. Raises KorpusError for records without tokens or without the column.
    """
    check_top(top)
    counts = TermCounts()
    for _record in count(documents, by=by, counts=counts):
        pass
    return freq_table(counts, top=top, by=by)


class _TagNumbers(dict[str, int]):
    """Term numbers of the tokens of one tag, assigned at the first look-up."""

    def __init__(self, tag: str, terms: list[Term]) -> None:
        self.tag = tag
        self.terms = terms

    def __missing__(self, token: str) -> int:
        if type(token) is not str:
            raise TypeError
        self[token] = number = len(self.terms)
        self.terms.append((token, self.tag))
        return number


class _TermNumbers(dict[str, Callable[[str], int]]):
    """For each tag, the function that numbers its tokens. Counting integers is faster."""

    def __init__(self) -> None:
        self.terms: list[Term] = []

    def __missing__(self, tag: str) -> Callable[[str], int]:
        if type(tag) is not str:
            raise TypeError
        self[tag] = number = _TagNumbers(tag, self.terms).__getitem__
        return number

    def __reduce__(self) -> tuple[type, tuple[()], dict[str, list[Term]]]:
        """Workers send only the terms: enough to add their counts up."""
        return type(self), (), {"terms": self.terms}


@dataclass
class TermCounts:
    """Counts of terms, which can be added up.

    `documents`: number of documents counted. `numbers`: the number of each term. `counts`,
    `frequencies`: per group, occurrences and document frequency by term number.
    """

    documents: int = 0
    numbers: _TermNumbers = field(default_factory=_TermNumbers)
    counts: defaultdict[str, Counter[int]] = field(default_factory=partial(defaultdict, Counter))
    frequencies: defaultdict[str, Counter[int]] = field(
        default_factory=partial(defaultdict, Counter)
    )

    def add(self, group: str, documents: list[list[int]]) -> None:
        """Count documents of a group, given as lists of term numbers."""
        self.documents += len(documents)
        self.counts[group].update(chain.from_iterable(documents))
        self.frequencies[group].update(chain.from_iterable(map(set, documents)))

    def update(self, other: "TermCounts") -> None:
        """Add the counts of other documents."""
        ours = [self.numbers[tag](token) for token, tag in other.numbers.terms]
        self.documents += other.documents
        for mine, theirs in ((self.counts, other.counts), (self.frequencies, other.frequencies)):
            for group, counter in theirs.items():
                mine[group].update({ours[number]: count for number, count in counter.items()})


def count(
    documents: Iterable[Record], *, by: str | None = None, counts: TermCounts | None = None
) -> Iterator[Record]:
    """Add terms to `counts` and yield no records: the part of `freq` that workers run.

    Streams. For `by`, columns and errors see `freq`.
    """
    counts = TermCounts() if counts is None else counts
    number = counts.numbers.__getitem__
    pending: defaultdict[str, list[list[int]]] = defaultdict(list)
    group_of: Callable[[Record], str] | None = None
    if by:
        from korpus.documents.groups import Groups

        group_of = Groups(by, text_of=str).name
    for seen, record in enumerate(tokenized(documents, looked_up=True), 1):
        try:
            numbers = list(map(call, map(number, record["tags"]), record["tokens"]))
        except TypeError:
            check_strings(record)
            raise
        pending[group_of(record) if group_of else ""].append(numbers)
        if seen % _BATCH == 0:
            _count_pending(pending, counts)
    _count_pending(pending, counts)
    yield from ()


def _count_pending(pending: dict[str, list[list[int]]], counts: TermCounts) -> None:
    for group, documents in pending.items():
        counts.add(group, documents)
    pending.clear()


def freq_table(counts: TermCounts, *, top: int | None = None, by: str | None = None) -> Table:
    """The table of `freq` made from counts; for `top` and `by` see there."""
    check_top(top)
    _log_totals(counts)
    group = (by or "").replace(":", "_")
    columns = [f"{group}_" if group in COLUMNS else group, *COLUMNS] if by else COLUMNS
    return Table(columns, lambda: _rows(counts, top, bool(by)))


def check_top(top: int | None) -> None:
    """Raise UsageError for a number of terms below 1."""
    if top is not None and top < 1:
        raise UsageError(
            _("{option} {value} is less than 1").format(option="--top", value=top),
            _("leave it out to get all terms"),
        )


def _rows(counts: TermCounts, top: int | None, grouped: bool) -> Iterator[Row]:
    terms = counts.numbers.terms
    for group in sorted(counts.counts, key=_natural):
        ranked, frequencies = counts.counts[group], counts.frequencies[group]
        total = ranked.total()
        # Two stable sorts with simple keys are faster than one with tuples.
        numbers = sorted(ranked, key=terms.__getitem__)
        numbers.sort(key=ranked.__getitem__, reverse=True)
        for number in numbers[:top]:
            count = ranked[number]
            row = (*terms[number], count, frequencies[number], count / total)
            yield (group, *row) if grouped else row


def _natural(group: str) -> tuple[int, float, str]:
    """A sort key: numbers by value, then words. A group called nan is a word."""
    try:
        value = float(group)
    except ValueError:
        value = math.nan
    return (0, value, group) if math.isfinite(value) else (1, 0.0, group)


def _log_totals(counts: TermCounts) -> None:
    tokens = sum(counter.total() for counter in counts.counts.values())
    types = len(counts.numbers.terms)
    logger.info(
        _("%s, %s, %s, type-token ratio %s"),
        plural(counts.documents, "document"),
        plural(tokens, "token"),
        plural(types, "type"),
        f"{types / tokens:.3f}" if tokens else _("none"),
    )
