"""The stage lda: latent Dirichlet allocation (Blei, Ng & Jordan 2003) by one of three engines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from korpus.files.model_files import ArraySpec
from korpus.models.blas import one_blas_thread
from korpus.models.report import Report
from korpus.models.term_model import Options
from korpus.models.topics.fold_in import fold_in
from korpus.models.topics.lda_engines import ENGINES, LdaOptions
from korpus.models.topics.topic_model import TOPIC_ARRAYS, TopicModel, check_topics
from korpus.records import Record
from korpus.tokens import DocumentTermMatrix, Part, document_term_matrix

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray


@dataclass(kw_only=True, eq=False, repr=False)
class LdaModel(TopicModel):
    """A fitted LDA model.

    `alpha`: float64, k: the prior of the topics in a document. `word_weight`: float64, k × terms:
    the weights that topics of new documents are inferred by, None if they are `topic_term`.
    """

    kind: ClassVar[str] = "lda"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = TOPIC_ARRAYS | {
        "alpha": ("float64", "k"),
        "word_weight": ("float64", "kv"),
    }
    optional_arrays: ClassVar[frozenset[str]] = TopicModel.optional_arrays | {"word_weight"}

    alpha: "Array"
    word_weight: "Array | None" = None

    def certainty(self) -> "Array":
        """The tokens of each document and the sum of the prior: of the posterior of its shares."""
        found: Array = self.document_tokens + self.alpha.sum()
        return found

    def document_weights(self, counts: "csr_matrix") -> "Array":
        """P(topic | document) by variational inference, float64, documents × k; see `fold_in`."""
        weights = self.topic_term if self.word_weight is None else self.word_weight
        return fold_in(counts, weights, self.alpha)


def lda(
    documents: Iterable[Record] | Iterable[Part],
    *,
    k: int = 20,
    engine: str = "tomotopy",
    alpha: float | None = None,
    eta: float | None = None,
    iterations: int | None = None,
    passes: int | None = None,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    keep: str | Iterable[str] = (),
    seed: int = 0,
    jobs: int = 1,
    report: Report | None = None,
) -> LdaModel:
    """Fit k topics by LDA (토픽 모델). Needs the whole input; holds its counts.

    `min_df`, `max_df`, `keep`: see `document_term_matrix`. The other options: see `fit_lda`.

    Columns in: `id`, `tokens`. Raises UsageError for an option out of range or of another engine,
    KorpusError if no term is left or k is too large.
    """
    options = LdaOptions(k, engine, alpha, eta, iterations, passes, seed, jobs)
    matrix = document_term_matrix(documents, min_df=min_df, max_df=max_df, keep=keep)
    model = fit_lda(matrix, options, report)
    model.options |= {"min_df": min_df, "max_df": max_df}
    return model


@one_blas_thread
def fit_lda(
    matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None = None
) -> LdaModel:
    """Fit LDA to counts. Consumes `matrix`: tomotopy takes over its tokens.

    `k`: number of topics.
    `engine`: tomotopy, collapsed Gibbs sampling (Griffiths & Steyvers 2004); gensim, online
    variational Bayes (Hoffman, Blei & Bach 2010); sklearn, the same by scikit-learn.
    `alpha`: prior of each topic in a document, held fixed. Default: tomotopy learns one per topic
    (Wallach, Mimno & McCallum 2009) or, for more than 2,000,000 topics × documents, one for all
    topics from 10,000 documents; the other engines use 1 / k.
    `eta`: prior of each term in a topic. Default: 1 / k; tomotopy 0.01, or 0.05 below 10,000
    documents, where less smoothing makes the result depend on the seed.
    `iterations`: passes over all tokens (tomotopy, 500), or maximum updates per document and pass
    (gensim, 50; sklearn, 100). `passes`: passes over the documents (gensim and sklearn, 10).
    `seed`: seed of the engine's random numbers. `jobs`: threads of tomotopy, processes of sklearn;
    another number gives another result.
    `report`: called with iterations or passes done, their total, and the log-likelihood per token
    (for variational engines its lower bound, of the first documents). It does not change the
    result.

    The header of the model records the values that were used; `alpha` is one number, or one per
    topic where it was learned per topic. Raises KorpusError if k is too large.
    """
    check_topics(options.k, matrix)
    fit = ENGINES[options.engine](matrix, options, report)
    model = LdaModel.from_probabilities(
        matrix,
        fit.topic_term,
        fit.document_topic,
        {},
        by_topic={"alpha": fit.alpha, "word_weight": fit.word_weight},
    )
    model.options |= _options_used(options, fit.used, model.alpha.tolist())
    return model


def _options_used(options: LdaOptions, used: Options, alpha: list[float]) -> Options:
    """The options with the values that were used; `alpha` in the order of the model's topics."""
    prior: float | list[float] = alpha if len(set(alpha)) > 1 else alpha[0]
    return {
        "k": options.k,
        "engine": options.engine,
        "alpha": prior if options.alpha is None else options.alpha,
        "alpha_learned": options.engine == "tomotopy" and options.alpha is None,
        **used,
        "seed": options.seed,
        "jobs": options.jobs,
    }
