"""The stage choose-k: how many topics."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import isnan, nan
from statistics import mean, stdev
from typing import Any

from korpus.errors import KorpusError, UsageError
from korpus.messages import plural
from korpus.models.topics.lda import LdaOptions, fit_lda
from korpus.models.topics.nmf import fit_nmf
from korpus.models.topics.quality import coherence, diversity, perplexity, stability
from korpus.models.topics.topic_model import TopicModel, topic_terms
from korpus.records import Record, Row, Table, tokenized
from korpus.tokens import DocumentTermMatrix, document_term_matrix

logger = logging.getLogger("korpus")

METHODS = ("lda", "nmf")
COLUMNS = ["k", "npmi", "c_v", "perplexity", "diversity", "stability"]
_HELD_OUT = 10  # one document in ten


def choose_k(
    documents: Iterable[Record],
    ks: Sequence[int],
    *,
    method: str = "lda",
    runs: int = 3,
    iterations: int | None = None,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    seed: int = 0,
    jobs: int = 1,
    report: Callable[[int, int], None] | None = None,
) -> Table:
    """Compare numbers of topics. Needs the whole input; holds tokens and counts.

    `ks`: the numbers. `method`: lda (tomotopy) or nmf (Frobenius). `runs`: models a number, with
    seeds from `seed` on; the measures are means of them. `iterations`: of each model; by default
    200. `min_df`, `max_df`: see `document_term_matrix`. `jobs`: see `fit_lda`. `report`: called
    after each model with models done and in all.

    One document in ten is held out of the fit for the perplexity, of terms seen in the others. The
    number that is suggested is logged, see `suggested`.
    Columns in: `id`, `tokens`. Out: `k`, `npmi` and `c_v` (see `coherence`; first 10 terms, over
    all documents), `perplexity` (lda; see `perplexity`), `diversity` (first 25 terms), `stability`
    (first 10 terms).
    Raises UsageError for an option out of range, KorpusError where a k is too large.
    """
    if method not in METHODS:
        raise UsageError(f"--method {method} is unknown", f"one of: {', '.join(METHODS)}")
    iterations = 200 if iterations is None else iterations
    least = {"range": min(ks, default=0), "runs": runs, "iterations": iterations, "jobs": jobs}
    for option, number in least.items():
        if number < 1:
            raise UsageError(f"--{option} {number} is less than 1")
    texts: list[list[str]] = []
    matrix = document_term_matrix(_kept(documents, texts), min_df=min_df, max_df=max_df)
    train, held_out = _split(matrix, seed)
    fitted_on = len(train.lengths)
    if max(ks) > min(fitted_on, len(train.terms)):
        raise KorpusError(
            f"--range goes up to {max(ks)}, but the fit has {plural(fitted_on, 'document')} "
            f"(one in ten is held out) and {plural(len(train.terms), 'term')}",
            "lower its end",
        )
    terms: list[list[list[list[str]]]] = [[] for _ in ks]
    perplexities: list[list[float]] = [[] for _ in ks]
    diversities: list[list[float]] = [[] for _ in ks]
    for place, k in enumerate(ks):
        for run in range(runs):
            run_seed = (seed + run) % 2**32
            if method == "lda":
                options = LdaOptions(k, iterations=iterations, seed=run_seed, jobs=jobs)
                fitted = fit_lda(replace(train), options)
                perplexities[place].append(perplexity(fitted, held_out, seed))
            else:
                fitted = fit_nmf(train, k=k, iterations=iterations, seed=run_seed)
            terms[place].append(_first_terms(fitted, 10))
            diversities[place].append(diversity(_first_terms(fitted, 25)))
            if report:
                report(place * runs + run + 1, len(ks) * runs)
    npmi, c_v = (coherence(terms, texts, measure) for measure in ("c_npmi", "c_v"))
    rows: list[Row] = [
        (
            k,
            _mean(npmi[place]),
            _mean(c_v[place]),
            _mean(perplexities[place]),
            _mean(diversities[place]),
            stability(terms[place]) if runs > 1 else None,
        )
        for place, k in enumerate(ks)
    ]
    if method == "lda" and rows[0][3] is None:
        logger.info("no perplexity: fewer than ten documents, so none is held out")
    if any(row[1] is None for row in rows):
        logger.info("no suggestion: topics of one term have no coherence")
    else:
        errors = [stdev(values) / runs**0.5 if runs > 1 else 0.0 for values in npmi]
        k, reason = suggested(rows, errors)
        logger.info("suggested: -k %d, %s", k, reason)
    return Table(COLUMNS, lambda: rows)


def suggested(rows: list[Row], errors: list[float]) -> tuple[int, str]:
    """A number of topics and the reason for it.

    `rows`: those of `choose_k`. `errors`: standard error of each row's NPMI over the runs. Of the
    numbers whose NPMI is within one standard error of the highest, the most stable one; of equal
    ones the smallest.
    """
    best = max(range(len(rows)), key=lambda place: round(rows[place][1], 6))
    close = [row for row in rows if row[1] >= rows[best][1] - errors[best] - 1e-6]
    chosen = max(close, key=lambda row: (round(row[5] or 0, 6), round(row[1], 6)))
    reason = f"NPMI {rows[best][1]:.3f} is the highest"
    if chosen is not rows[best]:
        reason = (
            f"the most stable ({chosen[5] or 0:.2f}) of those as coherent as the best: "
            f"NPMI {chosen[1]:.3f}, and {rows[best][1]:.3f} for {rows[best][0]}, "
            f"± {errors[best]:.3f}"
        )
    if len(rows) > 1 and chosen is rows[0] and chosen[0] > 2:
        reason += "; no smaller number was tried"
    if len(rows) > 1 and chosen is rows[-1]:
        reason += "; no larger number was tried"
    return chosen[0], reason


def _mean(values: list[float]) -> float | None:
    """The mean; None where there is none."""
    found = mean(values) if values else nan
    return None if isnan(found) else found


def _kept(documents: Iterable[Record], texts: list[list[str]]) -> Iterator[Record]:
    for record in tokenized(documents):
        texts.append(record["tokens"])
        yield record


def _split(matrix: DocumentTermMatrix, seed: int) -> tuple[DocumentTermMatrix, Any]:
    """The documents to fit, and the counts of those held out, both in the terms of the former."""
    import numpy

    documents = len(matrix.lengths)
    held_out = numpy.zeros(documents, dtype=bool)
    chosen = numpy.random.default_rng(seed).permutation(documents)[: documents // _HELD_OUT]
    held_out[chosen] = True
    train = matrix.of_documents(~held_out)
    seen = train.term_frequency > 0
    return train.of_terms(seen), matrix.of_documents(held_out).of_terms(seen).counts


def _first_terms(model: TopicModel, top: int) -> list[list[str]]:
    topics: list[list[str]] = [[] for _ in range(len(model.shares))]
    for topic, _, term, _, _ in topic_terms(model, top=top).rows:
        topics[topic - 1].append(term)
    return topics
