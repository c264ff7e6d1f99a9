"""The stage freq: tokens → a table of counts."""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import nsmallest

from korpus.errors import KorpusError, UsageError
from korpus.records import Record, Row, Table, plural, tokenized

logger = logging.getLogger("korpus")

COLUMNS = ["term", "tag", "count", "documents", "share"]
_DATE = re.compile(
    r"\s*([12]\d{3})(?:\D{1,2}(0?[1-9]|1[0-2])(?!\d)|(0[1-9]|1[0-2])(?:\d{2})?(?!\d)|(?!\d))"
)
_PERIODS = ("year", "month")

Term = tuple[str, str]


def freq(documents: Iterable[Record], *, top: int | None = None, by: str | None = None) -> Table:
    """Count terms: how often each occurs, and in how many documents.

    Holds the counts, not the documents. Parameters: `top`, how many terms to give, most frequent
    first (all by default; ties by term, then tag); `by`, a column that makes a table for each of
    its values, such as `rating`, or `date:month` and `date:year` for the months and years of
    dates.

    Columns in: `tokens`, `tags`. Out: with `by` that column, then `term`, `tag`, `count`,
    `documents` (document frequency) and `share` (count by all tokens, of the group with `by`).
    Says on the log documents, tokens, types (different terms with their tags) and the type-token
    ratio. Raises KorpusError for records without tokens or without the column.
    """
    if top is not None and top < 1:
        raise UsageError(f"--top {top} is less than 1", "leave it out to get every term")
    counts: dict[str, Counter[Term]] = {}
    frequencies: dict[str, Counter[Term]] = {}
    documents_seen = 0
    for record in tokenized(documents):
        documents_seen += 1
        group = _group(record, by) if by else ""
        terms = list(zip(record["tokens"], record["tags"], strict=True))
        counts.setdefault(group, Counter()).update(terms)
        frequencies.setdefault(group, Counter()).update(set(terms))
    _log_totals(documents_seen, counts.values())
    group = (by or "").replace(":", "_")
    columns = [f"{group}_" if group in COLUMNS else group, *COLUMNS] if by else COLUMNS
    return Table(columns, lambda: _rows(counts, frequencies, top, bool(by)))


def _rows(
    counts: dict[str, Counter[Term]],
    frequencies: dict[str, Counter[Term]],
    top: int | None,
    grouped: bool,
) -> Iterator[Row]:
    for group in sorted(counts, key=_natural):
        total = counts[group].total()
        ranked = counts[group].items()
        order = nsmallest(top or len(ranked), ranked, key=lambda item: (-item[1], item[0]))
        for term, count in order:
            row = (*term, count, frequencies[group][term], count / total)
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


def _log_totals(documents: int, counts: Iterable[Counter[Term]]) -> None:
    every: set[Term] = set()
    tokens = 0
    for count in counts:
        every |= count.keys()
        tokens += count.total()
    ratio = f"{len(every) / tokens:.3f}" if tokens else "none"
    logger.info(
        "%s, %s, %s, type-token ratio %s",
        plural(documents, "document"),
        plural(tokens, "token"),
        plural(len(every), "type"),
        ratio,
    )
