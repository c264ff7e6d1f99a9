"""Topic models of every kind: what they hold, and the tables made of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from korpus.errors import KorpusError, UsageError
from korpus.records import Row, Table
from korpus.tokens import Matrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


@dataclass
class TopicModel:
    """A fitted topic model (토픽 모델) with k topics, the first the largest.

    `kind`: lda, lsa, nmf or plsa. `terms`: the vocabulary. `ids`: the documents.
    `topic_term`: float64, k × terms: P(term | topic); for lsa signed loadings.
    `document_topic`: float32, documents × k: P(topic | document); for lsa coordinates.
    `shares`: float64, k: of all tokens; for lsa of the variance explained.
    `term_frequency`: int64, how often each term occurs.
    `inference`: what new documents need besides: for lda `alpha` (k) and, where an engine infers
    by other weights than `topic_term`, `word_weight` (k × terms); for models of TF-IDF `df` and
    `idf` (terms).
    `options`: as given. `origin`: the documents it was fitted on, see `Matrix.origin`.
    """

    kind: str
    terms: list[str]
    ids: list[str]
    topic_term: "Array"
    document_topic: "Array"
    shares: "Array"
    term_frequency: "Array"
    inference: "dict[str, Array]"
    options: dict[str, Any]
    origin: dict[str, Any]

    def header(self) -> dict[str, Any]:
        """What a model file says of this model."""
        return {"options": self.options, **self.origin, "vocabulary": self.terms}

    def arrays(self) -> "dict[str, Array]":
        """What a model file holds; `ids` are JSON in bytes, for a header has no room for many."""
        import numpy
        import orjson

        return {
            "ids": numpy.frombuffer(orjson.dumps(self.ids), dtype=numpy.uint8),
            "topic_term": self.topic_term,
            "document_topic": self.document_topic,
            "shares": self.shares,
            "term_frequency": self.term_frequency,
            **self.inference,
        }


def probabilities_model(
    kind: str,
    matrix: Matrix,
    topic_term: "Array",
    document_topic: "Array",
    options: dict[str, Any],
    by_topic: "dict[str, Array] | None" = None,
    by_term: "dict[str, Array] | None" = None,
) -> TopicModel:
    """A TopicModel of probabilities, its topics sorted by their share of all tokens.

    `by_topic`, `by_term`: what `TopicModel.inference` holds, with a row a topic or a term.
    """
    import numpy

    tokens = numpy.asarray(matrix.counts.sum(axis=1)).ravel()
    shares = tokens @ document_topic / tokens.sum()
    order = numpy.argsort(-shares, kind="stable")
    inference = {name: array[order] for name, array in (by_topic or {}).items()}
    return TopicModel(
        kind,
        matrix.terms,
        matrix.ids,
        topic_term[order],
        numpy.ascontiguousarray(document_topic[:, order], dtype=numpy.float32),
        shares[order],
        matrix.term_frequency,
        inference | (by_term or {}),
        options,
        matrix.origin(),
    )


def check_topics(k: int, matrix: Matrix) -> None:
    """Raises UsageError for k below 1, KorpusError for more topics than documents or terms."""
    if k < 1:
        raise UsageError(f"-k {k} is less than 1")
    for count, noun in ((len(matrix.ids), "document"), (len(matrix.terms), "term")):
        if k > count:
            raise KorpusError(
                f"-k {k} is more than there are {noun}s ({count:,})",
                f"try: -k {min(count, max(1, count // 2))}"
                if count > 1
                else "a topic model needs several documents with several terms",
            )


def topic_terms(
    model: TopicModel, *, top: int | None = 10, relevance: float | None = None
) -> Table:
    """The first terms of each topic.

    `top`: terms a topic, None for all. `relevance`: λ of Sievert & Shirley (2014, LDAvis): terms
    are sorted by λ log P(t|z) + (1 − λ) log (P(t|z) / P(t)); None or 1 is by weight.
    Columns out: `topic`, `rank`, `term`, `weight`, `share` of the topic (lsa: `variance`).
    Raises UsageError where λ is not between 0 and 1 or does not fit the model.
    """
    ranked = _ranked(model, top, relevance)
    last = "variance" if model.kind == "lsa" else "share"

    def rows() -> Iterator[Row]:
        for topic, columns in enumerate(ranked):
            share = float(model.shares[topic])
            for rank, column in enumerate(columns, 1):
                weight = float(model.topic_term[topic, column])
                yield topic + 1, rank, model.terms[column], weight, share

    return Table(["topic", "rank", "term", "weight", last], rows)


def topics(
    model: TopicModel, *, top: int = 10, relevance: float | None = None, documents: int = 3
) -> Table:
    """A row a topic: its share, first terms and most typical documents.

    `top`, `relevance`: see `topic_terms`. `documents`: how many ids, those with the greatest weight
    of the topic.
    Columns out: `topic`, `share` (lsa: `variance`), `terms` (joined by spaces), `documents`.
    """
    import numpy

    if documents < 0:
        raise UsageError(f"--documents {documents} is less than 0")
    ranked = _ranked(model, top, relevance)

    def rows() -> Iterator[Row]:
        for topic, columns in enumerate(ranked):
            weights = model.document_topic[:, topic]
            typical = numpy.argsort(-weights, kind="stable")[:documents].tolist()
            terms = " ".join(model.terms[column] for column in columns)
            ids = " ".join(model.ids[place] for place in typical)
            yield topic + 1, float(model.shares[topic]), terms, ids

    last = "variance" if model.kind == "lsa" else "share"
    return Table(["topic", last, "terms", "documents"], rows)


def document_topics(ids: list[str], weights: "Array") -> Table:
    """A row a document and topic, the greatest weight of each document first.

    `weights`: documents × k. Columns out: `id`, `topic`, `weight`.
    """
    import numpy

    def rows() -> Iterator[Row]:
        for document_id, row in zip(ids, weights, strict=True):
            shown = _shown(row)
            for topic in numpy.argsort(-row, kind="stable").tolist():
                yield document_id, topic + 1, shown[topic]

    return Table(["id", "topic", "weight"], rows)


def document_vectors(ids: list[str], vectors: "Array") -> Table:
    """A row a document. `vectors`: documents × d. Columns out: `id`, `d1` … `dd`."""

    def rows() -> Iterator[Row]:
        for document_id, row in zip(ids, vectors, strict=True):
            yield (document_id, *_shown(row))

    return Table(["id", *(f"d{number}" for number in range(1, vectors.shape[1] + 1))], rows)


def documents_table(model: TopicModel) -> Table:
    """The documents that a model was fitted on: their topics, or for lsa their vectors."""
    make = document_vectors if model.kind == "lsa" else document_topics
    return make(model.ids, model.document_topic)


def _shown(row: "Array") -> list[float]:
    """Single precision in decimals: 0.6534458, not 0.653445839881897."""
    shown: list[float] = row.astype(float).round(7).tolist()
    return shown


def _ranked(model: TopicModel, top: int | None, relevance: float | None) -> list[list[int]]:
    """Columns of the first terms of each topic; ties in the order of the vocabulary."""
    import numpy

    if top is not None and top < 1:
        raise UsageError(f"--top {top} is less than 1")
    scores = model.topic_term
    if model.kind == "lsa":
        if relevance is not None:
            raise UsageError("--relevance is for topics of probabilities, not for lsa")
        scores = abs(scores)
    elif relevance is not None:
        if not 0 <= relevance <= 1:
            raise UsageError(f"--relevance {relevance:g} is not between 0 and 1")
        with numpy.errstate(divide="ignore"):
            weight = numpy.log(scores)
        share = numpy.log(model.term_frequency / model.term_frequency.sum())
        scores = weight - (1 - relevance) * share  # λ·w + (1 − λ)·(w − share)
    return [numpy.argsort(-row, kind="stable")[:top].tolist() for row in scores]
