"""The stage stm: topics whose shares depend on metadata (Roberts, Stewart & Airoldi 2016)."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.models.blas import one_blas_thread
from korpus.models.report import Report
from korpus.models.topics.lda import fit_lda
from korpus.models.topics.lda_options import LdaOptions
from korpus.models.topics.prevalence import Prevalence, formula_columns
from korpus.models.topics.stm_model import StmModel, posteriors, softmax, with_reference
from korpus.records import Record, split_names
from korpus.statistics.logistic_normal import Batch, Prior, batches, laplace
from korpus.statistics.shrinkage import shrunk_regression
from korpus.tokens import DocumentTermMatrix, Part, document_term_matrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_START_ITERATIONS = 100  # of Gibbs sampling, for the topics to start from
_TOLERANCE = 1e-5  # of the evidence, relative, as in stm
_SMOOTH = 0.01  # of a term in a topic, as in lda
_LEAST_VARIANCE = 1e-6
_FEW, _SHORT = 10, 10  # documents per topic, and tokens per document, below which it is said
_MOST_CELLS = 200_000_000  # about 800 MB in the model


def stm(
    documents: Iterable[Record] | Iterable[Part],
    *,
    formula: str | None = None,
    k: int = 20,
    iterations: int = 200,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    keep: str | Iterable[str] = (),
    seed: int = 0,
    report: Report | None = None,
) -> StmModel:
    """Fit k topics whose shares depend on columns (구조적 토픽 모델). Needs the whole input.

    `formula`: of the columns, as `언론사 + spline(일자)`, see `parse_formula`; without one it is
    the correlated topic model (Blei & Lafferty 2007). `iterations`: maximum; the fit stops earlier
    when the evidence changes by less than 1/100,000. `min_df`, `max_df`, `keep`: see
    `document_term_matrix`; the columns of the formula are kept too. `report`: called with
    iterations done, their maximum and the evidence per token.

    As R's stm without a content model: variational EM with Laplace's approximation per document
    (see `laplace`), the means of η by a regression that draws effects to 0 (see
    `shrunk_regression`; stm: "Pooled"), its covariance free. It starts from LDA (see `fit_lda`).
    Columns in: `id`, `tokens` and those of the formula. Documents without a value are left out, and
    logged. Raises UsageError for a formula that cannot be read, KorpusError for columns that
    are missing or not of its kind.
    """
    check_least("--iterations", iterations, 1)
    kept = [*split_names(keep), *formula_columns(formula)]
    matrix = document_term_matrix(documents, min_df=min_df, max_df=max_df, keep=kept)
    model = fit_stm(matrix, formula=formula, k=k, iterations=iterations, seed=seed, report=report)
    model.options |= {"min_df": min_df, "max_df": max_df}
    return model


@one_blas_thread
def fit_stm(
    matrix: DocumentTermMatrix,
    *,
    formula: str | None,
    k: int,
    iterations: int = 200,
    seed: int = 0,
    report: Report | None = None,
) -> StmModel:
    """Fit a structural topic model to counts; see `stm`."""
    import numpy

    prevalence, matrix, design = _designed(matrix, formula)
    if k * (k - 1) * len(design) > _MOST_CELLS:
        raise KorpusError(
            _("{documents} × {topics} squared are too many for the memory").format(
                documents=plural(len(design), "document"), topics=plural(k, "topic")
            ),
            _("fit fewer topics: -k"),
        )
    _log_sparse(matrix, k)
    counts, tokens = matrix.counts.astype(float), max(int(matrix.lengths.sum()), 1)
    start = fit_lda(replace(matrix), LdaOptions(k, iterations=_START_ITERATIONS, seed=seed))
    topics = start.topic_term
    logs = numpy.log(start.document_topic.astype(float) + 1e-6)
    eta = logs[:, :-1] - logs[:, -1:]
    effects = shrunk_regression(design, eta)
    prior = _prior(design @ effects, eta, numpy.eye(k - 1) / 10)
    parts, before, done = batches(counts, k), numpy.inf, 0
    for done in range(1, iterations + 1):
        eta, topics, spread, evidence = _expected(parts, topics, prior, eta)
        effects = shrunk_regression(design, eta)
        prior = _prior(design @ effects, eta, spread)
        if report:
            report(done, iterations, evidence / tokens)
        if abs(evidence - before) < _TOLERANCE * abs(evidence):
            break
        before = evidence
    else:
        logger.info(
            _("k = %d: not converged after %d updates; allow more with --iterations"), k, iterations
        )
    eta, factors = posteriors(counts, topics, prior, spread=True)
    return StmModel.from_probabilities(
        matrix,
        topics,
        softmax(with_reference(eta)),
        {
            "k": k,
            "prevalence": prevalence.as_json(),
            "iterations": iterations,
            "updates": done,
            "start_iterations": _START_ITERATIONS,
            "eta": _SMOOTH,
            "seed": seed,
        },
        by_topic={
            "coefficients": with_reference(effects).T,
            "factor": with_reference(numpy.linalg.cholesky(prior.covariance).T).T,
            "prior": with_reference(prior.means.mean(axis=0)[None])[0],
            "spread": factors,
        },
    )


def _log_sparse(matrix: DocumentTermMatrix, k: int) -> None:
    """Log that there are few documents for so many topics, or that they are short."""
    used = int((matrix.lengths > 0).sum())
    if used < _FEW * k:
        logger.warning(
            _("%s for %s: how they depend on columns, and on each other, may be chance"),
            plural(used, "document"),
            plural(k, "topic"),
        )
    mean = int(matrix.lengths.sum()) / max(used, 1)
    if mean < _SHORT:
        logger.warning(
            _("the documents have %.1f tokens on average: most of their shares is prior"), mean
        )


def _designed(
    matrix: DocumentTermMatrix, formula: str | None
) -> "tuple[Prevalence, DocumentTermMatrix, Array]":
    """What the shares depend on, the documents that have values for it, and their design."""
    import numpy

    if formula is None:
        return Prevalence(None, {}), matrix, numpy.ones((len(matrix.ids), 1))
    prevalence, design = Prevalence.of(formula, matrix)
    if not design.used.all():
        if not matrix.lengths[design.used].any():
            raise KorpusError(_("no document has tokens and all columns of the formula"))
        matrix = matrix.select_documents(design.used)
        matrix = matrix.select_terms(matrix.term_frequency > 0)
    return prevalence, matrix, design.matrix()


def _expected(
    parts: list[Batch], topics: "Array", prior: Prior, eta: "Array"
) -> "tuple[Array, Array, Array, float]":
    """The modes of η, the topics by the expected counts, the mean covariance, and the evidence."""
    import numpy
    from scipy.sparse import csr_matrix

    by_term = numpy.ascontiguousarray(topics.T)
    expected = numpy.full(by_term.shape, _SMOOTH)
    modes = numpy.empty_like(eta)
    spread = numpy.zeros((eta.shape[1], eta.shape[1]))
    evidence = 0.0
    for batch in parts:
        found = laplace(batch, by_term, prior, eta)
        modes[batch.rows] = found.modes
        spread += found.covariances.sum(axis=0)
        evidence += float(found.evidence.sum())
        places = batch.terms.ravel()
        shape = (len(places), len(expected))
        inside = csr_matrix((numpy.ones(len(places)), places, numpy.arange(len(places) + 1)), shape)
        expected += inside.T @ found.expected.reshape(len(places), -1)
    return modes, (expected / expected.sum(axis=0)).T, spread / len(eta), evidence


def _prior(means: "Array", eta: "Array", spread: "Array") -> Prior:
    """The prior with these means: its covariance is that around them, and of the posteriors."""
    import numpy

    apart = eta - means
    least = _LEAST_VARIANCE * numpy.eye(len(spread))
    return Prior(means, spread + apart.T @ apart / len(eta) + least)
