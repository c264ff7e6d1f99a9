"""LSA on a cluster: the singular value decomposition of MLlib, of weights that korpus makes."""

import logging
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.models.topics.lsa import LsaModel
from korpus.models.topics.numbers import check_number
from korpus.models.weighting import Weighting
from korpus.spark.documents import Documents
from korpus.spark.vectors import located, refuse, vectors
from korpus.spark.vocabulary import vocabulary
from korpus.spark.work import failing

if TYPE_CHECKING:
    import numpy
    from pyspark.sql import DataFrame
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")


def lsa(
    documents: Documents,
    *,
    k: int,
    min_df: int | float,
    max_df: int | float,
    keep: str | Iterable[str],
    seed: int,
) -> LsaModel:
    """The plan of `korpus.lsa`. Its singular values are exact: a seed would have no effect.

    Dimensions that explain nothing are left out. Coordinates of documents come to this machine,
    as the model has them: 4 bytes for each dimension.
    """
    refuse("lsa", {"--seed": seed != 0})
    import numpy
    import pyspark

    found = vocabulary(documents, min_df=min_df, max_df=max_df)
    check_number(k, found.documents, len(found.terms))
    if len(found.terms) < 2:
        raise KorpusError(
            _("a single term has no dimensions"), _("lower --min-df or raise --max-df")
        )
    weighting = Weighting()
    idf = weighting.idf_of(found.df, found.documents)
    rows = vectors(documents, found.terms, idf)
    values, loadings = decomposed(rows, k)
    fitted, coordinates = located(rows, found, partial(_coordinates, loadings))
    variance = _variance(rows, coordinates)
    k = len(values)
    logger.info(
        _("%s explain %.1f %% of the variance"), plural(k, "dimension"), 100 * variance.sum()
    )
    return LsaModel(
        terms=found.terms,
        options={
            "k": k,
            "engine": "spark",
            **asdict(weighting),
            "min_df": min_df,
            "max_df": max_df,
            "spark": pyspark.__version__,
        },
        provenance=found.provenance,
        ids=fitted.ids,
        topic_term=loadings,
        document_topic=coordinates,
        shares=variance,
        document_tokens=fitted.lengths.astype(numpy.int64),
        term_frequency=found.frequency,
        kept=fitted.columns,
        idf=idf,
        singular_values=values,
    )


def decomposed(rows: "DataFrame", k: int) -> "tuple[Array, Array]":
    """The largest singular values, and the loadings of terms (k × terms), by MLlib.

    Signs are as those of scikit-learn: the largest loading of each dimension is positive.
    """
    import numpy
    from pyspark.mllib.linalg.distributed import RowMatrix
    from pyspark.mllib.util import MLUtils

    with failing():
        matrix = RowMatrix(MLUtils.convertVectorColumnsFromML(rows.select("vector"), "vector"))
        found = matrix.computeSVD(k)
        values = numpy.asarray(found.s.toArray(), float)
        loadings = numpy.ascontiguousarray(found.V.toArray().T)
    largest = abs(loadings).argmax(axis=1)
    signs = numpy.sign(loadings[numpy.arange(len(values)), largest])
    return values, loadings * signs[:, None]


def _coordinates(loadings: "Array", weights: "csr_matrix") -> "Array":
    coordinates: Array = weights @ loadings.T
    return coordinates


def _variance(rows: "DataFrame", coordinates: "Array") -> "Array":
    """The share of the variance of all weights that each dimension explains."""
    import numpy
    from pyspark.ml.stat import Summarizer

    documents = len(coordinates)
    with failing():
        (unbiased,) = rows.select(Summarizer.variance(rows.vector)).first() or (None,)
    total = 0.0 if unbiased is None else unbiased.toArray().sum() * (documents - 1) / documents
    explained: Array = coordinates.astype(float).var(axis=0)
    return explained / total if total > 1e-12 else numpy.zeros(len(explained))
