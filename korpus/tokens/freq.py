"""The stage freq: tokens → a table of counts."""

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from operator import call

from korpus.errors import KorpusError, UsageError
from korpus.messages import plural
from korpus.records import Record, Row, Table, check_strings, tokenized

logger = logging.getLogger("korpus")

COLUMNS = ["term", "tag", "count", "df", "share"]
_DATE = re.compile(
    r"\s*([12]\d{3})(?:\D{1,2}(0?[1-9]|1[0-2])(?!\d)|(0[1-9]|1[0-2])(?:\d{2})?(?!\d)|(?!\d))"
)
_PERIODS = ("year", "month")
_COUNTED_TOGETHER = 1000  # documents

Term = tuple[str, str]


def freq(documents: Iterable[Record], *, top: int | None = None, by: str | None = None) -> Table:
    """Count terms: how often each occurs, and in how many documents.

    Holds the counts, not the documents. Parameters: `top`, how many terms to give, most frequent
    first (all by default; ties by term, then tag); `by`, a column that makes a table for each of
    its values, such as `rating`, or `date:month` and `date:year` for the months and years of
    dates.

    Columns in: `tokens`, `tags`. Out: with `by` that column, then `term`, `tag`, `count`,
    `df` (document frequency) and `share` (count by all tokens, of the group with `by`).
    Says on the log documents, tokens, types (different terms with their tags) and the type-token
    ratio. Raises KorpusError for records without tokens or without the column.
    """
    check_top(top)
    counts = TermCounts()
    for _ in count(documents, by=by, counts=counts):
        pass
    return freq_table(counts, top=top, by=by)


class _OfTag(dict[str, int]):
    """A number for each token of a tag, given when it is first looked up."""

    def __init__(self, tag: str, terms: list[Term]) -> None:
        self.tag = tag
        self.terms = terms

    def __missing__(self, token: str) -> int:
        if type(token) is not str:
            raise TypeError
        self[token] = number = len(self.terms)
        self.terms.append((token, self.tag))
        return number


class _Numbers(dict[str, Callable[[str], int]]):
    """For each tag, what gives the numbers of its tokens: integers are counted faster."""

    def __init__(self) -> None:
        self.terms: list[Term] = []

    def __missing__(self, tag: str) -> Callable[[str], int]:
        if type(tag) is not str:
            raise TypeError
        self[tag] = number = _OfTag(tag, self.terms).__getitem__
        return number

    def __reduce__(self) -> tuple[type, tuple[()], dict[str, list[Term]]]:
        """For the way from a worker: the terms are all that it takes to add its counts up."""
        return type(self), (), {"terms": self.terms}


@dataclass
class TermCounts:
    """Counts of terms, which add up.

    `documents`: how many were counted. `numbers`: a number for each term. `counts`,
    `frequencies`: for each group how often a term occurs, by its number, and in how many documents.
    """

    documents: int = 0
    numbers: _Numbers = field(default_factory=_Numbers)
    counts: defaultdict[str, Counter[int]] = field(default_factory=partial(defaultdict, Counter))
    frequencies: defaultdict[str, Counter[int]] = field(
        default_factory=partial(defaultdict, Counter)
    )

    def add(self, group: str, documents: list[list[int]]) -> None:
        """Count documents of a group, given as the numbers of their terms."""
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
    """Count terms in `counts` and give no record: the part of `freq` that workers can share.

    Streams. `by`, the columns and the errors are those of `freq`.
    """
    counts = TermCounts() if counts is None else counts
    number = counts.numbers.__getitem__
    waiting: defaultdict[str, list[list[int]]] = defaultdict(list)
    for seen, record in enumerate(tokenized(documents, looked_up=True), 1):
        try:
            numbers = list(map(call, map(number, record["tags"]), record["tokens"]))
        except TypeError:
            check_strings(record)
            raise
        waiting[_group(record, by) if by else ""].append(numbers)
        if seen % _COUNTED_TOGETHER == 0:
            _count_waiting(waiting, counts)
    _count_waiting(waiting, counts)
    yield from ()


def _count_waiting(waiting: dict[str, list[list[int]]], counts: TermCounts) -> None:
    for group, documents in waiting.items():
        counts.add(group, documents)
    waiting.clear()


def freq_table(counts: TermCounts, *, top: int | None = None, by: str | None = None) -> Table:
    """The table of `freq` from counts, with its `top` and `by`."""
    check_top(top)
    _log_totals(counts)
    group = (by or "").replace(":", "_")
    columns = [f"{group}_" if group in COLUMNS else group, *COLUMNS] if by else COLUMNS
    return Table(columns, lambda: _rows(counts, top, bool(by)))


def check_top(top: int | None) -> None:
    """Raises UsageError for a number of terms below 1."""
    if top is not None and top < 1:
        raise UsageError(f"--top {top} is less than 1", "leave it out to get every term")


def _rows(counts: TermCounts, top: int | None, grouped: bool) -> Iterator[Row]:
    terms = counts.numbers.terms
    for group in sorted(counts.counts, key=_natural):
        ranked, frequencies = counts.counts[group], counts.frequencies[group]
        total = ranked.total()
        # In two steps, each of which compares things of one kind, which Python does faster.
        numbers = sorted(ranked, key=terms.__getitem__)
        numbers.sort(key=ranked.__getitem__, reverse=True)
        for number in numbers[:top]:
            count = ranked[number]
            row = (*terms[number], count, frequencies[number], count / total)
            yield (group, *row) if grouped else row


def _group(record: Record, by: str) -> str:
    column, _, period = by.partition(":")
    if by in record:
        column, period = by, ""
    if column not in record:
        others = [name for name in record if name not in ("text", "tokens", "tags")]
        raise KorpusError(
            f"document {record['id']!r} has no column {column!r}",
            f"its columns are {', '.join(others)}",
        )
    value = "" if record[column] is None else str(record[column])
    if not period or not value.strip():
        return value.strip()
    if period not in _PERIODS:
        raise UsageError(f"--by {by}: unknown period {period!r}", f"one of: {', '.join(_PERIODS)}")
    date = _DATE.match(value)
    if date is None or (period == "month" and not (date[2] or date[3])):
        raise KorpusError(
            f"document {record['id']!r}: {column} {value!r} is not a date", "expected 2025-03-31"
        )
    month = date[2] or date[3]
    return date[1] if period == "year" else f"{date[1]}-{month:0>2}"


def _natural(group: str) -> tuple[int, float, str]:
    """Numbers in their order, before words in theirs."""
    try:
        return (0, float(group), group)
    except ValueError:
        return (1, 0.0, group)


def _log_totals(counts: TermCounts) -> None:
    tokens = sum(counter.total() for counter in counts.counts.values())
    types = len(counts.numbers.terms)
    logger.info(
        "%s, %s, %s, type-token ratio %s",
        plural(counts.documents, "document"),
        plural(tokens, "token"),
        plural(types, "type"),
        f"{types / tokens:.3f}" if tokens else "none",
    )
