"""The stage classify_explain: the words behind a decision, and the most telling features."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from korpus.checks import check_least
from korpus.files.model_files import Model
from korpus.models.classify.classifier import Classifier
from korpus.models.classify.codes import Documents
from korpus.models.classify.linear import classes_of, probabilities, weighted
from korpus.models.classify.predict import classifier
from korpus.models.classify.vocabulary import APART, END, PAIR, TERM
from korpus.records import DocumentSource, Record, Row, Table, as_tokens
from korpus.tokens.texts import plain_text

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

_BATCH = 500  # documents explained at once
_WORD = re.compile(r"\S+")


@dataclass
class Explanation:
    """Why a document is given its class.

    `words`: start, end and weight of each word of the text: how much of the score for this class,
    rather than another, it gives. `rest`: what no word gives. All weights add up to the score.
    """

    id: str
    text: str
    predicted: str
    probability: float
    words: list[tuple[int, int, float]]
    rest: float

    @property
    def heading(self) -> str:
        """A line about the document and its class."""
        return f"{self.id}  {self.predicted} ({self.probability:.2f})"

    def heaviest(self, top: int | None) -> list[tuple[int, int, float]]:
        """The words with the largest weights for or against the class; None for all words."""
        check_least("--top", top, 1)
        return sorted(self.words, key=lambda word: -abs(word[2]))[:top]


def classify_explain(
    documents: "DocumentSource | None", model: Model, *, top: int | None = None
) -> Table:
    """Show the words behind each decision of a classifier; without documents, its telling features.

    Without documents: `top` features per class (default 20): columns out `label`, `rank`, `term`
    (a token, a pair of tokens, or characters between quotes), `weight`.
    With documents: `top` words of each (default: all), the heaviest first. A word of the text has
    the weights of all its tokens and characters; weights above 0 speak for the class that the
    document was given, others against it. All weights of a document add up to its score, with the
    row without a word: the intercept, and tokens that are not in the text as they are.
    Columns in: `id`, `tokens`, `tags`, `text`, with morph --spans the places of tokens. Out: `id`,
    `predicted`, `probability`, `word`, `start`, `end`, `weight`.
    """
    check_least("--top", top, 1)
    if documents is None:
        return telling(classifier(model), 20 if top is None else top)
    explained = list(explanations(documents, model))
    columns = ["id", "predicted", "probability", "word", "start", "end", "weight"]
    return Table(columns, lambda: _rows(explained, top))


def _rows(explained: list[Explanation], top: int | None) -> Iterator[Row]:
    for found in explained:
        first = found.id, found.predicted, found.probability
        for start, end, weight in found.heaviest(top):
            yield *first, found.text[start:end], start, end, weight
        if top is None:
            yield *first, None, None, None, found.rest


def telling(model: Classifier, top: int) -> Table:
    """The features with the largest weights for each class: `label`, `rank`, `term`, `weight`."""
    import numpy

    rows: list[Row] = []
    for number, label in enumerate(model.labels):
        values = model.weights * _row_for(model, number)
        for rank, column in enumerate(numpy.argsort(-values, kind="stable")[:top].tolist(), 1):
            if values[column] > 0:
                rows.append((label, rank, model.vocabulary.name(column), float(values[column])))
    return Table(["label", "rank", "term", "weight"], lambda: rows)


def _row_for(model: Classifier, number: int) -> "Array":
    """The coefficients that speak for a class."""
    found: Array
    if len(model.labels) > 2:
        found = model.coef[number]
        return found
    found = model.coef[0] if number else -model.coef[0]
    return found


def explanations(documents: DocumentSource, model: Model) -> Iterator[Explanation]:
    """Explain each document. Streams, in batches."""
    found = classifier(model)
    for batch, numbers, matrix in found.batches(as_tokens(documents), _BATCH):
        yield from _explained(found, batch, numbers, matrix)


def _explained(
    model: Classifier, batch: list[Record], documents: Documents, matrix: "csr_matrix"
) -> Iterator[Explanation]:
    import numpy

    rows = weighted(matrix, model.weights)
    scores = model.scores(matrix)
    predicted = classes_of(scores)
    chances = probabilities(scores, model.temperature).max(axis=1)
    texts = [record["text"] if isinstance(record.get("text"), str) else "" for record in batch]
    places = [[match.span() for match in _WORD.finditer(text)] for text in texts]
    firsts = numpy.cumsum([0, *map(len, places)])  # the first word of each document, of all words
    at_tokens = [_words_of_tokens(*item) for item in zip(batch, texts, places, strict=True)]
    token_words = [
        int(firsts[-1]) if word is None else word + first
        for first, words in zip(firsts.tolist(), at_tokens, strict=False)
        for word in words
    ]
    words = numpy.array(token_words, numpy.int64), _words_of_letters(texts, firsts)
    weights = _over_words(model, documents, predicted, rows, *words, int(firsts[-1]))
    for number, record in enumerate(batch):
        ours = weights[firsts[number] : firsts[number + 1]].tolist()
        score = scores[number, predicted[number] if scores.shape[1] > 1 else 0]
        score = -score if scores.shape[1] == 1 and not predicted[number] else score
        yield Explanation(
            record["id"],
            texts[number],
            model.labels[predicted[number]],
            float(chances[number]),
            [(*span, weight) for span, weight in zip(places[number], ours, strict=True)],
            float(score) - sum(ours),
        )


def _over_words(
    model: Classifier,
    documents: Documents,
    predicted: "Array",
    rows: Any,
    token_words: "Array",
    letter_words: "Array",
    nowhere: int,
) -> "Array":
    """How much each word of the documents speaks for the class that its document was given.

    `rows`: weighted features. `token_words`, `letter_words`: the word of each token and of each
    character, among the words of all documents; their number, `nowhere`, for none. The weight of a
    feature is shared by its occurrences, then by the tokens or characters of each.
    """
    import numpy

    weights = numpy.zeros(nowhere + 1)
    for block in model.vocabulary.occurrences(documents):
        known = numpy.flatnonzero(block.columns >= 0)
        if not len(known):
            continue
        document, at = block.document[known], block.at[known]
        columns = block.first + block.columns[known]
        keys = document.astype(numpy.int64) * len(model.weights) + columns
        _keys, number, times = numpy.unique(keys, return_inverse=True, return_counts=True)
        values = numpy.asarray(rows[document, columns]).ravel() / times[number]
        if len(model.labels) > 2:
            values *= model.coef[predicted[document], columns]
        else:
            values *= model.coef[0, columns] * numpy.where(predicted[document], 1, -1)
        words = letter_words if block.kind > 0 else token_words
        reach = {TERM: 1, END: 1, PAIR: 2, APART: 1}.get(block.kind, block.kind)
        places = [at + step for step in range(reach)]
        places += [] if block.to is None else [block.to[known]]
        targets = numpy.stack([words[place] for place in places])
        shares = (targets < nowhere).sum(axis=0)
        each = numpy.tile(values / numpy.maximum(shares, 1), len(places))
        weights += numpy.bincount(targets.ravel(), each, nowhere + 1)
    found: Array = weights[:-1]
    return found


def _words_of_letters(texts: list[str], firsts: "Array") -> "Array":
    """The word of each character, among the words of all documents; their number for an end."""
    import numpy

    nowhere = int(firsts[-1])
    words: list[int] = []
    for text, first in zip(texts, firsts.tolist(), strict=False):
        if plain := plain_text(text):
            sizes = map(len, plain.split(" "))
            inside = chain.from_iterable([first + at] * size for at, size in enumerate(sizes))
            words += [nowhere, *inside, nowhere]
    return numpy.array(words, numpy.int64)


def _words_of_tokens(
    record: Record, text: str, places: list[tuple[int, int]]
) -> Iterator[int | None]:
    """The number of the word that each token is in: by its span, else where its form comes next."""
    starts = [start for start, _end in places]
    spans = record.get("spans")
    if not isinstance(spans, list) or len(spans) != len(record["tokens"]):
        spans = [None] * len(record["tokens"])
    cursor = 0
    for token, span in zip(record["tokens"], spans, strict=True):
        start = span[0] if span else text.find(token, cursor) if token else -1
        if start < 0 or not starts:
            yield None
            continue
        cursor = start if span else start + len(token)
        yield max(bisect_right(starts, start) - 1, 0)
