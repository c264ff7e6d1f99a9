"""The stage infer: topics and vectors of new documents by a fitted model."""

import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from korpus.errors import KorpusError
from korpus.models.saved import AnyModel
from korpus.models.tfidf import DEFAULTS, TfidfModel, tfidf_table, weighed
from korpus.models.topics.fold_in import fold_in
from korpus.models.topics.nmf import document_weights
from korpus.models.topics.topic_model import TopicModel, document_topics, document_vectors
from korpus.models.vectors import WordVectors
from korpus.records import Record, Table, tokenized
from korpus.tokens import known_term_counts

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")


def infer(documents: Iterable[Record], model: AnyModel) -> Table:
    """Describe new documents by a fitted model, in its vocabulary. Holds counts, not documents.

    lda: see `fold_in`; what the fit itself said of its documents may differ a little, with tomotopy
    a sample of the last sweep. nmf, plsa: see `document_weights`. lsa: the TF-IDF projected on the
    dimensions. tfidf: with the idf of the fitted documents. word2vec: the mean vector of a
    document's tokens; with fastText those that were never seen count too.

    Columns in: `id`, `tokens`. Out: `id`, `topic`, `weight` for lda, nmf and plsa, the greatest
    first; `id`, `d1` … for lsa and word2vec; those of `tfidf` for tfidf. Every document has its
    rows (tfidf: one for each term). One without known terms has the prior of lda, the shares of
    all topics in nmf and plsa, zeros in lsa and word2vec.
    Raises KorpusError where tokens were made otherwise than the model's.
    """
    records = _of_the_same_analysis(tokenized(documents), model)
    if isinstance(model, WordVectors):
        ids, vectors = _mean_vectors(records, model)
        return document_vectors(ids, vectors)
    counts, ids, read = known_term_counts(records, model.terms)
    _say_unknown(read - int(counts.sum()), read)
    if isinstance(model, TfidfModel):
        return tfidf_table(model, ids, counts)
    coordinates = document_coordinates(model, counts)
    return (document_vectors if model.kind == "lsa" else document_topics)(ids, coordinates)


def document_coordinates(model: TopicModel, counts: Any) -> "Array":
    """Topic weights (lsa: coordinates) of documents, float32, documents × k.

    `counts`: CSR, documents × the model's terms.
    """
    import numpy

    if model.kind == "lda":
        found = fold_in(model, counts)
    elif model.kind == "plsa":
        found = _or_shares(document_weights("plsa", counts.astype(float), model.topic_term), model)
    else:
        values = weighed(counts, model.inference["idf"], DEFAULTS)[1]
        if model.kind == "lsa":
            found = values @ model.topic_term.T
        else:
            found = _or_shares(document_weights("nmf", values, model.topic_term), model)
    return found.astype(numpy.float32)


def _or_shares(weights: "Array", model: TopicModel) -> "Array":
    weights[weights.sum(axis=1) == 0] = model.shares
    return weights


def _mean_vectors(documents: Iterable[Record], model: WordVectors) -> "tuple[list[str], Array]":
    import numpy
    from scipy.sparse import csr_matrix

    place: dict[str, int | None] = {term: row for row, term in enumerate(model.terms)}
    unseen: list[Array] = []

    def known(token: str) -> int | None:
        if token not in place:
            vector = model.unseen(token)
            place[token] = None if vector is None else len(model.terms) + len(unseen)
            unseen.extend([] if vector is None else [vector])
        return place[token]

    ids: list[str] = []
    columns: list[int] = []
    ends = [0]
    read = 0
    for record in documents:
        ids.append(record["id"])
        read += len(record["tokens"])
        columns.extend(row for row in map(known, record["tokens"]) if row is not None)
        ends.append(len(columns))
    _say_unknown(read - len(columns), read)
    vectors = numpy.vstack([model.vectors, *unseen])
    lengths = numpy.maximum(1, numpy.diff(ends))
    tokens = csr_matrix(
        (numpy.ones(len(columns), dtype=numpy.float32), columns, ends), (len(ids), len(vectors))
    )
    return ids, (tokens @ vectors / lengths[:, None]).astype(numpy.float32)


def _of_the_same_analysis(documents: Iterable[Record], model: AnyModel) -> Iterator[Record]:
    """Pass records on whose tokens were made as the model's were; unknown is as good as equal."""
    wanted = (model.provenance["analyzer"], model.provenance["analysis"])
    for record in documents:
        found = (record.get("analyzer"), record.get("analysis"))
        if wanted[0] and found[0] and found != wanted:
            raise KorpusError(
                f"document {record['id']!r} was analysed by {_analysis(*found)}, "
                f"the model's by {_analysis(*wanted)}",
                f"run: korpus morph FILE -a {_analysis(*wanted)} | korpus infer MODEL",
            )
        yield record


def _analysis(analyzer: str | None, analysis: str | None) -> str:
    return f"{analyzer} {analysis or ''}".strip()


def _say_unknown(unknown: int, read: int) -> None:
    if read and unknown == read:
        logger.warning("no token is in the model's vocabulary: were they made as its own?")
    elif read:
        logger.info(
            "%.1f %% of %s tokens are not in the model's vocabulary",
            100 * unknown / read,
            f"{read:,}",
        )
