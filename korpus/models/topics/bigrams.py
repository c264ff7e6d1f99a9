"""Words that stand one after the other, by topic."""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from korpus.models.topics.topic_model import TopicModel
from korpus.records import Record
from korpus.statistics.association import npmi
from korpus.tokens.placed import PlacedPart, place_terms, placed_terms

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_HELD = 5000  # documents
_CHUNK = 1 << 14  # places of bigrams at once
_LEAST, _NPMI = 3, 0.5  # occurrences, association of the words
_MOST_OF_ALL = 0.5  # of the occurrences belong to the topic


class Bigrams:
    """Collects the documents of a model, and finds the bigrams of its topics."""

    def __init__(self, model: TopicModel) -> None:
        self._model = model
        self._rows: list[int] = []
        self._held: list[Record] = []
        self._parts: list[PlacedPart] = []

    def add(self, row: int, record: Record) -> None:
        """Add the document in a row of the model; one without tokens has no bigrams."""
        if not isinstance(record.get("tokens"), list):
            return
        self._rows.append(row)
        self._held.append(record)
        if len(self._held) == _HELD:
            self._place()

    def _place(self) -> None:
        self._parts += place_terms(self._held)
        self._held = []

    def by_topic(self, top: int) -> list[list[str]]:
        """The most frequent bigrams of each topic, `a b`.

        Of words of the model that occur together three times, with NPMI of at least 0.5, as for
        `phrases`. An occurrence in document d belongs to topic z with P(z | d) P(a | z) P(b | z),
        normalized; a bigram belongs to a topic that has at least half of its occurrences.
        """
        import numpy
        from scipy.sparse import csr_matrix

        self._place()
        k = len(self._model.shares)
        if not self._parts:
            return [[] for _topic in range(k)]
        placed = placed_terms(chain(self._parts), tagged=False)
        column = {term: number for number, term in enumerate(self._model.terms)}
        forms = [form for form, _tag in placed.terms]
        known = numpy.array([column.get(form, -1) for form in forms], dtype=numpy.int64)
        rows = numpy.repeat(numpy.array(self._rows, dtype=numpy.int64), placed.lengths)
        ours = known[placed.numbers] if len(forms) else numpy.empty(0, numpy.int64)
        first, second = ours[:-1], ours[1:]
        is_pair = (placed.gaps[1:] == 1) & (first >= 0) & (second >= 0) & (first != second)
        codes = first[is_pair] * len(column) + second[is_pair]
        pairs, number, counts = numpy.unique(codes, return_inverse=True, return_counts=True)
        a, b = pairs // len(column), pairs % len(column)
        occurrences = numpy.bincount(ours[ours >= 0], minlength=len(column))
        scores = npmi(counts, occurrences[a], occurrences[b], max(len(ours), 1))
        is_good = (counts >= _LEAST) & (scores >= _NPMI)
        places = numpy.flatnonzero(is_good[number]) if len(pairs) else number
        of, document = number[places], rows[1:][is_pair][places]
        expected = numpy.zeros((len(pairs), k))
        for start in range(0, len(of), _CHUNK):
            pair, row = of[start : start + _CHUNK], document[start : start + _CHUNK]
            shares = self._model.document_topic[row].astype(float)
            shares *= (self._model.topic_term[:, a[pair]] * self._model.topic_term[:, b[pair]]).T
            sums = shares.sum(axis=1, keepdims=True)
            shares /= numpy.where(sums > 0, sums, 1)
            ones = (numpy.ones(len(pair)), (pair, range(len(pair))))
            expected += csr_matrix(ones, (len(pairs), len(pair))) @ shares
        mine = numpy.where(expected >= _MOST_OF_ALL * counts[:, None], expected, 0)
        terms = self._model.terms
        return [
            [f"{terms[a[pair]]} {terms[b[pair]]}" for pair in _first(mine[:, topic], is_good, top)]
            for topic in range(k)
        ]


def _first(weights: "Array", is_good: "Array", top: int) -> Iterator[int]:
    import numpy

    for pair in numpy.argsort(-weights.round(9), kind="stable")[:top].tolist():
        if is_good[pair] and weights[pair] > 0:
            yield pair
