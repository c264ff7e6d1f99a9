"""The stage where: the records that meet a condition."""

import logging
from collections.abc import Iterable, Iterator
from functools import partial

from korpus.documents.comparisons import is_missing
from korpus.documents.conditions import Column, Condition
from korpus.documents.expressions import parse
from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.records import Counts, DocumentSource, Record, Records, as_tokens, lazily

logger = logging.getLogger("korpus")

_ALL, _KEPT = "all", "kept"
# Of columns: those that some row has, those of the first row, values that are missing, values that
# cannot be compared, numbers that were taken for dates, and numbers that were ordered as text; the
# last three with an example.
_SEEN, _COLUMNS, _MISSING, _ODD, _DATES = "seen ", "columns ", "missing ", "odd ", "dates "
_WORDS = "words "
_LONGEST_EXAMPLE = 30  # characters


def where(documents: DocumentSource, condition: str, *, counts: Counts | None = None) -> Records:
    """Keep the records that meet a condition on their columns. Streams.

    Parameters: `condition`, tests of columns joined by `and`, `or`, `not` and parentheses:
    `rating >= 8 and (date < 2020 or text ~ 배송)`. Operators are = != < <= > >=, `~` (contains; a
    `/regular expression/` is searched for) with its opposite `!~`, `in (a, b)` and `not in (a, b)`.
    Left is a column, in `` `…` `` or "…" if its name has spaces or signs; right a value, in '…' if
    it has. Numbers are compared as numbers, dates as dates to the precision given (2019-05-03 is
    before 2020, and = 2019-05), all else as text. A list passes if one of its items does. A missing
    value meets no condition but `= ''`. `counts`: where to count for `log_kept`; without it the
    totals are logged at the end.

    Columns in: those of the condition. Out: all columns, unchanged.
    Raises UsageError for a condition that cannot be read, KorpusError for a column that no record
    has.
    """
    parse(condition)
    stage = partial(_logging, condition)
    if counts is not None:
        stage = partial(_where, condition, counts)
    return lazily(as_tokens(documents), stage)


def log_unknown(condition: str, record: Record) -> None:
    """Log the columns of a condition that the first record lacks; others may take long to come."""
    unknown = [c.name for c in _columns(parse(condition)) if c.key(record) is None]
    if unknown:
        logger.warning(
            _("the first row has no column %s; it has %s"), ", ".join(unknown), ", ".join(record)
        )


def check_columns(condition: str, counts: Counts) -> None:
    """Raises KorpusError if none of the records that were counted has a column of a condition."""
    shown = min((name for name in counts if name.startswith(_COLUMNS)), default=None)
    if shown is None:  # each batch had all of them
        return
    for column in _columns(parse(condition)):
        if not counts[_SEEN + column.name]:
            raise KorpusError(
                _("there is no column {name!r}").format(name=column.name),
                _("the columns are {names}").format(names=shown.removeprefix(_COLUMNS)),
            )


def log_kept(condition: str, counts: Counts) -> None:
    """Log how many records were kept, and the values that could not be compared."""
    logger.info(_("kept %s of %s"), f"{counts[_KEPT]:,}", plural(counts[_ALL], "row"))
    log_undecided(condition, counts)


def log_undecided(condition: str, counts: Counts) -> None:
    """Log the values that are missing or could not be compared, see `count_undecided`."""
    for column in _columns(parse(condition)):
        name = column.name
        if missing := counts[_MISSING + name]:
            logger.info(_("%s: no value in %s, left out"), name, plural(missing, "row"))
        if odd := _found(_ODD + name, counts):
            number = sum(counts[key] for key in odd.values())
            logger.warning(
                _("%s: a value that cannot be compared in %s, left out (%s …)"),
                name,
                plural(number, "row"),
                min(odd),
            )
        if dates := _found(_DATES + name, counts):
            logger.info(
                _("%s: numbers such as %s are taken for dates beside a year; 2019.0 is a number"),
                name,
                min(dates),
            )
        if words := _found(_WORDS + name, counts):
            logger.warning(_("%s: has numbers, but was compared as text (%s)"), name, min(words))


def _found(start: str, counts: Counts) -> dict[str, str]:
    """The names of counts that have an example, by that."""
    keys = (key.partition("\t") for key in counts)
    return {example: f"{key}\t{example}" for key, _tab, example in keys if key == start}


def _columns(condition: Condition) -> list[Column]:
    """The columns of a condition, each once."""
    return list({test.column.name: test.column for test in condition.tests()}.values())


def _logging(condition: str, documents: Iterable[Record]) -> Iterator[Record]:
    counts = Counts()
    yield from _where(condition, counts, documents)
    log_kept(condition, counts)
    check_columns(condition, counts)


def _where(condition: str, counts: Counts, documents: Iterable[Record]) -> Iterator[Record]:
    test = parse(condition)
    columns = unseen = _columns(test)
    number = kept = 0
    examples: dict[str, str] = {}
    for number, record in enumerate(documents, 1):
        if unseen:
            unseen = [column for column in unseen if column.key(record) is None]
            if unseen and number == 1:
                counts[_COLUMNS + ", ".join(record)] = 1
        answer = test(record)
        if answer:
            kept += 1
            yield record
        elif answer is None:
            count_undecided(test, record, counts, examples)
    counts[_ALL] += number
    counts[_KEPT] += kept
    counts.update(_SEEN + column.name for column in columns if column not in unseen)
    count_readings(test, counts)


def count_readings(condition: Condition, counts: Counts) -> None:
    """Count how values of a condition were read that may be meant otherwise."""
    for leaf in condition.tests():
        if leaf.disguised:
            counts[f"{_DATES}{leaf.column.name}\t{leaf.disguised}"] = 1
        if leaf.worded:
            counts[f"{_WORDS}{leaf.column.name}\t{', '.join(map(repr, leaf.worded))}"] = 1


def count_undecided(
    condition: Condition, record: Record, counts: Counts, examples: dict[str, str]
) -> None:
    """Count why there is no answer for a record, for each column once.

    `examples`: the first value of each column that cannot be compared.
    """
    reasons = set()
    for test in condition.tests():
        name = test.column.name
        if test(record) is None:
            value = test.column.value(record)
            if is_missing(value):
                reasons.add(_MISSING + name)
            else:
                example = examples.setdefault(name, repr(value)[:_LONGEST_EXAMPLE])
                reasons.add(f"{_ODD}{name}\t{example}")
    counts.update(reasons)
