"""The stage lda: latent Dirichlet allocation (Blei, Ng & Jordan 2003) by one of three engines."""

import math
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import accumulate, compress, count, pairwise
from typing import TYPE_CHECKING, Any

from korpus.errors import UsageError
from korpus.models.topics.topic_model import TopicModel, check_topics, probabilities_model
from korpus.records import Record
from korpus.tokens import DocumentTermMatrix, Part, document_term_matrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

# Called with rounds done, rounds in all, and the log-likelihood of a token.
Report = Callable[[int, int, float], None]
# What an engine gives: topic × term, document × topic, and what inference needs by topic.
Fitted = tuple["Array", "Array", "dict[str, Array]"]

_ALPHA = 0.1  # where tomotopy begins to learn it
# Topics × documents up to which it learns α as it sweeps. An update, every tenth sweep, takes half
# a second for so many; for 100 topics of 300,000 documents 13 seconds, while Ctrl-C is not heard,
# and a sweep 0.4. Beyond, one α for all topics is learned from so many documents and held: on
# 300,000 reviews (k = 50, three seeds) in 0.4 of the time, with an NPMI of 0.045, not 0.033.
_LEARNED, _SAMPLE = 2_000_000, 10_000
# Documents that the likelihood of variational engines is taken from, to show progress.
_WATCHED = 2000


@dataclass(frozen=True)
class LdaOptions:
    """How to fit LDA; `fit_lda` says what each means.

    Raises UsageError for an option out of range or of another engine.
    """

    k: int = 20
    engine: str = "tomotopy"
    alpha: float | None = None
    eta: float | None = None
    iterations: int | None = None
    passes: int | None = None
    seed: int = 0
    jobs: int = 1

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise UsageError(f"--engine {self.engine} is unknown", f"one of: {', '.join(ENGINES)}")
        for name in ("alpha", "eta"):
            value = getattr(self, name)
            most = 1 if self.engine == "sklearn" else 1e6  # engines in single precision overflow
            if value is not None and not 1e-6 <= value <= most:
                raise UsageError(f"--{name} {value:g} is not between 0.000001 and {most:,.0f}")
        for name in ("iterations", "passes", "jobs"):
            count = getattr(self, name)
            if count is not None and count < 1:
                raise UsageError(f"--{name} {count} is less than 1")
        if self.engine == "tomotopy" and self.passes is not None:
            raise UsageError("--passes is for gensim and sklearn", "for tomotopy: --iterations")
        if self.engine == "gensim" and self.jobs > 1:
            raise UsageError(
                "gensim's LDA runs on one core", "leave --jobs out, or: --engine tomotopy"
            )


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
    seed: int = 0,
    jobs: int = 1,
    report: Report | None = None,
) -> TopicModel:
    """Fit k topics by LDA (토픽 모델). Needs the whole input; holds its counts.

    Columns in: `id`, `tokens`. `min_df`, `max_df`: see `document_term_matrix`; the other options:
    `fit_lda`. Raises UsageError for an option that does not fit, KorpusError where no term is left
    or k is too large.
    """
    options = LdaOptions(k, engine, alpha, eta, iterations, passes, seed, jobs)
    matrix = document_term_matrix(documents, min_df=min_df, max_df=max_df)
    model = fit_lda(matrix, options, report)
    model.options |= {"min_df": min_df, "max_df": max_df}
    return model


def fit_lda(
    matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None = None
) -> TopicModel:
    """Fit LDA to counts. The same options give the same model, whatever `report` is.

    The matrix is used up: tomotopy takes its tokens over.

    `k`: how many topics.
    `engine`: tomotopy, collapsed Gibbs sampling (Griffiths & Steyvers 2004); gensim, online
    variational Bayes (Hoffman, Blei & Bach 2010); sklearn, the same by scikit-learn.
    `alpha`: prior of a topic in a document, held fixed; by default tomotopy learns one for each
    topic (Wallach, Mimno & McCallum 2009), or, for more than 2,000,000 topics × documents, one for
    all from 10,000 documents; the others use 1 / k.
    `eta`: prior of a term in a topic; by default 1 / k, for tomotopy 0.01, or 0.05 below 10,000
    documents, where less smoothing makes the result depend on the seed.
    `iterations`: sweeps over all tokens (tomotopy, 500), or at most so many updates of a document
    in a pass (gensim, 50; sklearn, 100). `passes` over the documents: gensim and sklearn, 10.
    `seed`: of the engine's random numbers. `jobs`: threads of tomotopy, processes of sklearn;
    another number gives another result.
    `report`: called as it goes with rounds done, rounds in all, log-likelihood a token (its lower
    bound, from the first documents, for the variational engines).
    Raises KorpusError where k is too large.
    """
    check_topics(options.k, matrix)
    topic_term, document_topic, by_topic = ENGINES[options.engine](matrix, options, report)
    return probabilities_model("lda", matrix, topic_term, document_topic, asdict(options), by_topic)


def _tomotopy(matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None) -> Fitted:
    import numpy

    terms = matrix.terms
    eta = options.eta or (0.01 if len(matrix.lengths) >= 10_000 else 0.05)
    prior, interval = options.alpha, 0
    if prior is None and options.k * len(matrix.lengths) > _LEARNED:
        prior = _alpha_of_sample(matrix, options, eta)
    elif prior is None:
        prior, interval = _ALPHA, 10
    frequency = matrix.term_frequency
    model = _fed(matrix, k=options.k, alpha=prior, eta=eta, seed=options.seed)
    model.optim_interval = interval
    # The tokens are the engine's now; of those held here nothing more is asked than this.
    matrix.numbers, matrix.term_frequency = matrix.numbers[:0].copy(), frequency
    _sweep(model, options.iterations or 500, options.jobs, report)
    places = (bisect_left(terms, term) for term in model.used_vocabs)
    order = numpy.fromiter(places, numpy.int32, len(terms))
    topic_term = numpy.zeros((options.k, len(terms)), dtype=numpy.float32)
    for topic in range(options.k):
        topic_term[topic, order] = model.get_topic_word_dist(topic)
    alpha = numpy.array(numpy.broadcast_to(model.alpha, options.k), dtype=float)
    document_topic = numpy.empty((len(matrix.lengths), options.k), dtype=numpy.float32)
    document_topic[:] = alpha / alpha.sum()
    filled = compress(count(), matrix.lengths.data)
    for row, document in zip(filled, model.docs, strict=False):
        document_topic[row] = document.get_topic_dist()
    return topic_term, document_topic, {"alpha": alpha}


def _alpha_of_sample(matrix: DocumentTermMatrix, options: LdaOptions, eta: float) -> float:
    """The mean of α as tomotopy learns it from some of the documents."""
    import numpy

    size = min(_SAMPLE, _LEARNED // options.k)
    chosen = numpy.zeros(len(matrix.lengths), dtype=bool)
    filled = numpy.flatnonzero(matrix.lengths)
    chosen[numpy.random.default_rng(options.seed).permutation(filled)[:size]] = True
    sample = matrix.of_documents(chosen)
    model = _fed(sample, k=options.k, alpha=_ALPHA, eta=eta, seed=options.seed)
    _sweep(model, 100, options.jobs, None)
    return float(numpy.mean(model.alpha))


def _fed(matrix: DocumentTermMatrix, **priors: Any) -> Any:
    """tomotopy's model with the documents that are not empty, for it takes no others."""
    import tomotopy

    model = tomotopy.LDAModel(**priors)
    term, numbers = matrix.terms.__getitem__, matrix.numbers
    for start, end in pairwise(accumulate(matrix.lengths.data, initial=0)):
        if end > start:
            model.add_doc(list(map(term, numbers[start:end].tolist())))
    return model


def _sweep(model: Any, rounds: int, jobs: int, report: Report | None) -> None:
    for done in range(1, rounds + 1):  # Ctrl-C is heard between; the result is that of one call
        with warnings.catch_warnings(action="ignore"):  # of threads, which --help has told
            model.train(1, workers=jobs)
        if report and (done % 10 == 0 or done == rounds):
            report(done, rounds, model.ll_per_word)


def _gensim(matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None) -> Fitted:
    import numpy
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaModel
    from gensim.models.callbacks import Metric

    corpus = Sparse2Corpus(matrix.counts, documents_columns=False)
    rounds = options.passes or 10

    class EachPass(Metric):  # type: ignore[misc]
        logger = title = None
        done = 0

        def get_value(self, model: LdaModel, **_: object) -> None:
            self.done += 1
            before = model.random_state.get_state()
            likelihood = model.log_perplexity(list(corpus[:_WATCHED]), total_docs=len(corpus))
            model.random_state.set_state(before)
            if report:
                report(self.done, rounds, likelihood)

    model = LdaModel(
        corpus,
        id2word=dict(enumerate(matrix.terms)),
        num_topics=options.k,
        alpha="symmetric" if options.alpha is None else options.alpha,
        eta=options.eta,
        passes=rounds,
        iterations=options.iterations or 50,
        random_state=options.seed,
        eval_every=None,
        callbacks=[EachPass()] if report else None,
        dtype=numpy.float64,
    )
    gamma, _ = model.inference(corpus)
    weights = numpy.exp(model.state.get_Elogbeta())
    document_topic = gamma / gamma.sum(axis=1, keepdims=True)
    return model.get_topics(), document_topic, {"alpha": model.alpha, "word_weight": weights}


def _sklearn(matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None) -> Fitted:
    import numpy
    from sklearn.decomposition import LatentDirichletAllocation

    documents = len(matrix.lengths)
    model = LatentDirichletAllocation(
        options.k,
        doc_topic_prior=options.alpha,
        topic_word_prior=options.eta,
        max_doc_update_iter=options.iterations or 100,
        batch_size=min(1024, max(1, documents // 10)),
        total_samples=documents,
        random_state=options.seed,
        n_jobs=options.jobs,
    )
    watched = matrix.counts[:_WATCHED]
    rounds = options.passes or 10
    for done in range(1, rounds + 1):
        model.partial_fit(matrix.counts)
        if report:
            report(done, rounds, -math.log(model.perplexity(watched, sub_sampling=True)))
    topic_term = model.components_ / model.components_.sum(axis=1, keepdims=True)
    alpha = numpy.full(options.k, model.doc_topic_prior_)
    weights = model.exp_dirichlet_component_
    return topic_term, model.transform(matrix.counts), {"alpha": alpha, "word_weight": weights}


ENGINES: dict[str, Callable[[DocumentTermMatrix, LdaOptions, Report | None], Fitted]] = {
    "tomotopy": _tomotopy,
    "gensim": _gensim,
    "sklearn": _sklearn,
}
