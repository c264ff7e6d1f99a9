"""Sequences of tokens, for ngrams."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from korpus.records import Record, Row, Table
from korpus.spark.documents import Documents
from korpus.spark.sums import Sums, summed
from korpus.tokens.ngrams import COLUMNS, check_ngrams, counted_sequences, ngram_row, sizes
from korpus.tokens.placed import WINDOW, log_unplaced, place_terms, placed_terms

_ALL, _TOTAL, _SEQUENCE = range(3)  # what a key is of


def ngram_table(
    documents: Documents, *, n: Any, close_gaps: bool, min_count: int, top: int | None
) -> Table:
    """The plan of `korpus.tokens.ngram_table`. Rare sequences stay on the cluster."""
    lengths = sizes(n)
    check_ngrams(lengths, min_count, top)
    totals: dict[int, int] = {}
    found: dict[int, list[tuple[int, list[Any], int]]] = {size: [] for size in lengths}
    stage = partial(_count, lengths, close_gaps)
    for key, a, b, _c in summed(stage, documents, where=f"a >= {min_count} or b < 0"):
        if key[0] == _ALL:
            log_unplaced(a, WINDOW, close_gaps)
        elif key[0] == _TOTAL:
            totals[key[1]] = a
        else:
            found[key[1]].append((a, key[2], b))  # in order of the tokens

    def rows() -> Iterator[Row]:
        for size in lengths:
            ranked = sorted(found[size], key=lambda one: -one[0])[:top]
            for count, terms, df in ranked:
                yield ngram_row(size, terms, count, df, totals[size])

    return Table(COLUMNS, rows)


def _count(
    lengths: list[int],
    close_gaps: bool,
    documents: Iterable[Record],
    *,
    counts: Sums | None = None,
) -> Iterator[Record]:
    """Count sequences; yields nothing. Keys that always stay have a b below 0."""
    counts = Sums() if counts is None else counts
    for part in place_terms(documents, close_gaps=close_gaps):
        counts.add((_ALL,), part.unplaced, -1)
        placed = placed_terms([part], unit=WINDOW, close_gaps=close_gaps)
        for size, total, sequences in counted_sequences(placed, lengths, 1, None):
            counts.add((_TOTAL, size), total, -1)
            for numbers, count, df in sequences:
                terms = tuple(placed.terms[number] for number in numbers)
                counts.add((_SEQUENCE, size, terms), count, df)
    yield from ()
