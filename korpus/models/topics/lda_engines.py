"""LDA's options and its three engines."""

import math
import warnings
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, compress, count, pairwise
from typing import TYPE_CHECKING, NamedTuple

from korpus.checks import check_choice, check_least
from korpus.errors import UsageError
from korpus.messages import _
from korpus.models.library_internals import expected_word_weights
from korpus.models.report import Report
from korpus.models.term_model import Options
from korpus.tokens import DocumentTermMatrix

if TYPE_CHECKING:
    import numpy
    import tomotopy

    Array = numpy.ndarray

_START_ALPHA = 0.1  # tomotopy's starting value where alpha is learned
_LEARN_INTERVAL = 10  # iterations between updates of alpha
# Learning alpha needs time in proportion to topics × documents: 13 seconds per update for 100
# topics of 300,000 documents, where an iteration takes 0.4, and Ctrl-C does not work meanwhile.
# Above this product, one alpha for all topics is learned from a sample and held. On 300,000 reviews
# (k = 50, three seeds) that took 0.4 of the time, with an NPMI of 0.045 instead of 0.033.
_MAX_LEARNED, _SAMPLE_SIZE = 2_000_000, 10_000
# Documents from which variational engines estimate the likelihood they report.
_WATCHED = 2000


@dataclass(frozen=True)
class LdaOptions:
    """How to fit LDA; `fit_lda` explains each option. None means the engine's default.

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
        check_choice("--engine", self.engine, ENGINES)
        for name in ("alpha", "eta"):
            value = getattr(self, name)
            most = 1 if self.engine == "sklearn" else 1e6  # single precision overflows above
            if value is not None and not 1e-6 <= value <= most:
                raise UsageError(
                    _("{option} {value} is not between {least} and {most}").format(
                        option=f"--{name}",
                        value=f"{value:g}",
                        least="0.000001",
                        most=f"{most:,.0f}",
                    )
                )
        for name in ("iterations", "passes", "jobs"):
            value = getattr(self, name)
            check_least(f"--{name}", value, 1)
        if self.engine == "tomotopy" and self.passes is not None:
            raise UsageError(
                _("--passes is for gensim and sklearn"), _("for tomotopy use --iterations")
            )
        if self.engine == "gensim" and self.jobs > 1:
            raise UsageError(
                _("gensim's LDA runs on one core"),
                _("leave --jobs out, or use --engine tomotopy"),
            )


class EngineFit(NamedTuple):
    """What an engine returns.

    `topic_term` (k × terms), `document_topic` (documents × k), `alpha` (k). `word_weight` (k ×
    terms): the weights it infers by, None if they are `topic_term`. `used`: the options it used.
    """

    topic_term: "Array"
    document_topic: "Array"
    alpha: "Array"
    word_weight: "Array | None"
    used: Options


def _tomotopy(matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None) -> EngineFit:
    import numpy

    terms = matrix.terms
    iterations = options.iterations or 500
    eta = options.eta or (0.01 if len(matrix.lengths) >= 10_000 else 0.05)
    prior, interval = options.alpha, 0
    if prior is None and options.k * len(matrix.lengths) > _MAX_LEARNED:
        prior = _alpha_of_sample(matrix, options, eta)
    elif prior is None:
        prior, interval = _START_ALPHA, _LEARN_INTERVAL
    frequency = matrix.term_frequency
    model = _with_documents(matrix, k=options.k, alpha=prior, eta=eta, seed=options.seed)
    model.optim_interval = interval
    # The engine holds the tokens now; drop ours, and keep the frequencies computed from them.
    matrix.numbers, matrix.term_frequency = matrix.numbers[:0].copy(), frequency
    _train(model, iterations, options.jobs, report)
    columns = (bisect_left(terms, term) for term in model.used_vocabs)
    order = numpy.fromiter(columns, numpy.int32, len(terms))
    topic_term = numpy.zeros((options.k, len(terms)), dtype=numpy.float32)
    for topic in range(options.k):
        topic_term[topic, order] = model.get_topic_word_dist(topic)
    alpha = numpy.array(numpy.broadcast_to(model.alpha, options.k), dtype=float)
    document_topic = numpy.empty((len(matrix.lengths), options.k), dtype=numpy.float32)
    document_topic[:] = alpha / alpha.sum()
    filled = compress(count(), matrix.lengths.data)
    for row, document in zip(filled, model.docs, strict=False):
        document_topic[row] = document.get_topic_dist()
    return EngineFit(
        topic_term, document_topic, alpha, None, {"eta": eta, "iterations": iterations}
    )


def _alpha_of_sample(matrix: DocumentTermMatrix, options: LdaOptions, eta: float) -> float:
    """The mean of the alpha that tomotopy learns from a sample of the documents."""
    import numpy

    size = min(_SAMPLE_SIZE, _MAX_LEARNED // options.k)
    mask = numpy.zeros(len(matrix.lengths), dtype=bool)
    filled = numpy.flatnonzero(matrix.lengths)
    mask[numpy.random.default_rng(options.seed).permutation(filled)[:size]] = True
    sample = matrix.select_documents(mask)
    model = _with_documents(sample, k=options.k, alpha=_START_ALPHA, eta=eta, seed=options.seed)
    _train(model, 100, options.jobs, None)
    return float(numpy.mean(model.alpha))


def _with_documents(
    matrix: DocumentTermMatrix, *, k: int, alpha: float, eta: float, seed: int
) -> "tomotopy.LDAModel":
    """tomotopy's model with the documents that are not empty, as it takes no others."""
    import tomotopy

    model = tomotopy.LDAModel(k=k, alpha=alpha, eta=eta, seed=seed)
    term, numbers = matrix.terms.__getitem__, matrix.numbers
    for start, end in pairwise(accumulate(matrix.lengths.data, initial=0)):
        if end > start:
            model.add_doc(list(map(term, numbers[start:end].tolist())))
    return model


def _train(model: "tomotopy.LDAModel", iterations: int, jobs: int, report: Report | None) -> None:
    # One iteration per call, so that Ctrl-C works; the result is that of a single call.
    for done in range(1, iterations + 1):
        with warnings.catch_warnings(action="ignore"):  # that several threads change the result
            model.train(1, workers=jobs)
        if report and (done % 10 == 0 or done == iterations):
            report(done, iterations, model.ll_per_word)


def _gensim(matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None) -> EngineFit:
    import numpy
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaModel
    from gensim.models.callbacks import Metric

    corpus = Sparse2Corpus(matrix.counts, documents_columns=False)
    passes, iterations = options.passes or 10, options.iterations or 50

    class EachPass(Metric):  # type: ignore[misc]
        logger = title = None
        done = 0

        def get_value(self, model: LdaModel, **_unused: object) -> None:
            self.done += 1
            before = model.random_state.get_state()
            likelihood = model.log_perplexity(list(corpus[:_WATCHED]), total_docs=len(corpus))
            model.random_state.set_state(before)
            if report:
                report(self.done, passes, likelihood)

    model = LdaModel(
        corpus,
        id2word=dict(enumerate(matrix.terms)),
        num_topics=options.k,
        alpha="symmetric" if options.alpha is None else options.alpha,
        eta=options.eta,
        passes=passes,
        iterations=iterations,
        random_state=options.seed,
        eval_every=None,
        callbacks=[EachPass()] if report else None,
        dtype=numpy.float64,
    )
    gamma, _statistics = model.inference(corpus)
    weights = numpy.exp(model.state.get_Elogbeta())
    document_topic = gamma / gamma.sum(axis=1, keepdims=True)
    used = {"eta": float(model.eta[0]), "iterations": iterations, "passes": passes}
    return EngineFit(model.get_topics(), document_topic, model.alpha, weights, used)


def _sklearn(matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None) -> EngineFit:
    import numpy
    from sklearn.decomposition import LatentDirichletAllocation

    documents = len(matrix.lengths)
    passes, iterations = options.passes or 10, options.iterations or 100
    batch_size = min(1024, max(1, documents // 10))
    model = LatentDirichletAllocation(
        options.k,
        doc_topic_prior=options.alpha,
        topic_word_prior=options.eta,
        max_doc_update_iter=iterations,
        batch_size=batch_size,
        total_samples=documents,
        random_state=options.seed,
        n_jobs=options.jobs,
    )
    watched = matrix.counts[:_WATCHED]
    for done in range(1, passes + 1):
        model.partial_fit(matrix.counts)
        if report:
            report(done, passes, -math.log(model.perplexity(watched, sub_sampling=True)))
    topic_term = model.components_ / model.components_.sum(axis=1, keepdims=True)
    alpha = numpy.full(options.k, model.doc_topic_prior_)
    used = {"eta": float(model.topic_word_prior_), "iterations": iterations, "passes": passes}
    used["batch_size"] = batch_size
    document_topic = model.transform(matrix.counts)
    return EngineFit(topic_term, document_topic, alpha, expected_word_weights(model), used)


ENGINES: dict[str, Callable[[DocumentTermMatrix, LdaOptions, Report | None], EngineFit]] = {
    "tomotopy": _tomotopy,
    "gensim": _gensim,
    "sklearn": _sklearn,
}
