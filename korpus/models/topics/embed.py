"""The stage topics embed: topics as clusters of document vectors (Grootendorst 2022, BERTopic)."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from korpus.checks import check_choice, check_least
from korpus.errors import KorpusError
from korpus.files.model_files import ArraySpec
from korpus.messages import _, plural
from korpus.models.blas import one_blas_thread
from korpus.models.cluster import NOISE
from korpus.models.cluster_methods import METHODS, assigned, possible_number
from korpus.models.embeddings import DocumentEmbeddings
from korpus.models.kiwi_vectors import vectors as kiwi_vectors
from korpus.models.nearest import unit
from korpus.models.reduction import REDUCTIONS, reduced
from korpus.models.topics.topic_model import TOPIC_ARRAYS, TopicModel
from korpus.models.vector_model import VectorModel, Word
from korpus.records import Record, Table
from korpus.tokens import DocumentTermMatrix, Part, document_term_matrix

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_FEW, _MANY = 5, 50  # dimensions, by default
_CHUNK = 10_000  # documents processed at once


@dataclass(kw_only=True, eq=False, repr=False)
class EmbedModel(TopicModel):
    """Topics that are clusters of document vectors.

    `topic_term`: class-based TF-IDF, which sums to 1 per topic. `term_vectors`: float32, terms × d,
    times their weights. `centres`: float64, k × d, the directions of the topics.
    """

    kind: ClassVar[str] = "embed"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = TOPIC_ARRAYS | {
        "term_vectors": ("float32", "vd"),
        "centres": ("float64", "kd"),
    }

    term_vectors: "Array"
    centres: "Array"

    def transform(self, records: Iterable[Record]) -> Table:
        """The topics of new documents; see `korpus.infer`."""
        counts, ids = self._known_counts(records)
        known = counts @ self.term_vectors.any(axis=1)
        return self._documents_table(ids, self.coordinates(counts), known)

    @one_blas_thread
    def document_weights(self, counts: "csr_matrix") -> "Array":
        """P(topic | document), float64, documents × k; the topics' shares where it is undefined."""
        import numpy

        found = numpy.tile(self.shares, (counts.shape[0], 1))
        for start in range(0, counts.shape[0], _CHUNK):
            rows = counts[start : start + _CHUNK] @ self.term_vectors
            known = rows.any(axis=1)
            found[start : start + _CHUNK][known] = _posterior(
                unit(rows[known]), self.centres, self.options["concentration"]
            )
        return found


@one_blas_thread
def topics_embed(
    documents: Iterable[Record] | Iterable[Part],
    *,
    vectors: VectorModel | DocumentEmbeddings | None = None,
    k: int = 20,
    method: str = "kmeans",
    reduce: str = "pca",
    dimensions: int | None = None,
    min_size: int = 10,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    keep: str | Iterable[str] = (),
    seed: int = 0,
) -> EmbedModel:
    """Find topics as clusters of documents of like meaning. Needs the whole input.

    In the manner of BERTopic (Grootendorst 2022): document vectors, fewer dimensions, clusters, and
    for the terms of a topic class-based TF-IDF, tf · log(1 + mean tokens of a topic / frequency).
    `vectors`: a model of word vectors (default: Kiwi's); a document's vector is the weighted mean
    of its words'; or a model of `tf_embed`, whose vectors of documents are taken by their ids: the
    vector of a term is then the mean of its documents', and new documents get the mean of their
    terms'. `reduce`: pca, umap (McInnes et al. 2018; needs the package umap-learn) or none.
    `dimensions`: to which (default: 50; with umap or hdbscan 5). `method`: kmeans, ward or hdbscan,
    see `cluster`; `k` and `min_size` too. `min_df`, `max_df`, `keep`: see `document_term_matrix`.

    The topics of a document, fitted or new, are those of a mixture of von Mises-Fisher
    distributions of equal size around the topics' mean directions, with one concentration (Banerjee
    et al. 2005).
    What hdbscan takes for noise has no part in the topics, but is assigned to them so.
    Columns in: `id`, `tokens`. Raises UsageError for wrong options, KorpusError for fewer
    documents than topics, or if no word has a vector.
    """
    check_choice("--method", method, METHODS)
    check_choice("--reduce", reduce, REDUCTIONS)
    for option, value, least in (("-k", k, 1), ("--min-size", min_size, 2)):
        check_least(option, value, least)
    if dimensions is None:
        dimensions = _FEW if "hdbscan" in method or reduce == "umap" else _MANY
    check_least("--dimensions", dimensions, 1)
    matrix = document_term_matrix(documents, min_df=min_df, max_df=max_df, keep=keep)
    model = vectors or kiwi_vectors()
    rows = None
    if isinstance(model, DocumentEmbeddings):
        rows = unit(model.rows_of(matrix.ids))
        found = _means_of_documents(matrix, rows)
    else:
        found = term_vectors_of(matrix, model)
    fitted = fit_embed(
        matrix,
        *found,
        rows=rows,
        k=k,
        method=method,
        reduce=reduce,
        dimensions=dimensions,
        min_size=min_size,
        seed=seed,
    )
    _log_known(matrix, fitted.document_tokens)
    fitted.options |= {
        "vectors": model.options.get("name", model.kind),
        **({} if rows is None else {"model": model.options["model"]}),
        "min_df": min_df,
        "max_df": max_df,
    }
    return fitted


def term_vectors_of(matrix: DocumentTermMatrix, model: VectorModel) -> "tuple[Array, Array]":
    """The vectors of terms times their weights, and the tokens per document that have a vector."""
    vectors, weights = model.known_vectors([Word(term) for term in matrix.terms])
    return vectors * weights[:, None], matrix.counts @ (weights > 0)


def _means_of_documents(matrix: DocumentTermMatrix, rows: "Array") -> "tuple[Array, Array]":
    """The mean vector of each term's documents, and the tokens of documents that have a vector."""
    import numpy

    counts = matrix.counts.T.tocsr()
    totals = numpy.asarray(counts.sum(axis=1)).ravel()
    vectors = (counts @ rows / numpy.maximum(totals, 1)[:, None]).astype(numpy.float32)
    return vectors, numpy.where(rows.any(axis=1), matrix.lengths, 0)


@one_blas_thread
def fit_embed(
    matrix: DocumentTermMatrix,
    term_vectors: "Array",
    known: "Array",
    *,
    rows: "Array | None" = None,
    k: int,
    seed: int,
    method: str = "kmeans",
    reduce: str = "pca",
    dimensions: int = _MANY,
    min_size: int = 10,
) -> EmbedModel:
    """Fit topics to counts; see `topics_embed`. The arrays are those of `term_vectors_of`.

    `rows`: vectors of the documents, of length 1; by default the means of their terms'.
    """
    import numpy

    if rows is None:
        rows = unit(matrix.counts @ term_vectors)
    has_vector = numpy.asarray(rows.any(axis=1))
    rows = rows[has_vector]
    count = plural(len(rows), "document")
    if method != "hdbscan" and len(rows) < k:
        raise KorpusError(
            _("{count} cannot make {k} topics").format(count=count, k=k),
            _("lower it: -k {count}").format(count=f"{len(rows)}"),
        )
    places = reduced(rows, reduce, dimensions, seed)
    if method != "hdbscan":
        k = possible_number(places, k, count)
    labels = assigned(places, method, k=k, min_size=min_size, seed=seed)
    _check_labels(labels, min_size)
    fitted = _fitted(matrix, rows, has_vector, labels, term_vectors, known)
    fitted.options |= {
        "k": len(fitted.shares),
        "method": method,
        "reduce": reduce,
        "dimensions": places.shape[1],
        "min_size": min_size if method == "hdbscan" else None,
        "outliers": int((labels == NOISE).sum()),
        "seed": seed,
    }
    return fitted


def _log_known(matrix: DocumentTermMatrix, known: "Array") -> None:
    """Log what has no vector. `known`: tokens per document that have one."""
    unknown = int(matrix.lengths.sum()) - int(known.sum())
    logger.info(
        _("%.1f %% of %s tokens have no vector"),
        100 * unknown / max(1, int(matrix.lengths.sum())),
        f"{int(matrix.lengths.sum()):,}",
    )
    if without := int((known == 0).sum()):
        logger.info(_("%s without a word that has a vector: no topic"), plural(without, "document"))


def _check_labels(labels: "Array", min_size: int) -> None:
    """Log outliers; raise KorpusError if there is nothing else."""
    outliers = int((labels == NOISE).sum())
    if outliers == len(labels):
        raise KorpusError(
            _("hdbscan finds no cluster of {size} documents").format(size=min_size),
            _("lower --min-size, or use --method kmeans"),
        )
    if outliers:
        logger.info(
            _("%s of %s are outliers: they shape no topic, and get the nearest"),
            f"{outliers:,}",
            plural(len(labels), "document"),
        )


def _fitted(
    matrix: DocumentTermMatrix,
    rows: "Array",
    has_vector: "Array",
    labels: "Array",
    term_vectors: "Array",
    known: "Array",
) -> EmbedModel:
    """The model of clusters. `rows`: of the documents that have a vector; `labels`: theirs."""
    import numpy
    from scipy.sparse import csr_matrix

    k = int(labels.max())
    inside = numpy.flatnonzero(labels != NOISE)
    place = (numpy.ones(len(inside)), (labels[inside] - 1, inside))
    members = csr_matrix(place, (k, len(rows)))
    sums = members @ rows
    centres = unit(sums)
    length = min(float(numpy.linalg.norm(sums, axis=1).sum() / len(inside)), 0.999)
    concentration = (length * rows.shape[1] - length**3) / (1 - length**2)
    document_topic = numpy.zeros((len(matrix.lengths), k), numpy.float32)
    document_topic[has_vector] = _posterior(rows, centres, concentration)
    weights = class_tfidf(members @ matrix.counts[numpy.flatnonzero(has_vector)])
    model = EmbedModel.from_probabilities(
        matrix,
        weights,
        document_topic,
        {"concentration": concentration},
        by_topic={"centres": centres},
        by_term={"term_vectors": term_vectors},
    )
    model.document_tokens = known.astype(numpy.int64)
    return model


def class_tfidf(counts: "csr_matrix") -> "Array":
    """Class-based TF-IDF of terms (topics × terms), which sums to 1 per topic.

    tf · log(1 + A / f): A, the mean number of tokens of a topic; f, the frequency of the term in
    all topics (Grootendorst 2022).
    """
    import numpy

    frequency = numpy.asarray(counts.sum(axis=0)).ravel()
    mean = frequency.sum() / counts.shape[0]
    found: Array = counts.toarray() * numpy.log1p(mean / numpy.maximum(frequency, 1))
    found /= found.sum(axis=1, keepdims=True)
    return found


def _posterior(rows: "Array", centres: "Array", concentration: float) -> "Array":
    """P(topic | document) of rows of length 1, float64, documents × k."""
    from scipy.special import softmax

    found: Array = softmax(concentration * (rows @ centres.T), axis=1)
    return found
