"""Scores of documents for a query, and rankings made of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from korpus.models.blas import one_blas_thread

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

# Documents by their number with their score, the best first.
Ranking = list[tuple[int, float]]

_FIRST = 1000  # documents that are looked at in the order of their scores
_FUSION = 60  # added to each rank, as in the paper


@dataclass(frozen=True)
class Postings:
    """Which documents have a term, and how often.

    `starts`: int64, terms + 1: where the documents of each term begin. `documents`, `counts`:
    int32, those of all terms, one after another. `lengths`: int32, tokens per document.
    """

    starts: "Array"
    documents: "Array"
    counts: "Array"
    lengths: "Array"

    def idf(self, term: int) -> float:
        """ln(1 + (N − df + ½) / (df + ½)), which is above 0 also for a term of all documents."""
        import math

        frequency = int(self.starts[term + 1] - self.starts[term])
        return math.log1p((len(self.lengths) - frequency + 0.5) / (frequency + 0.5))

    def bm25(self, terms: Iterable[int], k1: float, b: float) -> "Array":
        """The BM25 score of each document (float64), 0 without one of the terms.

        Robertson and Zaragoza (2009), as Lucene has it: the sum over the terms of the query of
        idf · tf / (tf + k1 · (1 − b + b · length / mean length)). A term that is repeated in the
        query counts as often. Raises IndexError if the index is damaged.
        """
        import numpy

        scores: Array = numpy.zeros(len(self.lengths))
        mean = float(self.lengths.mean())
        for term, times in Counter(terms).items():
            here = slice(int(self.starts[term]), int(self.starts[term + 1]))
            documents, counts = self.documents[here], self.counts[here].astype(float)
            saturation = k1 * (1 - b + b * self.lengths[documents] / mean)
            scores[documents] += times * self.idf(term) * counts / (counts + saturation)
        return scores


@one_blas_thread
def cosines(vectors: "Array", query: "Array") -> "Array":
    """The cosine of each row with the query, both of length 1 or zero, to six digits."""
    found: Array = (vectors @ query).astype(float).round(6)
    return found


def best(scores: "Array", top: int, passes: Callable[[int], bool] | None = None) -> Ranking:
    """The documents with the highest scores above 0. Ties: as in the input."""
    import numpy

    found = numpy.flatnonzero(scores > 0)
    values = scores[found]
    if passes is None and len(found) > top:
        is_good = values >= numpy.partition(values, -top)[-top]
        found, values = found[is_good], values[is_good]
    order = numpy.lexsort((found, -values))
    ranked = zip(found[order].tolist(), values[order].tolist(), strict=True)
    if passes is None:
        return list(islice(ranked, top))
    ranking: Ranking = []
    for number, value in islice(ranked, _FIRST):
        if passes(number):
            ranking.append((number, value))
            if len(ranking) == top:
                return ranking
    rest = list(ranked)
    # In the order of the input, as documents near each other are read together.
    good = {number for number in sorted(number for number, _value in rest) if passes(number)}
    return [*ranking, *(hit for hit in rest if hit[0] in good)][:top]


def fused(rankings: Sequence[Ranking], top: int) -> Ranking:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): the sum of 1 / (60 + rank)."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, (number, _score) in enumerate(ranking, 1):
            scores[number] = scores.get(number, 0) + 1 / (_FUSION + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:top]
