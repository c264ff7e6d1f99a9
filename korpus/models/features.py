"""What clusters are made of: documents or words as rows of numbers, all of length 1."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from korpus.messages import _, plural
from korpus.models.blas import one_blas_thread
from korpus.models.embeddings import DocumentEmbeddings, refuse_documents
from korpus.models.vector_model import VectorModel, Word
from korpus.models.weighting import Weighting
from korpus.records import Record
from korpus.tokens import DocumentTermMatrix, Part, document_term_matrix

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

DOCUMENTS, WORDS = ITEMS = ("documents", "words")
TFIDF, LSA, VECTORS = FEATURES = ("tfidf", "lsa", "vectors")
_TOP_WORDS = 300


@dataclass
class Features:
    """Items as rows.

    `names`: ids, or words. `rows`: CSR (tfidf) or float64, items × features, of length 1; zeros for
    an item that has none. `weights`: CSR, TF-IDF of documents × terms; `terms`: its columns.
    `frequencies`: int64, tokens of each document, or occurrences of each word.
    """

    names: list[str]
    rows: "Array | csr_matrix"
    weights: "csr_matrix"
    terms: list[str]
    frequencies: "Array"

    def known(self) -> "Array":
        """Whether each item has features (bool)."""
        import numpy

        found: Array = numpy.asarray(abs(self.rows).sum(axis=1)).ravel() > 0
        return found


@one_blas_thread
def features(
    documents: Iterable[Record] | Iterable[Part],
    *,
    items: str = DOCUMENTS,
    kind: str = LSA,
    dimensions: int = 50,
    vectors: VectorModel | DocumentEmbeddings | None = None,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    max_features: int | None = None,
    seed: int = 0,
) -> Features:
    """Make the features of `cluster`, which see. Needs the whole input."""
    import numpy
    import scipy.sparse

    if items == WORDS and max_features is None:
        max_features = _TOP_WORDS
    matrix = document_term_matrix(
        documents, min_df=min_df, max_df=max_df, max_features=max_features
    )
    weighting = Weighting()
    idf = weighting.idf_of(matrix.document_frequency, len(matrix.lengths))
    weights = scipy.sparse.csr_matrix(weighting.weigh(matrix.counts, idf)[1])
    rows: Array | csr_matrix
    if vectors is not None:
        rows = _of_vectors(matrix, vectors, items)
    elif kind == TFIDF:
        rows = scipy.sparse.csr_matrix(weights.T) if items == WORDS else weights
    else:
        rows = _latent(weights, items, dimensions, seed)
    is_words = items == WORDS
    frequencies = matrix.term_frequency if is_words else matrix.lengths
    return Features(
        matrix.terms if is_words else matrix.ids,
        _of_length_one(rows),
        weights,
        matrix.terms,
        numpy.asarray(frequencies, numpy.int64),
    )


def _latent(weights: "csr_matrix", items: str, dimensions: int, seed: int) -> "Array | csr_matrix":
    """The coordinates of latent semantic analysis."""
    import numpy
    from sklearn.decomposition import TruncatedSVD

    dimensions = min(dimensions, *weights.shape)
    if min(weights.shape) < 2:
        return weights.T.tocsr() if items == WORDS else weights
    svd = TruncatedSVD(dimensions, random_state=seed)
    with numpy.errstate(invalid="ignore"):  # the variance of documents that are all the same
        coordinates = svd.fit_transform(weights)
    found: Array = svd.components_.T * svd.singular_values_ if items == WORDS else coordinates
    return found


def _of_vectors(
    matrix: DocumentTermMatrix, model: VectorModel | DocumentEmbeddings, items: str
) -> "Array":
    """The vector of each word, or the mean of the vectors of each document's words.

    Of a model of whole documents, their own vectors.
    """
    if isinstance(model, DocumentEmbeddings) and items == DOCUMENTS:
        own: Array = model.rows_of(matrix.ids).astype(float)
        return own
    model = refuse_documents(model)
    vectors, weights = model.known_vectors([Word(term) for term in matrix.terms])
    unknown = int((weights == 0).sum())
    if unknown:
        logger.info(_("%s not in the model's vocabulary"), plural(unknown, "word"))
    exact: Array = vectors.astype(float)
    means: Array = matrix.counts @ (exact * weights[:, None])
    return exact if items == WORDS else means


def _of_length_one(rows: "Array | csr_matrix") -> "Array | csr_matrix":
    from sklearn.preprocessing import normalize

    found: Array | csr_matrix = normalize(rows)
    return found
