"""The stage choose-k: compare numbers of topics."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import compress
from math import isnan, nan
from statistics import mean
from typing import TYPE_CHECKING

from korpus.checks import check_choice, check_least
from korpus.documents.cuts import UNITS
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, plural
from korpus.models.kiwi_vectors import vectors as kiwi_vectors
from korpus.models.report import Report
from korpus.models.topics.covariates import columns_of, group_names
from korpus.models.topics.dtm import fit_dtm
from korpus.models.topics.embed import fit_embed, term_vectors_of
from korpus.models.topics.lda import fit_lda
from korpus.models.topics.lda_options import LdaOptions
from korpus.models.topics.nmf import fit_nmf
from korpus.models.topics.quality import TopTerms, coherence, diversity, perplexity, stability
from korpus.models.topics.stm import fit_stm
from korpus.models.topics.suggest_k import log_suggestion
from korpus.models.topics.topic_model import TopicModel
from korpus.models.vector_model import VectorModel
from korpus.records import Record, Row, Table, tokenized
from korpus.tokens import DocumentTermMatrix, document_term_matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

logger = logging.getLogger("korpus")

METHODS = ("lda", "nmf", "plsa", "stm", "embed", "dtm")
COLUMNS = ["k", "npmi", "c_v", "perplexity", "diversity", "stability"]
_ITERATIONS = {"dtm": 20}
_HELD_OUT = 10  # one document in ten


def choose_k(
    documents: Iterable[Record],
    ks: Sequence[int],
    *,
    method: str = "lda",
    date: str | None = None,
    every: str = "month",
    vectors: VectorModel | None = None,
    runs: int = 3,
    iterations: int | None = None,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    seed: int = 0,
    jobs: int = 1,
    report: Report | None = None,
) -> Table:
    """Compare numbers of topics and log a suggestion. Needs the whole input; holds its tokens.

    `ks`: numbers of topics. `method`: lda (tomotopy), nmf (Frobenius), plsa, stm (without a
    formula), embed (see `topics_embed`), by `vectors` (default: Kiwi's), or dtm, by `date` and
    `every`. `runs`: models per number, with seeds from `seed` on; the measures are their means.
    `iterations`: per model (default: 200, dtm 20; embed has none).
    `min_df`, `max_df`: see `document_term_matrix`. `jobs`: see `fit_lda`. `report`: called after
    each model with models done and their total.

    One document in ten is held out of the fit for the perplexity, which counts terms of the other
    documents only. For the suggestion see `log_suggestion` and `suggested`.
    Columns in: `id`, `tokens`. Out: `k`, `npmi` and `c_v` (see `coherence`; first 10 terms, on all
    documents), `perplexity` (lda only; see `perplexity`), `diversity` (first 25 terms), `stability`
    (first 10 terms; empty for a single run).
    Raises UsageError for an option out of range, KorpusError if a k is too large.
    """
    check_choice("--method", method, METHODS)
    check_dates(method, date, every)
    if iterations is None:
        iterations = _ITERATIONS.get(method, 200)
    least = {"range": min(ks, default=0), "runs": runs, "iterations": iterations, "jobs": jobs}
    for option, number in least.items():
        check_least(f"--{option}", number, 1)
    texts: list[list[str]] = []
    keep = columns_of([f"{date}:{every}"]) if date else []
    matrix = document_term_matrix(_kept(documents, texts), min_df=min_df, max_df=max_df, keep=keep)
    if date:
        matrix, texts = _dated(matrix, texts, f"{date}:{every}")
    train, held_out = _split(matrix, seed)
    fitted_on = len(train.lengths)
    if max(ks) > min(fitted_on, len(train.terms)):
        raise KorpusError(
            _(
                "--range goes up to {k}, but the fit has {documents} (one in ten is held out) "
                "and {terms}"
            ).format(
                k=max(ks),
                documents=plural(fitted_on, "document"),
                terms=plural(len(train.terms), "term"),
            ),
            _("lower the end of the range"),
        )
    points = term_vectors_of(train, vectors or kiwi_vectors()) if method == "embed" else ()
    terms: list[list[TopTerms]] = [[] for _k in ks]
    perplexities: list[list[float]] = [[] for _k in ks]
    diversities: list[list[float]] = [[] for _k in ks]
    for index, k in enumerate(ks):
        for run in range(runs):
            run_seed = (seed + run) % 2**32
            fitted: TopicModel
            if method == "lda":
                options = LdaOptions(k, iterations=iterations, seed=run_seed, jobs=jobs)
                fitted = lda_model = fit_lda(replace(train), options)
                perplexities[index].append(perplexity(lda_model, held_out, seed))
            elif method == "stm":
                fitted = fit_stm(train, formula=None, k=k, iterations=iterations, seed=run_seed)
            elif method == "embed":
                fitted = fit_embed(train, *points, k=k, seed=run_seed)
            elif date:
                fitted = fit_dtm(
                    train, date=date, every=every, k=k, iterations=iterations, seed=run_seed
                )
            else:
                loss = "kl" if method == "plsa" else "frobenius"
                fitted = fit_nmf(train, k=k, loss=loss, iterations=iterations, seed=run_seed)
            terms[index].append(_top_terms(fitted, 10))
            diversities[index].append(diversity(_top_terms(fitted, 25)))
            if report:
                report(index * runs + run + 1, len(ks) * runs)
    npmi, c_v = (coherence(terms, texts, measure) for measure in ("c_npmi", "c_v"))
    rows: list[Row] = [
        (
            k,
            _mean(npmi[index]),
            _mean(c_v[index]),
            _mean(perplexities[index]),
            _mean(diversities[index]),
            stability(terms[index]) if runs > 1 else None,
        )
        for index, k in enumerate(ks)
    ]
    if method == "lda" and rows[0][3] is None:
        logger.info(_("no perplexity: with fewer than ten documents none is held out"))
    log_suggestion(rows, npmi, fitted_on)
    return Table(COLUMNS, lambda: rows)


def _mean(values: list[float]) -> float | None:
    """The mean, or None if it is undefined."""
    found = mean(values) if values else nan
    return None if isnan(found) else found


def check_dates(method: str, date: str | None, every: str) -> None:
    """Raise UsageError unless there is a column of dates where the method needs one."""
    if (method == "dtm") != (date is not None):
        raise UsageError(
            _("--method dtm needs --date, and only it does"),
            _("such as: {example}").format(example="--method dtm --date date --every year"),
        )
    check_choice("--every", every, UNITS)


def _dated(
    matrix: DocumentTermMatrix, texts: list[list[str]], by: str
) -> tuple[DocumentTermMatrix, list[list[str]]]:
    """The documents with a date, and their tokens. Logs how many others there are."""
    import numpy

    dated = numpy.array([name != "" for name in group_names(matrix, by)])
    if dated.all():
        return matrix, texts
    logger.info(_("%s without a date left out"), plural(int((~dated).sum()), "document"))
    return matrix.select_documents(dated), list(compress(texts, dated.tolist()))


def _kept(documents: Iterable[Record], texts: list[list[str]]) -> Iterator[Record]:
    """Pass on the documents, and append their tokens to `texts`."""
    for record in tokenized(documents):
        texts.append(record["tokens"])
        yield record


def _split(matrix: DocumentTermMatrix, seed: int) -> "tuple[DocumentTermMatrix, csr_matrix]":
    """The documents to fit and the counts of those held out, with the terms of the former."""
    import numpy

    documents = len(matrix.lengths)
    held_out = numpy.zeros(documents, dtype=bool)
    chosen = numpy.random.default_rng(seed).permutation(documents)[: documents // _HELD_OUT]
    held_out[chosen] = True
    train = matrix.select_documents(~held_out)
    occurs = train.term_frequency > 0
    return train.select_terms(occurs), matrix.select_documents(held_out).select_terms(occurs).counts


def _top_terms(model: TopicModel, top: int) -> TopTerms:
    topics: TopTerms = [[] for _share in model.shares]
    for topic, _rank, term, *_values in model.topic_terms(top=top).rows:
        topics[topic - 1].append(term)
    return topics
