"""Topic models of every kind: what they hold, and the tables made of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from korpus.errors import KorpusError, UsageError
from korpus.records import Row, Table
from korpus.tokens import DocumentTermMatrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


_TOGETHER = 10_000  # documents that are worked on at once


@dataclass
class TopicModel:
    """A fitted topic model (토픽 모델) with k topics, the first the largest (lsa: singular value).

    `kind`: lda, lsa, nmf or plsa. `terms`: the vocabulary. `ids`: the documents.
    `topic_term`: float64, k × terms: P(term | topic); for lsa signed loadings.
    `document_topic`: float32, documents × k: P(topic | document); for lsa coordinates.
    `shares`: float64, k: of all tokens; for lsa of the variance explained.
    `document_tokens`: int64, how many of its tokens are terms. `term_frequency`: int64, how often
    each term occurs.
    `inference`: what new documents need besides: for lda `alpha` (k) and, where an engine infers
    by other weights than `topic_term`, `word_weight` (k × terms); for models of TF-IDF `idf`
    (terms).
    `options`: as given. `provenance`: see `DocumentTermMatrix.provenance`.
    """

    kind: str
    terms: list[str]
    ids: list[str]
    topic_term: "Array"
    document_topic: "Array"
    shares: "Array"
    document_tokens: "Array"
    term_frequency: "Array"
    inference: "dict[str, Array]"
    options: dict[str, Any]
    provenance: dict[str, Any]

    def header(self) -> dict[str, Any]:
        """What a model file says of this model."""
        return {"options": self.options, **self.provenance, "vocabulary": self.terms}

    def arrays(self) -> "dict[str, Array]":
        """What a model file holds; `ids` are JSON in bytes, for a header has no room for many."""
        import numpy
        import orjson

        return {
            "ids": numpy.frombuffer(orjson.dumps(self.ids), dtype=numpy.uint8),
            "topic_term": self.topic_term,
            "document_topic": self.document_topic,
            "shares": self.shares,
            "document_tokens": self.document_tokens,
            "term_frequency": self.term_frequency,
            **self.inference,
        }


def probabilities_model(
    kind: str,
    matrix: DocumentTermMatrix,
    topic_term: "Array",
    document_topic: "Array",
    options: dict[str, Any],
    by_topic: "dict[str, Array] | None" = None,
    by_term: "dict[str, Array] | None" = None,
) -> TopicModel:
    """A TopicModel of probabilities, its topics sorted by their share of all tokens.

    A document of no topic, a row of zeros, gets these shares. `document_topic` is worked on where
    it lies.
    `by_topic`, `by_term`: what `TopicModel.inference` holds, with a row a topic or a term.
    """
    import numpy

    tokens = matrix.lengths.astype(numpy.int64)
    parts = [slice(start, start + _TOGETHER) for start in range(0, len(tokens), _TOGETHER)]
    shares = sum(tokens[part] @ document_topic[part] for part in parts)
    shares /= shares.sum()
    order = numpy.argsort(-shares, kind="stable")
    for part in parts:  # where it lies: of many documents a copy is large
        topics = document_topic[part]
        topics[~topics.any(axis=1)] = shares
        topics[:] = topics[:, order]
    inference = {name: array[order] for name, array in (by_topic or {}).items()}
    return TopicModel(
        kind,
        matrix.terms,
        matrix.ids,
        topic_term[order].astype(float, copy=False),
        numpy.ascontiguousarray(document_topic, dtype=numpy.float32),
        shares[order],
        tokens,
        matrix.term_frequency,
        inference | (by_term or {}),
        options,
        matrix.provenance(),
    )


def check_topics(k: int, matrix: DocumentTermMatrix) -> None:
    """Raises UsageError for k below 1, KorpusError for more topics than documents or terms."""
    if k < 1:
        raise UsageError(f"-k {k} is less than 1")
    for count, noun in ((len(matrix.lengths), "document"), (len(matrix.terms), "term")):
        if k > count:
            raise KorpusError(
                f"-k {k} is more than there are {noun}s ({count:,})",
                f"try: -k {count // 2}"
                if count > 1
                else "a topic model needs several documents with several terms",
            )


def topic_terms(
    model: TopicModel, *, top: int | None = 10, relevance: float | None = None
) -> Table:
    """The first terms of each topic.

    `top`: terms a topic, None for all; those of weight 0 are none of its terms. `relevance`: λ of
    Sievert & Shirley (2014, LDAvis): terms are sorted by λ log P(t|z) + (1 − λ) log (P(t|z) / P(t))
    with P(t) of the model; None or 1 is by weight.
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
    model: TopicModel, *, top: int = 10, relevance: float | None = None, examples: int = 3
) -> Table:
    """A row a topic: its share, first terms and most typical documents.

    `top`, `relevance`: see `topic_terms`. `examples`: how many ids, those with the greatest weight
    of the topic, the longer of equal ones first.
    Columns out: `topic`, `share` (lsa: `variance`), `terms` and `examples` (joined by spaces; a
    space inside one is `_`). A negative term, of lsa, has a minus before it; documents are of the
    positive side.
    """
    import numpy

    if examples < 0:
        raise UsageError(f"--examples {examples} is less than 0")
    ranked = _ranked(model, top, relevance)

    def rows() -> Iterator[Row]:
        for topic, columns in enumerate(ranked):
            weights = model.document_topic[:, topic]
            typical = numpy.lexsort((-model.document_tokens, -weights))[:examples].tolist()
            signs = ("-" if model.topic_term[topic, column] < 0 else "" for column in columns)
            terms = [
                sign + model.terms[column] for sign, column in zip(signs, columns, strict=True)
            ]
            ids = [model.ids[place] for place in typical]
            yield topic + 1, float(model.shares[topic]), _on_a_line(terms), _on_a_line(ids)

    last = "variance" if model.kind == "lsa" else "share"
    return Table(["topic", last, "terms", "examples"], rows)


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


def _on_a_line(names: list[str]) -> str:
    return " ".join("_".join(name.split()) for name in names)


def _shown(row: "Array") -> list[float]:
    """Single precision in seven digits: 0.6534458, not 0.653445839881897."""
    import numpy

    exact = row.astype(float)
    unit = 10.0 ** (numpy.floor(numpy.log10(numpy.maximum(abs(exact), 1e-300))) - 6)
    shown: list[float] = numpy.where(
        unit < 1, (exact / unit).round() / (1 / unit).round(), exact
    ).tolist()
    return shown


def _ranked(model: TopicModel, top: int | None, relevance: float | None) -> list[list[int]]:
    """Columns of the first terms of each topic; ties in the order of the vocabulary."""
    import numpy

    if top is not None and top < 1:
        raise UsageError(f"--top {top} is less than 1")
    weights = scores = model.topic_term
    if model.kind == "lsa":
        if relevance is not None:
            raise UsageError("--relevance is for topics of probabilities, not for lsa")
        scores = abs(scores)
    elif relevance is not None:
        if not 0 <= relevance <= 1:
            raise UsageError(f"--relevance {relevance:g} is not between 0 and 1")
        with numpy.errstate(divide="ignore", invalid="ignore"):
            # λ·log w + (1 − λ)·(log w − log p)
            scores = numpy.log(weights) - (1 - relevance) * numpy.log(model.shares @ weights)
    ranked = (numpy.argsort(-row, kind="stable") for row in scores)
    return [
        order[row[order] != 0][:top].tolist() for order, row in zip(ranked, weights, strict=True)
    ]
