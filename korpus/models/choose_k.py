"""The stage choose-k: how many topics."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import mean, stdev
from typing import Any

from korpus.errors import UsageError
from korpus.models.lda import LdaOptions, fit_lda
from korpus.models.nmf import fit_nmf
from korpus.models.quality import coherence, diversity, perplexity, stability
from korpus.models.topics import TopicModel, topic_terms
from korpus.records import Record, Row, Table, tokenized
from korpus.tokens import Matrix, document_term_matrix

logger = logging.getLogger("korpus")

MODELS = ("lda", "nmf")
COLUMNS = ["k", "npmi", "c_v", "perplexity", "diversity", "stability"]
_HELD_OUT = 10  # one document in ten
_TERMS = 10  # a topic that are compared


def choose_k(
    documents: Iterable[Record],
    ks: Sequence[int],
    *,
    model: str = "lda",
    runs: int = 3,
    iterations: int | None = None,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    seed: int = 0,
    jobs: int = 1,
    report: Callable[[int, int], None] | None = None,
) -> Table:
    """Compare numbers of topics. Needs the whole input; holds tokens and counts.

    `ks`: the numbers. `model`: lda (tomotopy) or nmf (Frobenius). `runs`: models a number, with
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
    if model not in MODELS:
        raise UsageError(f"--model {model} is unknown", f"one of: {', '.join(MODELS)}")
    for option, number in (("--runs", runs), ("--range", min(ks, default=0))):
        if number < 1:
            raise UsageError(f"{option} {number} is less than 1")
    texts: list[list[str]] = []
    matrix = document_term_matrix(_kept(documents, texts), min_df=min_df, max_df=max_df)
    train, held_out = _split(matrix, seed)
    iterations = 200 if iterations is None else iterations
    models: list[list[TopicModel]] = []
    for k in ks:
        models.append([])
        for run in range(runs):
            if model == "lda":
                options = LdaOptions(k, iterations=iterations, seed=seed + run, jobs=jobs)
                models[-1].append(fit_lda(train, options))
            else:
                models[-1].append(fit_nmf(train, k=k, iterations=iterations, seed=seed + run))
            if report:
                report(sum(map(len, models)), len(ks) * runs)
    terms = [[_first_terms(each, _TERMS) for each in fitted] for fitted in models]
    npmi, c_v = (coherence(terms, texts, measure) for measure in ("c_npmi", "c_v"))
    rows: list[Row] = [
        (
            k,
            mean(npmi[place]),
            mean(c_v[place]),
            mean(perplexity(each, held_out, seed) for each in models[place])
            if model == "lda"
            else None,
            mean(diversity(_first_terms(each, 25)) for each in models[place]),
            stability(terms[place]),
        )
        for place, k in enumerate(ks)
    ]
    errors = [stdev(values) / len(values) ** 0.5 if runs > 1 else 0.0 for values in npmi]
    k, reason = suggested(rows, errors)
    logger.info("suggested: -k %d, %s", k, reason)
    return Table(COLUMNS, lambda: rows)


def suggested(rows: list[Row], errors: list[float]) -> tuple[int, str]:
    """A number of topics and the reason for it.

    `rows`: those of `choose_k`. `errors`: standard error of each row's NPMI over the runs. Of the
    numbers whose NPMI is within one standard error of the highest, the most stable one.
    """
    best = max(range(len(rows)), key=lambda place: rows[place][1])
    close = [row for row in rows if row[1] >= rows[best][1] - errors[best]]
    chosen = max(close, key=lambda row: (row[5], row[1]))
    highest = f"NPMI {rows[best][1]:.3f} is the highest"
    if chosen is rows[best]:
        return chosen[0], highest
    return chosen[0], (
        f"the most stable ({chosen[5]:.2f}) of those as coherent as the best: "
        f"NPMI {chosen[1]:.3f}, and {rows[best][1]:.3f} for {rows[best][0]}, ± {errors[best]:.3f}"
    )


def _kept(documents: Iterable[Record], texts: list[list[str]]) -> Iterator[Record]:
    for record in tokenized(documents):
        texts.append(record["tokens"])
        yield record


def _split(matrix: Matrix, seed: int) -> tuple[Matrix, Any]:
    """The documents to fit, and the counts of those held out, both in the terms of the former."""
    import numpy

    documents = len(matrix.ids)
    held_out = numpy.zeros(documents, dtype=bool)
    chosen = numpy.random.default_rng(seed).permutation(documents)[: documents // _HELD_OUT]
    held_out[chosen] = True
    ids = [name for name, out in zip(matrix.ids, held_out, strict=True) if not out]
    seen = matrix.counts[~held_out].getnnz(axis=0) > 0
    counts = matrix.counts[:, seen]
    terms = [matrix.terms[column] for column in numpy.flatnonzero(seen)]
    return replace(matrix, counts=counts[~held_out], terms=terms, ids=ids), counts[held_out]


def _first_terms(model: TopicModel, top: int) -> list[list[str]]:
    topics: list[list[str]] = [[] for _ in range(len(model.shares))]
    for topic, _, term, _, _ in topic_terms(model, top=top).rows:
        topics[topic - 1].append(term)
    return topics
