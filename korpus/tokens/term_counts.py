"""Counts of terms, per group of documents: what freq, keyness and other tables are made from."""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from operator import call
from typing import TYPE_CHECKING
from unicodedata import normalize

from korpus.checks import check_least
from korpus.messages import _, plural
from korpus.records import Record, as_list, check_strings, tokenized

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_BATCH = 1000  # documents counted at once

Term = tuple[str, str]  # token and tag
Group = tuple[str, ...]  # a name per column of `by`


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

    `numbers`: the number of each term. `sizes`: documents per group. `counts`, `frequencies`: per
    group, occurrences and document frequency by term number.
    """

    numbers: _TermNumbers = field(default_factory=_TermNumbers)
    sizes: Counter[Group] = field(default_factory=Counter)
    counts: defaultdict[Group, Counter[int]] = field(default_factory=partial(defaultdict, Counter))
    frequencies: defaultdict[Group, Counter[int]] = field(
        default_factory=partial(defaultdict, Counter)
    )

    @property
    def terms(self) -> list[Term]:
        """The terms by their numbers."""
        return self.numbers.terms

    @property
    def documents(self) -> int:
        """The number of documents counted."""
        return self.sizes.total()

    def totals(self) -> Counter[int]:
        """Occurrences by term number in all groups together."""
        return _sum(self.counts)

    def array(self, counter: dict[int, int]) -> "Array":
        """Counts of terms as int64, by term number."""
        import numpy

        found = numpy.zeros(len(self.terms), dtype=numpy.int64)
        numbers = numpy.fromiter(counter.keys(), numpy.int64, len(counter))
        found[numbers] = numpy.fromiter(counter.values(), numpy.int64, len(counter))
        return found

    def add(self, group: Group, documents: list[list[int]]) -> None:
        """Count documents of a group, given as lists of term numbers."""
        self.sizes[group] += len(documents)
        self.counts[group].update(chain.from_iterable(documents))
        self.frequencies[group].update(chain.from_iterable(map(set, documents)))

    def update(self, other: "TermCounts", group: Group | None = None) -> None:
        """Add the counts of other documents; `group`: where to, instead of their own groups."""
        ours = [self.numbers[tag](token) for token, tag in other.terms]
        for name, size in other.sizes.items():
            self.sizes[name if group is None else group] += size
        for mine, theirs in ((self.counts, other.counts), (self.frequencies, other.frequencies)):
            for name, counter in theirs.items():
                found = {ours[number]: count for number, count in counter.items()}
                mine[name if group is None else group].update(found)


def count(
    documents: Iterable[Record],
    *,
    by: str | Sequence[str] | None = None,
    counts: TermCounts | None = None,
) -> Iterator[Record]:
    """Add terms to `counts` and yield no records: the part of `freq` that workers run.

    Streams. For `by`, columns and errors see `freq`.
    """
    counts = TermCounts() if counts is None else counts
    number = counts.numbers.__getitem__
    pending: defaultdict[Group, list[list[int]]] = defaultdict(list)
    group_of: Callable[[Record], Group] | None = None
    if by:
        from korpus.documents.groups import Groups

        names = [Groups(column, text_of=str).name for column in as_list(by)]
        group_of = lambda record: tuple([name(record) for name in names])  # noqa: E731
    for seen, record in enumerate(tokenized(documents, looked_up=True), 1):
        try:
            numbers = list(map(call, map(number, record["tags"]), record["tokens"]))
        except TypeError:
            check_strings(record)
            raise
        pending[group_of(record) if group_of else ()].append(numbers)
        if seen % _BATCH == 0:
            _count_pending(pending, counts)
    _count_pending(pending, counts)
    yield from ()


def counted(
    documents: Iterable[Record] | TermCounts, by: str | Sequence[str] | None = None
) -> TermCounts:
    """The counts of documents; those that are given stay as they are. For `by` see `freq`."""
    if isinstance(documents, TermCounts):
        return documents
    counts = TermCounts()
    for _record in count(documents, by=by, counts=counts):
        pass
    return counts


def chosen(counts: TermCounts, wanted: Iterable[str]) -> list[int]:
    """The numbers of terms named as `word` or `word/TAG`, each once, in that order.

    A word that never occurs is added to the terms, without a tag and with counts of 0, and logged.
    """
    named: dict[str, list[int]] = {normalize("NFC", name): [] for name in wanted}
    for number, (token, tag) in enumerate(counts.terms):
        for name in (token, f"{token}/{tag}"):
            if name in named:
                named[name].append(number)
    never = [name for name, numbers in named.items() if not numbers]
    if never:
        logger.info(_("%s never occur: %s"), plural(len(never), "chosen term"), ", ".join(never))
    for name in never:
        named[name].append(counts.numbers[""](name))
    for numbers in named.values():
        numbers.sort(key=counts.terms.__getitem__)
    return list(dict.fromkeys(chain.from_iterable(named.values())))


def frequent(counts: TermCounts, min_count: int) -> set[int] | None:
    """The terms with at least so many occurrences in all groups; None for all. Logs the others."""
    if min_count <= 1:
        return None
    totals = counts.totals()
    found = {number for number, count in totals.items() if count >= min_count}
    if len(found) < len(totals):
        left_out = plural(len(totals) - len(found), "term")
        logger.info(_("--min-count %d: %s left out"), min_count, left_out)
    return found


def check_top(top: int | None) -> None:
    """Raise UsageError for a number of terms below 1."""
    check_least("--top", top, 1, _("leave it out to get all terms"))


def _count_pending(pending: dict[Group, list[list[int]]], counts: TermCounts) -> None:
    for group, documents in pending.items():
        counts.add(group, documents)
    pending.clear()


def _sum(counts: dict[Group, Counter[int]]) -> Counter[int]:
    """The sum of counters; if there is one, that itself."""
    if len(counts) == 1:
        return next(iter(counts.values()))
    found: Counter[int] = Counter()
    for counter in counts.values():
        found.update(counter)
    return found
