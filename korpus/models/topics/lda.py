"""The stage lda: latent Dirichlet allocation (Blei, Ng & Jordan 2003) by one of three engines."""

from collections.abc import Iterable, Mapping, Sequence

from korpus.elsewhere import elsewhere
from korpus.models.blas import one_blas_thread
from korpus.models.report import Report
from korpus.models.term_model import Options
from korpus.models.topics.covariates import columns_of, groups_of
from korpus.models.topics.dmr import DmrModel, check_groups
from korpus.models.topics.lda_engines import METHODS
from korpus.models.topics.lda_model import LdaModel
from korpus.models.topics.lda_options import LdaOptions, lda_options
from korpus.models.topics.numbers import check_topics
from korpus.models.topics.seeds import check_known
from korpus.records import Record, split_names
from korpus.tokens import DocumentTermMatrix, Part, document_term_matrix


@elsewhere
def lda(
    documents: Iterable[Record] | Iterable[Part],
    *,
    k: int | None = None,
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
    seeds: str | Mapping[str, Sequence[str]] | None = None,
    hierarchical: bool = False,
    by: str | Sequence[str] = (),
    report: Report | None = None,
) -> LdaModel:
    """Fit k topics by LDA (토픽 모델). Needs the whole input; holds its counts.

    `k`: 20, if not given. `min_df`, `max_df`, `keep`: see `document_term_matrix`. `seeds`: words
    that pull topics, by their names, or the text of a file with a line per topic
    (`경제: 물가 금리`); those topics come out under their names. `by`: columns, also `date:year`,
    see `korpus.documents.groups`. The other options: see `fit_lda`.

    Columns in: `id`, `tokens`, and those of `by`. Raises UsageError for an option out of range or
    that does not go with another, KorpusError if no term is left or k is too large.
    """
    options = lda_options(
        k, hierarchical, engine=engine, alpha=alpha, eta=eta, iterations=iterations,
        passes=passes, seed=seed, jobs=jobs, seeds=seeds, by=by,
    )  # fmt: skip
    kept = [*split_names(keep), *columns_of(options.by)]
    matrix = document_term_matrix(documents, min_df=min_df, max_df=max_df, keep=kept)
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
    `seeds`: each topic's seed words (tomotopy). Their prior in it is their frequency, so that it
    takes as many tokens again to pull one elsewhere. `hierarchical`: let the number of topics
    follow from the data, by a hierarchical Dirichlet process (Teh et al. 2006) with `alpha` as the
    concentration (default: 0.1) and `eta` of 0.3 by default; topics that died out are left out.
    `by`: learn the priors of topics for groups of documents, see `DmrModel`.
    `report`: called with iterations or passes done, their total, and the log-likelihood per token
    (for variational engines its lower bound, of the first documents). It does not change the
    result.

    The header of the model records the values that were used; `alpha` is one number, or one per
    topic where it was learned per topic. Raises KorpusError if k is too large.
    """
    check_topics(1 if options.hierarchical else options.k, matrix)
    check_known(options.seeds, matrix.terms)
    groups, numbers = groups_of(matrix, options.by)
    check_groups(groups, numbers, options.by)
    fit = METHODS[options.method](matrix, options, report)
    k = len(fit.topic_term)
    names = list(options.seeds)
    model_class: type[LdaModel] = LdaModel
    by_topic, by_document = {"alpha": fit.alpha, "word_weight": fit.word_weight}, {}
    if options.by:
        model_class = DmrModel
        by_topic["effects"] = fit.effects
        by_document["document_groups"] = numbers
    model = model_class.from_probabilities(
        matrix,
        fit.topic_term,
        fit.document_topic,
        {},
        by_topic=by_topic,
        by_term=by_document,
        names=[*names, *[""] * (k - len(names))] if names else None,
    )
    model.options |= _options_used(options, fit.used, model.alpha.tolist())
    return model


def _options_used(options: LdaOptions, used: Options, alpha: list[float]) -> Options:
    """The options with the values that were used; `alpha` in the order of the model's topics."""
    prior: float | list[float] = alpha if len(set(alpha)) > 1 else alpha[0]
    return {
        "k": len(alpha),
        "engine": options.engine,
        "alpha": prior if options.alpha is None else options.alpha,
        "alpha_learned": options.engine == "tomotopy" and options.alpha is None,
        **used,
        **({"seeds": options.seeds} if options.seeds else {}),
        "seed": options.seed,
        "jobs": options.jobs,
    }
