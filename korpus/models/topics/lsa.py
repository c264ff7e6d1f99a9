"""The stage lsa: latent semantic analysis (Deerwester et al. 1990)."""

import logging
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, ClassVar

from korpus.elsewhere import elsewhere
from korpus.errors import KorpusError, UsageError
from korpus.files.model_files import ArraySpec
from korpus.messages import _, plural
from korpus.models.blas import one_blas_thread
from korpus.models.document_tables import document_vectors
from korpus.models.topics.numbers import check_topics
from korpus.models.topics.topic_model import TOPIC_ARRAYS, TopicModel
from korpus.models.weighting import Weighting
from korpus.records import Record, Table
from korpus.tokens import Part, document_term_matrix

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")


@dataclass(kw_only=True, eq=False, repr=False)
class LsaModel(TopicModel):
    """A fitted LSA model with k dimensions, sorted by singular value.

    `topic_term`: signed loadings, each dimension of length 1. `document_topic`: the documents'
    coordinates. `shares`: share of variance explained. `idf`: float64, per term.
    `singular_values`: float64, k.
    """

    kind: ClassVar[str] = "lsa"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = TOPIC_ARRAYS | {
        "idf": ("float64", "v"),
        "singular_values": ("float64", "k"),
    }
    share_column: ClassVar[str] = "variance"

    idf: "Array"
    singular_values: "Array"

    @one_blas_thread
    def document_weights(self, counts: "csr_matrix") -> "Array":
        """Coordinates of documents, float64, documents × k: their TF-IDF times the loadings."""
        coordinates: Array = Weighting().weigh(counts, self.idf)[1] @ self.topic_term.T
        return coordinates

    def certainty(self) -> None:
        """Raises UsageError."""
        raise UsageError(
            _("an lsa model has dimensions, not shares of topics"),
            _("fit one that has: korpus lda -m lda.safetensors"),
        )

    def documents_table(self, *, wide: bool = True) -> Table:
        """The fitted documents' coordinates. Columns out: `id`, those kept, `d1` … `dk`."""
        return document_vectors(self.ids, self.document_topic, self.kept)

    def _documents_table(self, ids: list[str], weights: "Array", known: "Array") -> Table:
        return document_vectors(ids, weights)

    def _topic_scale(self) -> "Array":
        return self.singular_values

    def _term_scores(self, relevance: float | None) -> "Array":
        if relevance is not None:
            raise UsageError(_("--relevance needs topics of probabilities; lsa has none"))
        scores: Array = abs(self.topic_term)
        return scores


@elsewhere
@one_blas_thread
def lsa(
    documents: Iterable[Record] | Iterable[Part],
    *,
    k: int = 100,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    keep: str | Iterable[str] = (),
    seed: int = 0,
) -> LsaModel:
    """Fit k latent dimensions: the truncated SVD of TF-IDF. Needs the whole input.

    By scikit-learn's TruncatedSVD (randomized, Halko et al. 2009) on scikit-learn's TF-IDF, in
    single precision, which is twice as fast. `min_df`, `max_df`, `keep`: see
    `document_term_matrix`.

    Columns in: `id`, `tokens`. The first dimension mostly holds what all documents share, so it
    explains little variance. Raises KorpusError if no term is left or k is too large.
    """
    import numpy
    from sklearn.decomposition import TruncatedSVD

    matrix = document_term_matrix(documents, min_df=min_df, max_df=max_df, keep=keep)
    check_topics(k, matrix)
    if len(matrix.terms) < 2:
        raise KorpusError(
            _("a single term has no dimensions"), _("lower --min-df or raise --max-df")
        )
    weighting = Weighting()
    idf = weighting.idf_of(matrix.document_frequency, len(matrix.lengths))
    svd = TruncatedSVD(k, random_state=seed)
    with warnings.catch_warnings(action="ignore"):  # division by zero where nothing varies
        weights = weighting.weigh(matrix.counts, idf)[1].astype(numpy.float32)
        coordinates = svd.fit_transform(weights)
    variance = numpy.nan_to_num(svd.explained_variance_ratio_.astype(float))
    logger.info(
        _("%s explain %.1f %% of the variance"), plural(k, "dimension"), 100 * variance.sum()
    )
    return LsaModel(
        terms=matrix.terms,
        options={
            "k": k,
            "iterations": svd.n_iter,
            **asdict(weighting),
            "min_df": min_df,
            "max_df": max_df,
            "seed": seed,
        },
        provenance=matrix.provenance(),
        ids=matrix.ids,
        topic_term=svd.components_.astype(float),
        document_topic=coordinates.astype(numpy.float32),
        shares=variance,
        document_tokens=matrix.lengths.astype(numpy.int64),
        term_frequency=matrix.term_frequency,
        kept=matrix.columns,
        idf=idf,
        singular_values=svd.singular_values_.astype(float),
    )
