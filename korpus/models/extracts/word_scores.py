"""Scores of the words of a document, by four methods."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import count, pairwise
from typing import TYPE_CHECKING

from korpus.models.blas import one_blas_thread
from korpus.models.extracts.units import Unit
from korpus.models.nearest import unit as of_length_one
from korpus.models.vector_model import VectorModel, Word, words_of
from korpus.models.weighting import Weighting
from korpus.statistics.pagerank import pagerank
from korpus.tokens import document_term_matrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

# Words with their score, in the order in which they first occur.
Scores = dict[str, float]


def textrank(unit: Unit, window: int) -> Scores:
    """TextRank (Mihalcea & Tarau 2004): PageRank in the graph of words near each other.

    Two words have an edge, without weight or direction, if they occur less than `window` tokens
    apart in a sentence. The values sum to 1.
    """
    number: dict[str, int] = {}
    for token in unit.tokens():
        number.setdefault(token, len(number))
    edges: set[tuple[int, int]] = set()
    for sentence in unit.sentences:
        words = list(zip(sentence.places, map(number.__getitem__, sentence.tokens), strict=True))
        for at, (place, word) in enumerate(words):
            for other_place, other in words[at + 1 :]:
                if other_place - place >= window:
                    break
                if other != word:
                    edges |= {(word, other), (other, word)}
    sources, targets = zip(*sorted(edges), strict=True) if edges else ((), ())
    found = pagerank(len(number), sources, targets, [1.0] * len(edges))
    return dict(zip(number, found.tolist(), strict=True))


def yake(unit: Unit) -> Scores:
    """YAKE's score of single words (Campos et al. 2020), of which lower is better.

    rel · pos / (case + frequency / rel + sentences / rel): `pos` ln ln(3 + the median number, from
    0, of its sentence in the document), `frequency` tf / (mean + standard deviation), `sentences`
    the share of sentences that have the word, `rel` 1 + (left + right) · tf / largest tf, with left
    and right the share of different words among its neighbours, `case` the occurrences with a
    Latin capital first / (1 + ln tf), which Hangul has not.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)  # numbers of sentences
    left: defaultdict[str, Counter[str]] = defaultdict(Counter)
    right: defaultdict[str, Counter[str]] = defaultdict(Counter)
    spread: Counter[str] = Counter()
    for sentence in unit.sentences:
        spread.update(set(sentence.tokens))
        for token in sentence.tokens:
            places[token].append(sentence.number)
        for before, after in pairwise(sentence.tokens):
            right[before][after] += 1
            left[after][before] += 1
    if not places:
        return {}
    counts = [len(found) for found in places.values()]
    usual = statistics.fmean(counts) + statistics.pstdev(counts)
    scores = {}
    for token, found in places.items():
        tf = len(found)
        position = math.log(math.log(3 + statistics.median(found)))
        related = 1 + (_variety(left[token]) + _variety(right[token])) * tf / max(counts)
        case = tf / (1 + math.log(tf)) if "A" <= token[0] <= "Z" else 0.0
        share = spread[token] / len(unit.sentences)
        scores[token] = related * position / (case + tf / usual / related + share / related)
    return scores


def _variety(neighbours: Counter[str]) -> float:
    return len(neighbours) / neighbours.total() if neighbours else 0.0


def tfidf(units: list[Unit]) -> Iterator[Scores]:
    """The TF-IDF of each unit's words, as `korpus.tfidf` has it: idf over all units, length 1."""
    from scipy.sparse import csr_matrix

    matrix = document_term_matrix({"id": u.name, "tokens": list(u.tokens())} for u in units)
    idf = Weighting().idf_of(matrix.document_frequency, len(matrix.lengths))
    weights: csr_matrix = Weighting().weigh(matrix.counts, idf)[1]
    ends = weights.indptr.tolist()
    for start, end in pairwise(ends):
        columns, values = weights.indices[start:end].tolist(), weights.data[start:end].tolist()
        yield {matrix.terms[at]: value for at, value in zip(columns, values, strict=True)}


@one_blas_thread
def nearness(units: list[Unit], model: VectorModel) -> list[Scores]:
    """The cosine of each word's vector with that of its unit, as the model gives them."""
    number: defaultdict[Word, int] = defaultdict(count().__next__)
    tokens = [
        [number[Word._make(word)] for word in words_of(unit.record(unit.sentences))]
        for unit in units
    ]
    words = list(number)
    vectors, weights = model.known_vectors(words)
    alone = of_length_one(vectors)
    found = []
    for places in tokens:
        whole = of_length_one((weights[places] @ vectors[places])[None])[0]
        firsts: dict[str, int] = {}
        for place in places:
            firsts.setdefault(words[place].form, place)
        cosines = (alone[list(firsts.values())] @ whole).tolist() if places else []
        known = zip(firsts, cosines, strict=True)
        found.append({token: cosine for token, cosine in known if cosine})
    return found
