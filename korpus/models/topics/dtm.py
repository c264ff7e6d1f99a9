"""The stage dtm: topics whose words change over time (Blei & Lafferty 2006)."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from korpus.checks import check_choice, check_least
from korpus.documents.cuts import UNITS, all_periods
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, plural
from korpus.models.blas import one_blas_thread
from korpus.models.report import Report
from korpus.models.topics.covariates import columns_of, group_names
from korpus.models.topics.dtm_model import DtmModel, weights_in
from korpus.models.topics.lda import fit_lda
from korpus.models.topics.lda_options import LdaOptions
from korpus.models.topics.quality import coherence
from korpus.records import Record, split_names
from korpus.statistics.random_walk import random_walk
from korpus.tokens import DocumentTermMatrix, Part, document_term_matrix

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_START_ITERATIONS = 300  # of Gibbs sampling, for the topics to start from
_UPDATES = 5  # of the documents' topics, per iteration
_MOST_CELLS = 100_000_000  # about 3 GB
_TOP = 10  # terms for the coherence


def dtm(
    documents: Iterable[Record] | Iterable[Part],
    *,
    date: str,
    every: str = "month",
    k: int = 10,
    variance: float = 0.05,
    iterations: int = 20,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    keep: str | Iterable[str] = (),
    seed: int = 0,
    report: Report | None = None,
) -> DtmModel:
    """Fit k topics whose words change over time (동적 토픽 모델). Needs the whole input.

    `date`: the column with dates. `every`: year, quarter, month, week or day; periods without
    documents lie between their neighbours. `variance`: of the step of a term's logarithm from one
    period to the next; a larger one lets words change faster. `iterations`: of the fit. `min_df`,
    `max_df`, `keep`: see `document_term_matrix`. `report`: called with iterations done, their
    total and the log-likelihood per token.

    The fit starts from the topics of LDA (see `fit_lda`). Then documents get their topics by
    variational inference with the topics of their period, and the topics the mode of their
    posterior with a random walk as the prior (see `random_walk`), in turn. As in the authors'
    program, the topics' prior in documents does not change over time.
    Columns in: `id`, `tokens` and the dates. Documents without a date are left out, and logged.
    Raises UsageError for an option out of range, KorpusError for what is no date.
    """
    check_dtm(every, variance, iterations)
    kept = [*split_names(keep), *columns_of([f"{date}:{every}"])]
    matrix = document_term_matrix(documents, min_df=min_df, max_df=max_df, keep=kept)
    model = fit_dtm(
        matrix,
        date=date,
        every=every,
        k=k,
        variance=variance,
        iterations=iterations,
        seed=seed,
        report=report,
    )
    model.options |= {"min_df": min_df, "max_df": max_df}
    return model


def check_dtm(every: str, variance: float, iterations: int) -> None:
    """Raise UsageError for wrong options, before anything is counted."""
    check_choice("--every", every, UNITS)
    check_least("--iterations", iterations, 1)
    if not 1e-4 <= variance <= 100:
        raise UsageError(
            _("{option} {value} is not between {least} and {most}").format(
                option="--variance", value=f"{variance:g}", least="0.0001", most="100"
            )
        )


@one_blas_thread
def fit_dtm(
    matrix: DocumentTermMatrix,
    *,
    date: str,
    every: str,
    k: int,
    variance: float = 0.05,
    iterations: int = 20,
    seed: int = 0,
    report: Report | None = None,
) -> DtmModel:
    """Fit a dynamic topic model to counts; see `dtm`."""
    import numpy

    matrix, names, places = _dated(matrix, f"{date}:{every}", every)
    cells = k * len(names) * len(matrix.terms)
    if cells > _MOST_CELLS:
        raise KorpusError(
            _("{topics} × {periods} × {terms} are too many for the memory").format(
                topics=plural(k, "topic"),
                periods=plural(len(names), "period"),
                terms=plural(len(matrix.terms), "term"),
            ),
            _("choose a longer period, as --every year, or drop rare terms with --min-df"),
        )
    counts = matrix.counts.astype(float)
    options = LdaOptions(k, iterations=_START_ITERATIONS, seed=seed)
    start = fit_lda(replace(matrix), options)
    eta = float(start.options["eta"])
    logs = numpy.repeat(numpy.log(start.topic_term)[:, None], len(names), axis=1)
    gamma = start.alpha + start.document_topic * matrix.lengths[:, None]
    for done in range(1, iterations + 1):
        expected, likelihood = _expected(counts, places, logs, gamma, start.alpha)
        for topic in range(k):
            sums = expected[topic].sum(axis=1, keepdims=True)
            smooth = eta * sums / max(sums.sum(), 1e-300)
            logs[topic] = random_walk(expected[topic] + smooth, logs[topic], variance)
        if report:
            report(done, iterations, likelihood / max(counts.sum(), 1))
    topics = _softmax(logs)
    weights = expected.sum(axis=2, keepdims=True)
    weights = numpy.where(weights.sum(axis=1, keepdims=True) > 0, weights, 1.0)
    by_period = topics.astype(numpy.float32)
    return DtmModel.from_probabilities(
        matrix,
        (topics * weights).sum(axis=1) / weights.sum(axis=1),
        weights_in(matrix.counts, places, by_period, start.alpha),
        {
            "k": k,
            "date": date,
            "every": every,
            "periods": names,
            "variance": variance,
            "eta": eta,
            "iterations": iterations,
            "start_iterations": _START_ITERATIONS,
            "seed": seed,
        },
        by_topic={
            "alpha": start.alpha,
            "period_topic_term": by_period,
            "npmi": _coherences(matrix, places, topics),
        },
        by_term={"document_period": places},
    )


def _dated(
    matrix: DocumentTermMatrix, by: str, every: str
) -> "tuple[DocumentTermMatrix, list[str], Array]":
    """The documents with a date, the names of all periods, and the period of each document."""
    import numpy

    found = numpy.array(group_names(matrix, by), dtype=object)
    dated = found != ""
    if not dated.all():
        logger.info(_("%s without a date left out"), plural(int((~dated).sum()), "document"))
    if not matrix.lengths[dated].any():
        raise KorpusError(_("no document has a date and tokens"))
    names = sorted(set(found[dated]))
    periods = all_periods(names[0], names[-1], every)
    if len(names) == 1:
        logger.warning(_("all documents are of one period: nothing changes over time"))
    elif len(names) < len(periods):
        logger.info(_("%s without documents"), plural(len(periods) - len(names), "period"))
    number = {name: place for place, name in enumerate(periods)}
    places = numpy.array([number[name] for name in found[dated]], dtype=numpy.int64)
    if not dated.all():
        matrix = matrix.select_documents(dated)
        matrix = matrix.select_terms(matrix.term_frequency > 0)
    return matrix, periods, places


def _expected(
    counts: "csr_matrix", places: "Array", logs: "Array", gamma: "Array", alpha: "Array"
) -> "tuple[Array, float]":
    """The expected counts of terms (k × periods × terms), and the log-likelihood of all tokens.

    Updates `gamma`, the variational parameters of the documents, in place; see `fold_in`.
    """
    import numpy
    from scipy.sparse import csr_matrix
    from scipy.special import psi

    expected = numpy.zeros_like(logs)
    likelihood = 0.0
    for period in numpy.unique(places).tolist():
        chosen = numpy.flatnonzero(places == period)
        chunk, own = counts[chosen], gamma[chosen]
        topics = _softmax(logs[:, period])
        by_term = numpy.ascontiguousarray(topics.T)
        rows = numpy.repeat(numpy.arange(len(chosen)), numpy.diff(chunk.indptr))
        for _update in range(_UPDATES):
            weight = numpy.exp(psi(own) - psi(own.sum(axis=1, keepdims=True)))
            norm = numpy.einsum("ij,ij->i", weight[rows], by_term[chunk.indices])
            shares = csr_matrix(
                (chunk.data / (norm + 1e-100), chunk.indices, chunk.indptr), chunk.shape
            )
            own = alpha + weight * (shares @ by_term)
        gamma[chosen] = own
        expected[:, period] = topics * (shares.T @ weight).T
        means = own / own.sum(axis=1, keepdims=True)
        predicted = numpy.einsum("ij,ij->i", means[rows], by_term[chunk.indices])
        likelihood += float(chunk.data @ numpy.log(predicted + 1e-100))
    return expected, likelihood


def _softmax(logs: "Array") -> "Array":
    import numpy

    shares = numpy.exp(logs - logs.max(axis=-1, keepdims=True))
    found: Array = shares / shares.sum(axis=-1, keepdims=True)
    return found


def _coherences(matrix: DocumentTermMatrix, places: "Array", topics: "Array") -> "Array":
    """NPMI of each topic's first terms in the documents of each period, k × periods."""
    import numpy

    found = numpy.full(topics.shape[:2], numpy.nan)
    ends = matrix.lengths.cumsum()
    for period in numpy.unique(places).tolist():
        rows = numpy.flatnonzero((places == period) & (matrix.lengths > 0))
        if not len(rows):
            continue
        numbers = [matrix.numbers[ends[row] - matrix.lengths[row] : ends[row]] for row in rows]
        occurs = numpy.bincount(numpy.concatenate(numbers), minlength=len(matrix.terms)) > 0
        texts = [[matrix.terms[number] for number in text] for text in numbers]
        first = []
        for weights in topics[:, period]:
            order = numpy.argsort(-weights, kind="stable")[:_TOP]
            first.append([[matrix.terms[column] for column in order if occurs[column]]])
        found[:, period] = coherence([first], texts, "c_npmi")[0]
    return found
