"""The vocabulary of documents, which is counted on the cluster and held here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import compress
from typing import TYPE_CHECKING

import orjson

from korpus.records import Record
from korpus.spark.documents import Documents
from korpus.spark.sums import Sums, summed
from korpus.tokens import Part, Provenance, count_terms
from korpus.tokens.limits import check_limits, chosen_terms

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_ALL, _ANALYSIS, _TERM, _CELL = range(4)  # what a key is of


@dataclass
class Vocabulary:
    """Terms in order, with their int64 frequencies; `documents`: how many there are.

    `cells`: with groups as documents, by group the counts of terms.
    """

    terms: list[str]
    df: "Array"
    frequency: "Array"
    documents: int
    provenance: Provenance
    cells: dict[str, dict[str, int]]


def vocabulary(
    documents: Documents,
    *,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    max_features: int | None = None,
    by: str | None = None,
) -> Vocabulary:
    """The terms that `document_term_matrix` keeps, with the same limits. Raises its errors.

    The digest is made from counts, so it differs from that of the same documents on one machine,
    which is made from all tokens in their order.
    """
    import numpy

    check_limits(min_df, max_df, max_features)
    found = list(summed(partial(_count, by), documents))
    cells: dict[str, dict[str, int]] = {}
    total = tokens = 0
    analyses: list[tuple[str | None, str | None]] = []
    terms: list[str] = []
    numbers: list[tuple[int, int]] = []
    digest = sha256()
    for key, a, b, _c in found:
        digest.update(repr((key, a, b)).encode("utf-8", "surrogatepass"))
        if key[0] == _ALL:
            total, tokens = a, b
        elif key[0] == _ANALYSIS:
            analyses.append(tuple(orjson.loads(key[1])))
        elif key[0] == _CELL:
            cells.setdefault(key[1], {})[key[2]] = a
            total = len(cells)
        elif key[0] == _TERM:
            terms.append(key[1])
            numbers.append((a, b))
    df, frequency = numpy.array(numbers, numpy.int64).reshape(-1, 2).T
    if by:
        groups = [set(counts) for counts in cells.values()]
        df = numpy.array([sum(term in group for group in groups) for term in terms], numpy.int64)
        cells = {group: {t: n for t, n in counts.items() if t} for group, counts in cells.items()}
    kept = chosen_terms(df, frequency, total, min_df, max_df, max_features)
    analyzer, analysis = analyses[0] if len(analyses) == 1 else (None, None)
    provenance: Provenance = {
        "analyzer": analyzer,
        "analysis": analysis,
        "documents": total,
        "tokens": tokens,
        "digest": digest.hexdigest(),
    }
    names = list(compress(terms, kept))
    return Vocabulary(names, df[kept], frequency[kept], total, provenance, cells)


def _count(
    by: str | None, documents: Iterable[Record], *, counts: Sums | None = None
) -> Iterator[Record]:
    """Count terms and the documents that they are in; yields nothing."""
    counts = Sums() if counts is None else counts
    for part in count_terms(documents, by=by):
        counts.add((_ALL,), len(part.ids), len(part.numbers))
        for one in part.analyses:  # as text, which sorts where a part of it is missing
            counts.add((_ANALYSIS, orjson.dumps(one).decode()), 1)
        for term, df, frequency in _frequencies(part):
            counts.add((_TERM, term), df, frequency)
        if by:
            at = 0
            for group, length in zip(part.ids, part.lengths, strict=True):
                counts.add((_CELL, group, ""))  # a group without tokens is one too
                for number in part.numbers[at : at + length]:
                    counts.add((_CELL, group, part.terms[number]), 1)
                at += length
    yield from ()


def _frequencies(part: Part) -> Iterator[tuple[str, int, int]]:
    import numpy

    numbers = numpy.asarray(part.numbers, numpy.int64)
    rows = numpy.repeat(numpy.arange(len(part.ids)), numpy.asarray(part.lengths))
    width = max(len(part.terms), 1)
    once = numpy.unique(rows * width + numbers) % width
    df = numpy.bincount(once, minlength=len(part.terms)).tolist()
    frequency = numpy.bincount(numbers, minlength=len(part.terms)).tolist()
    yield from zip(part.terms, df, frequency, strict=True)
