"""The stages nmf and plsa: non-negative matrix factorisation (Lee & Seung 1999).

With Kullback–Leibler divergence on counts it is probabilistic latent semantic analysis (Hofmann
1999; for the equivalence see Gaussier & Goutte 2005 and Ding, Li & Peng 2008).
"""

import logging
import warnings
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, ClassVar

from korpus.checks import check_choice, check_least
from korpus.files.model_files import ArraySpec
from korpus.messages import _, plural
from korpus.models.blas import one_blas_thread
from korpus.models.library_internals import nmf_progress
from korpus.models.report import Report
from korpus.models.term_model import Options
from korpus.models.topics.numbers import check_topics
from korpus.models.topics.topic_model import TOPIC_ARRAYS, TopicModel
from korpus.models.weighting import Weighting
from korpus.records import Record
from korpus.tokens import DocumentTermMatrix, Part, document_term_matrix

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

LOSSES = ("frobenius", "kl")
# scikit-learn's solver and loss.
_FROBENIUS = {"solver": "cd", "beta_loss": "frobenius"}
_KL = {"solver": "mu", "beta_loss": "kullback-leibler"}
_UPDATES_PER_LINE = {"cd": 1, "mu": 10}  # of what scikit-learn prints


@dataclass(kw_only=True, eq=False, repr=False)
class NmfModel(TopicModel):
    """A fitted NMF model of TF-IDF. `idf`: float64, per term."""

    kind: ClassVar[str] = "nmf"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = TOPIC_ARRAYS | {"idf": ("float64", "v")}

    idf: "Array"

    def document_weights(self, counts: "csr_matrix") -> "Array":
        """P(topic | document), float64, documents × k; the topics' shares where it is undefined."""
        values = Weighting().weigh(counts, self.idf)[1]
        return _factored(values, self.topic_term, self.shares, _FROBENIUS)


@dataclass(kw_only=True, eq=False, repr=False)
class PlsaModel(TopicModel):
    """A fitted PLSA model, which is NMF of counts with Kullback–Leibler divergence."""

    kind: ClassVar[str] = "plsa"

    def certainty(self) -> "Array":
        """The tokens of each document: of the posterior of its shares without a prior."""
        return self.document_tokens.astype(float)

    def document_weights(self, counts: "csr_matrix") -> "Array":
        """P(topic | document), float64, documents × k; the topics' shares where it is undefined."""
        return _factored(counts.astype(float), self.topic_term, self.shares, _KL)


def nmf(
    documents: Iterable[Record] | Iterable[Part],
    *,
    k: int = 20,
    loss: str = "frobenius",
    iterations: int = 200,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    keep: str | Iterable[str] = (),
    seed: int = 0,
    report: Report | None = None,
) -> TopicModel:
    """Fit k topics by NMF. Needs the whole input; holds its counts.

    `loss`: frobenius, on scikit-learn's TF-IDF; kl, on counts, which is PLSA. `iterations`:
    maximum number of updates; the fit stops earlier when the loss stops falling. `min_df`,
    `max_df`, `keep`: see `document_term_matrix`. `seed`: of the randomized SVD that the fit starts
    from (nndsvda, Boutsidis & Gallopoulos 2008). `report`: called with updates done and their
    maximum.

    Columns in: `id`, `tokens`. In the model, the terms of each topic and the topics of each
    document sum to 1; a document without terms gets the topics' shares.
    Raises UsageError for an unknown loss, KorpusError if no term is left or k is too large.
    """
    check_choice("--loss", loss, LOSSES)
    check_least("--iterations", iterations, 1)
    matrix = document_term_matrix(documents, min_df=min_df, max_df=max_df, keep=keep)
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
    keep: str | Iterable[str] = (),
    seed: int = 0,
    report: Report | None = None,
) -> TopicModel:
    """Fit k topics by PLSA: `nmf` with loss kl. Needs the whole input; holds its counts.

    Columns in: `id`, `tokens`. For options and errors see `nmf`.
    """
    return nmf(
        documents,
        k=k,
        loss="kl",
        iterations=iterations,
        min_df=min_df,
        max_df=max_df,
        keep=keep,
        seed=seed,
        report=report,
    )


@one_blas_thread
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
    is_plsa = loss == "kl"
    method = _KL if is_plsa else _FROBENIUS
    weighting = Weighting()
    if is_plsa:
        values = matrix.counts.astype(float)
    else:
        idf = weighting.idf_of(matrix.document_frequency, len(matrix.lengths))
        values = weighting.weigh(matrix.counts, idf)[1]
    factors = NMF(
        k,
        init="nndsvda",
        max_iter=iterations,
        random_state=seed,
        verbose=report is not None,
        **method,
    )
    per_line = _UPDATES_PER_LINE[method["solver"]]

    def seen(lines: int) -> None:
        if report and lines * per_line < iterations:  # the last line is printed twice
            report(lines * per_line, iterations)

    with (
        nmf_progress(seen) if report else nullcontext(),
        warnings.catch_warnings(action="ignore"),  # no convergence (logged below), perfect fits
    ):
        document_topic = factors.fit_transform(values)
    if factors.n_iter_ == iterations and factors.reconstruction_err_ > 1e-6:
        logger.info(
            _("k = %d: not converged after %d updates; allow more with --iterations"), k, iterations
        )
    else:
        logger.debug(_("k = %d: converged after %s"), k, plural(factors.n_iter_, "update"))
    scale = factors.components_.sum(axis=1)
    topic_term = _rows_to_one(factors.components_)
    # An empty topic, as where terms always occur together, gets the frequencies of the corpus.
    topic_term[scale == 0] = matrix.term_frequency / matrix.term_frequency.sum()
    document_topic = _rows_to_one(document_topic * scale)
    options: Options = {
        "k": k,
        "loss": loss,
        **method,
        "init": "nndsvda",
        "iterations": iterations,
        "updates": factors.n_iter_,
        "seed": seed,
    }
    if is_plsa:
        return PlsaModel.from_probabilities(matrix, topic_term, document_topic, options)
    return NmfModel.from_probabilities(
        matrix,
        topic_term,
        document_topic,
        {**options, **asdict(weighting)},
        by_term={"idf": idf},
    )


@one_blas_thread
def _factored(
    values: "csr_matrix", topic_term: "Array", shares: "Array", method: dict[str, str]
) -> "Array":
    """P(topic | document) with fixed topics, each document by itself; else the topics' shares.

    `values`: CSR, documents × terms: TF-IDF for nmf, counts for plsa.
    """
    import numpy
    from sklearn.decomposition import non_negative_factorization

    if values.nnz:
        weights, *_rest = non_negative_factorization(
            values,
            H=topic_term,
            n_components=len(topic_term),
            update_H=False,
            tol=0,  # a fixed number of updates, so that documents do not affect each other
            max_iter=100,
            **method,
        )
    else:  # scikit-learn refuses these
        weights = numpy.zeros((values.shape[0], len(topic_term)))
    weights = _rows_to_one(weights)
    weights[weights.sum(axis=1) == 0] = shares
    return weights


def _rows_to_one(values: "Array") -> "Array":
    """Each row divided by its sum; rows of zeros stay."""
    import numpy

    sums = values.sum(axis=1, keepdims=True)
    scaled: Array = values / numpy.where(sums == 0, 1, sums)
    return scaled
