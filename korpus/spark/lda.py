"""LDA on a cluster, by MLlib: online variational Bayes (Hoffman, Blei & Bach 2010)."""

import math
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from korpus.checks import check_least
from korpus.models.blas import one_blas_thread
from korpus.models.report import Report
from korpus.models.topics.fold_in import fold_in
from korpus.models.topics.lda_model import LdaModel
from korpus.models.topics.lda_options import LdaOptions
from korpus.models.topics.numbers import check_number
from korpus.spark.documents import Documents
from korpus.spark.vectors import located, refuse, vectors
from korpus.spark.vocabulary import vocabulary
from korpus.spark.work import failing

if TYPE_CHECKING:
    import numpy
    from pyspark.sql import DataFrame
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

_PASSES = 10  # as gensim and scikit-learn here
# A mini-batch: this many documents, or this share of more of them. The learning rate of the
# t-th is (offset + t) ** -decay. gensim's starts at 1 and stops falling after its first pass, at
# about 1 / 5: these values come near to that. Its own decay of 0.5, over all passes, learns less.
_BATCH, _SHARE = 2000, 0.05
_OFFSET, _DECAY = 0.001, 0.33
# MLlib starts all documents of a partition of a mini-batch at the same random topics, which
# topics then inherit: a partition is this many documents, as far as there are not too many tasks.
_DOCUMENTS, _PARTITIONS = 500, 32


def lda(
    documents: Documents,
    *,
    k: int | None,
    engine: str,
    alpha: float | None,
    eta: float | None,
    iterations: int | None,
    passes: int | None,
    min_df: int | float,
    max_df: int | float,
    keep: str | Iterable[str],
    seed: int,
    jobs: int,
    seeds: Any,
    hierarchical: bool,
    by: Any,
    report: Report | None,
) -> LdaModel:
    """Fit a topic model on a cluster by MLlib; called by `korpus.lda` with its options.

    The priors `alpha` and `eta` are 1 / k by default and are not learned. The topic shares of all
    documents are sent to this machine, which needs 4 bytes per document and topic. Raises
    UsageError for options that MLlib has not.
    """
    refuse(
        "lda",
        {
            "--seeds": bool(seeds),
            "--hierarchical": hierarchical,
            "--by": bool(by),
            "--iterations": iterations is not None,
            "--engine": engine != "tomotopy",
            "--jobs": jobs != 1,
        },
    )
    import numpy
    import pyspark
    from scipy.special import psi

    k = 20 if k is None else k
    LdaOptions(k=k, engine="gensim", alpha=alpha, eta=eta, passes=passes, seed=seed)  # checks
    check_least("--passes", passes, 1)
    found = vocabulary(documents, min_df=min_df, max_df=max_df)
    check_number(k, found.documents, len(found.terms))
    alpha = 1 / k if alpha is None else alpha
    eta = 1 / k if eta is None else eta
    passes = _PASSES if passes is None else passes
    share = min(1.0, max(_SHARE, _BATCH / found.documents))
    options = {
        "k": k,
        "alpha": alpha,
        "eta": eta,
        "passes": passes,
        "iterations": math.ceil(passes / share),
        "batch_share": share,
        "learning_offset": _OFFSET,
        "learning_decay": _DECAY,
        "seed": seed,
    }
    partitions = min(_PARTITIONS, math.ceil(found.documents / _DOCUMENTS))
    rows = vectors(documents, found.terms, partitions=partitions)
    components = fit(rows, options)
    totals = components.sum(axis=1, keepdims=True)
    weights = numpy.exp(psi(components) - psi(totals))
    prior = numpy.full(k, alpha)
    fitted, shares = located(rows, found, partial(_shares, weights, prior))
    model = LdaModel.from_probabilities(
        fitted,
        components / totals,
        shares,
        {},
        by_topic={"alpha": prior, "word_weight": weights},
    )
    model.options |= {"engine": "spark", "alpha_learned": False, **options}
    model.options |= {"partitions": rows.rdd.getNumPartitions(), "spark": pyspark.__version__}
    model.options |= {"min_df": min_df, "max_df": max_df}
    return model


def fit(rows: "DataFrame", options: dict[str, Any]) -> "Array":
    """The parameters of the topics' Dirichlet distributions, k × terms, by MLlib's LDA."""
    from pyspark.ml.clustering import LDA

    engine = LDA(
        featuresCol="vector",
        optimizer="online",
        k=options["k"],
        maxIter=options["iterations"],
        seed=options["seed"],
        learningOffset=options["learning_offset"],
        learningDecay=options["learning_decay"],
        subsamplingRate=options["batch_share"],
        docConcentration=[options["alpha"]],
        topicConcentration=options["eta"],
        optimizeDocConcentration=False,
    )
    with failing():
        found: Array = engine.fit(rows).topicsMatrix().toArray().T
    return found


@one_blas_thread
def _shares(weights: "Array", prior: "Array", counts: "csr_matrix") -> "Array":
    return fold_in(counts, weights, prior)
