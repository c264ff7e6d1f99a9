"""The stages nmf and plsa: non-negative matrix factorisation (Lee & Seung 1999).

With Kullback–Leibler divergence on counts it is probabilistic latent semantic analysis
(Hofmann 1999; Gaussier & Goutte 2005, Ding, Li & Peng 2008, on why).
"""

import io
import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from typing import TYPE_CHECKING, Any

from korpus.errors import UsageError
from korpus.messages import plural
from korpus.models.tfidf import DEFAULTS, tfidf_of
from korpus.models.topics.topic_model import TopicModel, check_topics, probabilities_model
from korpus.records import Record
from korpus.tokens import DocumentTermMatrix, Part, document_term_matrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

Report = Callable[[int, int], None]  # updates done, and at most to do

LOSSES = ("frobenius", "kl")


def nmf(
    documents: Iterable[Record] | Iterable[Part],
    *,
    k: int = 20,
    loss: str = "frobenius",
    iterations: int = 200,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    seed: int = 0,
    report: Report | None = None,
) -> TopicModel:
    """Fit k topics by NMF. Needs the whole input; holds its counts.

    `loss`: frobenius, on TF-IDF (`fit_tfidf`'s defaults); kl, on counts, which is PLSA.
    `iterations`: at most so many updates; fewer where the loss stops falling.
    `report`: called as it goes with updates done and at most to do.
    `min_df`, `max_df`: see `document_term_matrix`. By scikit-learn's NMF, from the singular vectors
    (nndsvda, Boutsidis & Gallopoulos 2008), `seed` that of its randomized SVD.

    Columns in: `id`, `tokens`. In the model terms sum to 1 in each topic and topics in each
    document; a document without terms has the topics' shares of the corpus.
    Raises UsageError for an unknown loss, KorpusError where no term is left or k is too large.
    """
    _check(loss, iterations)
    matrix = document_term_matrix(documents, min_df=min_df, max_df=max_df)
    model = fit_nmf(matrix, k=k, loss=loss, iterations=iterations, seed=seed, report=report)
    model.options |= {"min_df": min_df, "max_df": max_df}
    return model


def plsa(
    documents: Iterable[Record] | Iterable[Part],
    *,
    k: int = 20,
    iterations: int = 200,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    seed: int = 0,
    report: Report | None = None,
) -> TopicModel:
    """Fit k topics by PLSA: `nmf` with the loss kl. See there for the options.

    Columns in: `id`, `tokens`.
    """
    return nmf(
        documents,
        k=k,
        loss="kl",
        iterations=iterations,
        min_df=min_df,
        max_df=max_df,
        seed=seed,
        report=report,
    )


def fit_nmf(
    matrix: DocumentTermMatrix,
    *,
    k: int = 20,
    loss: str = "frobenius",
    iterations: int = 200,
    seed: int = 0,
    report: Report | None = None,
) -> TopicModel:
    """Fit NMF to counts; see `nmf`."""
    from sklearn.decomposition import NMF

    check_topics(k, matrix)
    kind = "plsa" if loss == "kl" else "nmf"
    weighting = tfidf_of(matrix, DEFAULTS)
    values = matrix.counts.astype(float) if loss == "kl" else weighting.weigh(matrix.counts)[1]
    factors = NMF(
        k,
        init="nndsvda",
        max_iter=iterations,
        random_state=seed,
        verbose=report is not None,
        **_method(kind),
    )
    with (
        _reported(report, iterations, 10 if loss == "kl" else 1) if report else nullcontext(),
        warnings.catch_warnings(action="ignore"),  # of what is said below, and of perfect fits
    ):
        document_topic = factors.fit_transform(values)
    if factors.n_iter_ == iterations and factors.reconstruction_err_ > 1e-6:
        logger.info("k = %d: %d updates did not settle it; more: --iterations N", k, iterations)
    else:
        logger.debug("k = %d: settled after %s", k, plural(factors.n_iter_, "update"))
    scale = factors.components_.sum(axis=1)
    topic_term = _rows_to_one(factors.components_)
    # A topic that fell to nothing, as where terms always occur together, is the corpus itself.
    topic_term[scale == 0] = matrix.term_frequency / matrix.term_frequency.sum()
    return probabilities_model(
        kind,
        matrix,
        topic_term,
        _rows_to_one(document_topic * scale),
        {"k": k, "loss": loss, "iterations": iterations, "seed": seed},
        by_term={} if loss == "kl" else {"idf": weighting.idf},
    )


@contextmanager
def _reported(report: Report, iterations: int, updates: int) -> Iterator[None]:
    """Tell of progress by what scikit-learn prints, a line after so many updates."""

    class Printed(io.StringIO):
        lines = 0

        def write(self, text: str) -> int:
            self.lines += text.count("\n")
            if "\n" in text and self.lines * updates < iterations:  # the last line comes twice
                report(self.lines * updates, iterations)
            return len(text)

    with redirect_stdout(Printed()):
        yield


def document_weights(kind: str, values: Any, topic_term: "Array") -> "Array":
    """P(topic | document) of rows by fixed topics; zeros where a document has no weight at all.

    `values`: TF-IDF for nmf, counts for plsa (CSR, documents × terms), each fitted by itself.
    """
    from sklearn.decomposition import non_negative_factorization

    if not values.nnz:  # which scikit-learn refuses
        import numpy

        return numpy.zeros((values.shape[0], len(topic_term)))
    weights, _, _ = non_negative_factorization(
        values,
        H=topic_term,
        n_components=len(topic_term),
        update_H=False,
        tol=0,  # a fixed number of updates, so that no document depends on the others
        max_iter=100,
        **_method(kind),
    )
    return _rows_to_one(weights)


def _check(loss: str, iterations: int) -> None:
    if loss not in LOSSES:
        raise UsageError(f"--loss {loss} is unknown", f"one of: {', '.join(LOSSES)}")
    if iterations < 1:
        raise UsageError(f"--iterations {iterations} is less than 1")


def _method(kind: str) -> dict[str, str]:
    if kind == "plsa":
        return {"solver": "mu", "beta_loss": "kullback-leibler"}
    return {"solver": "cd", "beta_loss": "frobenius"}


def _rows_to_one(values: "Array") -> "Array":
    import numpy

    sums = values.sum(axis=1, keepdims=True)
    scaled: Array = values / numpy.where(sums == 0, 1, sums)
    return scaled
