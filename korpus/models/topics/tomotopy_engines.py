"""The engines of LDA by tomotopy: Gibbs sampling of LDA, HDP and DMR."""

import logging
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate, compress, count, pairwise
from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.models.report import Report
from korpus.models.term_model import Options
from korpus.models.topics.covariates import groups_of
from korpus.models.topics.lda_options import EngineFit, LdaOptions
from korpus.tokens import DocumentTermMatrix
from korpus.workers.child import in_child

if TYPE_CHECKING:
    import numpy
    import tomotopy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_START_ALPHA = 0.1  # tomotopy's starting value where alpha is learned
_LEARN_INTERVAL = 10  # iterations between updates of alpha
# Learning alpha needs time in proportion to topics × documents: 13 seconds per update for 100
# topics of 300,000 documents, where an iteration takes 0.4, and Ctrl-C does not work meanwhile.
# Above this product, one alpha for all topics is learned from a sample and held. On 300,000 reviews
# (k = 50, three seeds) that took 0.4 of the time, with an NPMI of 0.045 instead of 0.033.
_MAX_LEARNED, _SAMPLE_SIZE = 2_000_000, 10_000
_ITERATIONS = 500
_HDP_ETA, _HDP_CONCENTRATION = 0.3, 0.1
_SIGMA = 1.0  # standard deviation of the effects of groups, as in Mimno & McCallum
# Iterations done, their total, and the log-likelihood per token.
Done = tuple[int, int, float]


def fit_lda_by_gibbs(
    matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None
) -> EngineFit:
    """Collapsed Gibbs sampling of LDA. Consumes `matrix`."""
    import tomotopy

    eta = options.eta or _default_eta(matrix)
    prior, interval = options.alpha, 0
    if prior is None and options.k * len(matrix.lengths) > _MAX_LEARNED:
        prior = _alpha_of_sample(matrix, options, eta)
    elif prior is None:
        prior, interval = _START_ALPHA, _LEARN_INTERVAL
    frequency = matrix.term_frequency
    model = tomotopy.LDAModel(k=options.k, alpha=prior, eta=eta, seed=options.seed)
    _set_seeds(model, matrix, options)
    _add_documents(model, matrix)
    model.optim_interval = interval
    # The engine holds the tokens now; drop ours, and keep the frequencies computed from them.
    matrix.numbers, matrix.term_frequency = matrix.numbers[:0].copy(), frequency
    iterations = options.iterations or _ITERATIONS
    for done in _trained(model, iterations, options.jobs):
        if report:
            report(*done)
    return _fit_of(model, matrix, {"eta": eta, "iterations": iterations})


def fit_hdp(matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None) -> EngineFit:
    """Gibbs sampling of the hierarchical Dirichlet process, in a child process."""
    return _in_child(_hdp, matrix, options, report)


def fit_dmr(matrix: DocumentTermMatrix, options: LdaOptions, report: Report | None) -> EngineFit:
    """Gibbs sampling of Dirichlet-multinomial regression, in a child process."""
    return _in_child(_dmr, matrix, options, report)


def _in_child(
    fit: Callable[[DocumentTermMatrix, LdaOptions], Iterator[Done | EngineFit]],
    matrix: DocumentTermMatrix,
    options: LdaOptions,
    report: Report | None,
) -> EngineFit:
    """The result of a fit in a child process, as the engine can crash."""
    crashed = _("the engine of the topic model (tomotopy) crashed, or ran out of memory")
    hint = _("try another --seed, or drop rare terms with --min-df")
    for item in in_child(fit, matrix, options, crashed=crashed, hint=hint, memory=None):
        if isinstance(item, EngineFit):
            return item
        if report:
            report(*item)
    raise KorpusError(crashed, hint)


def _hdp(matrix: DocumentTermMatrix, options: LdaOptions) -> Iterator[Done | EngineFit]:
    import tomotopy

    eta = options.eta or _HDP_ETA
    concentration = options.alpha or _HDP_CONCENTRATION
    iterations = options.iterations or _ITERATIONS
    model = tomotopy.HDPModel(
        alpha=concentration, gamma=_HDP_CONCENTRATION, eta=eta, seed=options.seed
    )
    model.optim_interval = 0  # it would learn ever smaller concentrations, with ever more topics
    _add_documents(model, matrix)
    yield from _trained(model, iterations, 1)
    logger.info(
        _("k = %d, chosen by the fit (--eta %s: a larger one gives fewer topics)"),
        model.live_k,
        f"{eta:g}",
    )
    if dead := model.k - model.live_k:
        logger.info(_("%s without tokens at the end, left out"), plural(dead, "topic"))
    living, _numbers = model.convert_to_lda(0.0)
    used = {
        "hierarchical": True,
        "eta": eta,
        "iterations": iterations,
        "concentration": concentration,
        "gamma": _HDP_CONCENTRATION,
    }
    yield _fit_of(living, matrix, used)


def _dmr(matrix: DocumentTermMatrix, options: LdaOptions) -> Iterator[Done | EngineFit]:
    import numpy
    import tomotopy

    eta = options.eta or _default_eta(matrix)
    iterations = options.iterations or _ITERATIONS
    model = tomotopy.DMRModel(
        k=options.k, alpha=_START_ALPHA, eta=eta, sigma=_SIGMA, seed=options.seed
    )
    _set_seeds(model, matrix, options)
    groups, numbers = groups_of(matrix, options.by)
    _add_documents(model, matrix, numbers)
    model.optim_interval = _LEARN_INTERVAL
    try:
        yield from _trained(model, iterations, options.jobs)
    except RuntimeError:
        raise KorpusError(
            _("the priors of the topics could not be learned by groups"),
            _("try another --seed, fewer topics, or larger groups"),
        ) from None
    # tomotopy's columns: the mean, then the groups in the order in which it met them.
    effects = numpy.zeros((options.k, len(groups) + 1))
    places = [0, *(1 + int(group) for group in model.multi_metadata_dict)]
    effects[:, places] = numpy.array(model.lambda_)[:, 0]
    alpha = priors(effects, numbers)
    used = {"eta": eta, "iterations": iterations, "by": list(options.by), "groups": groups}
    yield _fit_of(model, matrix, used, alpha)._replace(effects=effects)


def priors(effects: "Array", numbers: "Array") -> "Array":
    """The prior of each topic in documents of some groups, float64, documents × k.

    exp of the topic's mean and the effects of the groups (Mimno & McCallum 2008). A number below 0
    is a group without an effect.
    """
    import numpy

    known = numpy.column_stack([effects, numpy.zeros(len(effects))])  # the last is for -1
    sums = effects[:, 0] + known[:, numpy.where(numbers < 0, -1, numbers + 1)].sum(axis=2).T
    found: Array = numpy.exp(sums)
    return found


def _fit_of(
    model: "tomotopy.LDAModel",
    matrix: DocumentTermMatrix,
    used: Options,
    alpha: "Array | None" = None,
) -> EngineFit:
    """What a fitted model of tomotopy holds. `alpha`: the documents' priors, if they differ."""
    import numpy

    terms, k = matrix.terms, model.k
    columns = (bisect_left(terms, term) for term in model.used_vocabs)
    order = numpy.fromiter(columns, numpy.int32, len(terms))
    topic_term = numpy.zeros((k, len(terms)), dtype=numpy.float32)
    for topic in range(k):
        topic_term[topic, order] = model.get_topic_word_dist(topic)
    if alpha is None:
        alpha = numpy.array(numpy.broadcast_to(model.alpha, k), dtype=float)
    document_topic = numpy.empty((len(matrix.lengths), k), dtype=numpy.float32)
    document_topic[:] = alpha / alpha.sum(axis=-1, keepdims=True)
    filled = compress(count(), matrix.lengths.data)
    for row, document in zip(filled, model.docs, strict=False):
        document_topic[row] = document.get_topic_dist()
    return EngineFit(topic_term, document_topic, numpy.atleast_2d(alpha).mean(axis=0), None, used)


def _default_eta(matrix: DocumentTermMatrix) -> float:
    return 0.01 if len(matrix.lengths) >= 10_000 else 0.05


def _alpha_of_sample(matrix: DocumentTermMatrix, options: LdaOptions, eta: float) -> float:
    """The mean of the alpha that tomotopy learns from a sample of the documents."""
    import numpy
    import tomotopy

    size = min(_SAMPLE_SIZE, _MAX_LEARNED // options.k)
    mask = numpy.zeros(len(matrix.lengths), dtype=bool)
    filled = numpy.flatnonzero(matrix.lengths)
    mask[numpy.random.default_rng(options.seed).permutation(filled)[:size]] = True
    sample = matrix.select_documents(mask)
    model = tomotopy.LDAModel(k=options.k, alpha=_START_ALPHA, eta=eta, seed=options.seed)
    _add_documents(model, sample)
    for _done in _trained(model, 100, options.jobs):
        pass
    return float(numpy.mean(model.alpha))


def _set_seeds(model: "tomotopy.LDAModel", matrix: DocumentTermMatrix, options: LdaOptions) -> None:
    """Let seed words pull their topics, the first ones: their prior there is their frequency.

    So they start in that topic, and it takes as many tokens again to pull one into another topic.
    """
    for topic, words in enumerate(options.seeds.values()):
        for word in words:
            column = bisect_left(matrix.terms, word)
            if column < len(matrix.terms) and matrix.terms[column] == word:
                model.set_word_prior(word, {topic: float(matrix.term_frequency[column])})


def _add_documents(
    model: "tomotopy.LDAModel", matrix: DocumentTermMatrix, groups: "Array | None" = None
) -> None:
    """Add the documents that are not empty, as tomotopy takes no others, with their groups."""
    term, numbers = matrix.terms.__getitem__, matrix.numbers
    for row, (start, end) in enumerate(pairwise(accumulate(matrix.lengths.data, initial=0))):
        if end > start:
            of: dict[str, list[str]] = {}
            if groups is not None:
                of = {"multi_metadata": list(map(str, groups[row].tolist()))}
            model.add_doc(list(map(term, numbers[start:end].tolist())), **of)


def _trained(model: "tomotopy.LDAModel", iterations: int, jobs: int) -> Iterator[Done]:
    """Train, and yield what was done now and then."""
    # One iteration per call, so that Ctrl-C works; the result is that of a single call.
    for done in range(1, iterations + 1):
        with warnings.catch_warnings(action="ignore"):  # that several threads change the result
            model.train(1, workers=jobs)
        if done % 10 == 0 or done == iterations:
            yield done, iterations, model.ll_per_word
