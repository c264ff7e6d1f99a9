"""Counts of terms per group of documents, for freq and keyness."""

from collections.abc import Iterator
from typing import Any

from korpus.spark.counting import Count, count
from korpus.spark.documents import Documents
from korpus.tokens.term_counts import TermCounts
from korpus.workers.task import Decode, Stage

_GROUP, _TERM = 0, 1  # what a key is of


def add_up(stage: Stage[Any], documents: Documents, decode: Decode[Any], counts: Any) -> Any:
    """Run `korpus.tokens.count` and add up in `counts.counts`, a TermCounts.

    Of `counts`, the other attributes are added up by its own `update`.
    """
    terms: TermCounts = counts.counts
    work = count(stage, documents, decode=decode, counts=counts, split=_split, size=_size)
    for key, *numbers in sorted(work.keyed()):
        kind, group = key[0], tuple(key[1])
        if kind == _GROUP:
            terms.sizes[group] += numbers[0]
            terms.counts[group]  # a group without tokens has counts too
            terms.frequencies[group]
        else:
            number = terms.numbers[key[2]](key[3])
            terms.counts[group][number] += numbers[0]
            terms.frequencies[group][number] += numbers[1]
    return counts


def _split(collected: Any) -> Iterator[Count]:
    """The counts that a task has collected, which begins anew."""
    counts: TermCounts | None = collected.counts
    collected.counts = None
    if counts is None:
        return
    for group, size in counts.sizes.items():
        yield (_GROUP, group), size, 0, 0
    terms = counts.terms
    for group, counter in counts.counts.items():
        frequencies = counts.frequencies[group]
        for number, occurrences in counter.items():
            token, tag = terms[number]
            yield (_TERM, group, tag, token), occurrences, frequencies[number], 0


def _size(collected: Any) -> int:
    counts: TermCounts | None = collected.counts
    return 0 if counts is None else sum(map(len, counts.counts.values()))
