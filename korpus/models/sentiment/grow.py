"""Grow a lexicon of feelings from seed words: by word vectors, then by the documents themselves."""

import logging
import math
from collections import Counter
from collections.abc import Iterable
from itertools import chain, compress
from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.files.model_files import Model
from korpus.messages import _, plural
from korpus.models.blas import one_blas_thread
from korpus.models.sentiment.lexicon import CONTENT, LEAST, NEGATED, Lexicon, predicate, terms_of
from korpus.models.vector_model import Word, word_vectors
from korpus.records import DocumentSource, tokenized
from korpus.tagsets import group_of

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_LEAST, _MOST = 5, 20_000  # occurrences of a word, and words, that a lexicon is grown over
_NEIGHBOURS, _STAY, _STEPS = 25, 0.9, 100  # of SentProp
_FAINT = 1.0  # standard deviations: words nearer to the mean have no polarity
_ROUNDS, _ENOUGH = 2, 1000  # of training, and documents for it
_CHUNK = 1000  # words compared with all others at once


@one_blas_thread
def grown(
    documents: DocumentSource,
    vectors: Model,
    positive: Iterable[str],
    negative: Iterable[str],
) -> Lexicon:
    """Grow a lexicon of the words of documents from seed words. Needs the whole input.

    First by SentProp (Hamilton, Clark, Leskovec & Jurafsky 2016): words are joined to the 25
    nearest of their vectors, with weights arccos(-cosine); random walks start again at the seeds of
    either side, and the polarity is the share of the walks from the positive side, less its mean,
    in standard deviations. Words within one deviation get none; seeds get at least 1.
    Then, of 1,000 documents or more, by the documents themselves, see `trained`.
    """
    import numpy

    counts = _word_counts(documents)
    often = [item for item in counts.most_common(_MOST) if item[1] >= _LEAST]
    words = sorted(word for word, _count in often)
    found, weights = word_vectors(vectors).lookup(words)
    known = numpy.flatnonzero(weights > 0)
    rows = found[known].astype(float)
    rows /= numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    forms = [words[number].form for number in known.tolist()]
    sides = [
        [n for n, form in enumerate(forms) if form in set(seeds)] for seeds in (positive, negative)
    ]
    for option, side in zip(("--positive", "--negative"), sides, strict=True):
        if side:
            continue
        raise KorpusError(
            _("no seed word of {option} occurs {least} times and has a vector").format(
                option=option, least=_LEAST
            ),
            _("give seeds of both sides: --positive 좋다,최고 --negative 나쁘다,최악"),
        )
    logger.info(
        _("lexicon grown from %s over %s"),
        plural(len(sides[0]) + len(sides[1]), "seed"),
        plural(len(forms), "word"),
    )
    walks = [_walk(*_graph(rows), side) for side in sides]
    share = walks[0] / numpy.maximum(walks[0] + walks[1], 1e-300)
    scores = (share - share.mean()) / (share.std() or 1.0)
    for sign, side in zip((1, -1), sides, strict=True):
        scores[side] = sign * numpy.maximum(sign * scores[side], 1)
    lexicon = Lexicon(
        {
            _name(words[number]): float(score)
            for number, score in zip(known.tolist(), scores, strict=True)
            if abs(score) >= _FAINT
        }
    )
    return trained(documents, lexicon)


def _name(word: Word) -> str:
    return f"{word.form}/{word.tag}" if word.tag else word.form


def trained(documents: DocumentSource, lexicon: Lexicon) -> Lexicon:
    """Weigh words by the documents that a lexicon takes for good or bad (self-training).

    As Yarowsky (1995): twice, the documents whose polarities add up to more than 0 and to less are
    counted, and each word in five of them or more gets log(p / q), the log-odds of naive Bayes of
    the shares p and q of either side that have it, each count plus 1 and each side plus 2. Other
    words keep what they have. With fewer than 1,000 such documents nothing is changed.
    """
    terms = [list(dict.fromkeys(terms_of(record))) for record in tokenized(documents)]
    words = lexicon.words
    for _round in range(_ROUNDS):
        current = Lexicon(words)
        scores = [sum(current.polarity(*_parted(term)) for term in each) for each in terms]
        good = Counter(chain.from_iterable(compress(terms, (score > 0 for score in scores))))
        bad = Counter(chain.from_iterable(compress(terms, (score < 0 for score in scores))))
        sides = sum(score > 0 for score in scores) + 2, sum(score < 0 for score in scores) + 2
        if sum(sides) < _ENOUGH:
            break
        words = words | {
            term: math.log((good[term] + 1) / sides[0]) - math.log((bad[term] + 1) / sides[1])
            for term in sorted(good.keys() | bad.keys())
            if good[term] + bad[term] >= LEAST
        }
    return Lexicon(words)


def _parted(term: str) -> tuple[str, str]:
    token, _slash, tag = term.rpartition("/")
    return (token, tag) if token else (term, "")


def _word_counts(documents: DocumentSource) -> Counter[Word]:
    """How often each content word occurs; a negated predicate counts as the predicate."""
    counts: Counter[tuple[str, str, str | None]] = Counter()
    for record in tokenized(documents):
        analyzer = record.get("analyzer")
        counts.update(
            zip(record["tokens"], record["tags"], [analyzer] * len(record["tags"]), strict=True)
        )
    found: Counter[Word] = Counter()
    for (token, tag, analyzer), count in counts.items():
        if tag.endswith(NEGATED):
            token, tag = predicate(token), tag.removesuffix(NEGATED)
        if not tag or group_of(tag, analyzer) in CONTENT:
            found[Word(token, tag, analyzer)] += count
    return found


def _graph(rows: "Array") -> "tuple[Array, Array]":
    """The nearest neighbours of each word, and the weights of the steps to them."""
    import numpy

    size = min(_NEIGHBOURS, len(rows) - 1)
    near, weights = [], []
    for start in range(0, len(rows), _CHUNK):
        cosines = rows[start : start + _CHUNK] @ rows.T
        own = numpy.arange(len(cosines))
        cosines[own, start + own] = -2
        order = numpy.argsort(-cosines, axis=1, kind="stable")[:, :size]
        near.append(order)
        weights.append(numpy.arccos(-numpy.take_along_axis(cosines, order, 1).clip(-1, 1)))
    return numpy.concatenate(near), numpy.concatenate(weights)


def _walk(near: "Array", weights: "Array", seeds: list[int]) -> "Array":
    """Where random walks are that go back to the seeds with a chance of one in ten."""
    import numpy
    import scipy.sparse

    size, width = near.shape
    ends = numpy.arange(size + 1) * width
    graph = scipy.sparse.csr_matrix((weights.ravel(), near.ravel(), ends), (size, size))
    graph = graph.maximum(graph.T)
    scale = scipy.sparse.diags(1 / numpy.sqrt(numpy.maximum(graph.sum(axis=1).A1, 1e-12)))
    steps = scale @ graph @ scale
    start = numpy.zeros(size)
    start[seeds] = 1 / len(seeds)
    place: Array = start.copy()
    for _step in range(_STEPS):
        place = _STAY * (steps @ place) + (1 - _STAY) * start
    return place
