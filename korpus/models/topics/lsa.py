"""The stage lsa: latent semantic analysis (Deerwester et al. 1990)."""

import logging
import warnings
from collections.abc import Iterable

from korpus.errors import KorpusError
from korpus.messages import plural
from korpus.models.tfidf import fit_tfidf
from korpus.models.topics.topic_model import TopicModel, check_topics
from korpus.records import Record
from korpus.tokens import Part

logger = logging.getLogger("korpus")


def lsa(
    documents: Iterable[Record] | Iterable[Part],
    *,
    k: int = 100,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    seed: int = 0,
) -> TopicModel:
    """Fit k latent dimensions: the truncated SVD of TF-IDF. Needs the whole input.

    By scikit-learn's TruncatedSVD (randomized, Halko et al. 2009) on `fit_tfidf`'s defaults, in
    single precision, which is twice as fast.
    `min_df`, `max_df`: see `document_term_matrix`.

    Columns in: `id`, `tokens`. The model's `topic_term` are signed loadings of unit length,
    `document_topic` the documents' coordinates, `shares` the share of variance explained; the
    first dimension is mostly what all documents share, and explains little of it.
    Raises KorpusError where no term is left or k is too large.
    """
    import numpy
    from sklearn.decomposition import TruncatedSVD

    weighting, matrix = fit_tfidf(documents, min_df=min_df, max_df=max_df)
    check_topics(k, matrix)
    if len(matrix.terms) < 2:
        raise KorpusError("a single term has no dimensions", "lower --min-df or raise --max-df")
    svd = TruncatedSVD(k, random_state=seed)
    with warnings.catch_warnings(action="ignore"):  # of documents that do not vary
        weights = weighting.weigh(matrix.counts)[1].astype(numpy.float32)
        coordinates = svd.fit_transform(weights)
    variance = numpy.nan_to_num(svd.explained_variance_ratio_.astype(float))
    logger.info("%s explain %.1f %% of the variance", plural(k, "dimension"), 100 * variance.sum())
    return TopicModel(
        "lsa",
        matrix.terms,
        matrix.ids,
        svd.components_.astype(float),
        coordinates.astype(numpy.float32),
        variance,
        matrix.lengths.astype(numpy.int64),
        matrix.term_frequency,
        {"idf": weighting.idf, "singular_values": svd.singular_values_.astype(float)},
        {"k": k, "min_df": min_df, "max_df": max_df, "seed": seed},
        matrix.provenance(),
    )
