"""A fitted structural topic model."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from korpus.documents.kept import Cell
from korpus.files.model_files import ArraySpec, Header
from korpus.messages import _, listed, plural
from korpus.models.blas import one_blas_thread
from korpus.models.topics.prevalence import Prevalence
from korpus.models.topics.topic_model import TOPIC_ARRAYS, TopicModel
from korpus.records import Record, Table, tokenized
from korpus.statistics.logistic_normal import Prior, batches, laplace

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")


@dataclass(kw_only=True, eq=False, repr=False)
class StmModel(TopicModel):
    """A structural topic model (Roberts, Stewart & Airoldi 2016).

    The shares of a document are the softmax of η, which is normal: its mean follows from columns of
    the document. Only differences between topics count, as a topic is fixed at 0.

    `coefficients`: float64, k × columns of the design. `factor`: float64, k × (k − 1): F F' is the
    covariance of η. `prior`: float64, k: the mean of η over the fitted documents. `spread`:
    float32, k × (k − 1) × documents: such factors of the covariances of their posteriors.
    """

    kind: ClassVar[str] = "stm"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = {
        **TOPIC_ARRAYS,
        "coefficients": ("float64", "kx"),
        "factor": ("float64", "kr"),
        "prior": ("float64", "k"),
        "spread": ("float32", "krn"),
    }

    coefficients: "Array"
    factor: "Array"
    prior: "Array"
    spread: "Array"

    @property
    def prevalence(self) -> Prevalence:
        """What the shares depend on."""
        return Prevalence.of_json(self.options["prevalence"])

    def posterior(
        self, rows: "Array", generator: "numpy.random.Generator"
    ) -> "Callable[[], Array] | None":
        """See `TopicModel.posterior`; η is normal, by Laplace's approximation."""
        import numpy

        modes = numpy.log(numpy.maximum(self.document_topic[rows].astype(float), 1e-30))
        spread = self.spread[:, :, rows].astype(float)

        def draw() -> "Array":
            noise = generator.standard_normal((len(modes), spread.shape[1]))
            return softmax(modes + numpy.einsum("krn,nr->nk", spread, noise))

        return draw

    def document_weights(self, counts: "csr_matrix") -> "Array":
        """P(topic | document), as of documents about which nothing but their terms is known."""
        import numpy

        return self._shares(counts, numpy.tile(self.prior, (counts.shape[0], 1)))

    def transform(self, records: Iterable[Record]) -> Table:
        """The topics of new documents, by the mean for their columns; see `korpus.infer`.

        The mean of all fitted documents stands in where a document lacks a column, or has a group
        that the fit did not have; such documents are counted and logged. Splines end at the range
        of the fitted documents.
        """
        import numpy

        cells: list[list[Cell]] = []
        prevalence = self.prevalence
        counts, ids = self._known_counts(_with_cells(records, prevalence, cells))
        design, known = prevalence.matrix(cells)
        if not known.all():
            logger.info(
                _("%s without a known value of %s: the mean prior is used"),
                plural(int((~known).sum()), "document"),
                listed(prevalence.variables, 5),
            )
        means = numpy.tile(self.prior, (counts.shape[0], 1))
        means[known] = design @ self.coefficients.T
        weights = self._shares(counts, means).astype(numpy.float32)
        return self._documents_table(ids, weights, numpy.asarray(counts.sum(axis=1)).ravel())

    @one_blas_thread
    def _shares(self, counts: "csr_matrix", means: "Array") -> "Array":
        """The shares at the mode of η. `means`: of its prior, documents × k."""
        factor = self.factor[:-1] - self.factor[-1:]
        prior = Prior(means[:, :-1] - means[:, -1:], factor @ factor.T)
        return softmax(with_reference(posteriors(counts, self.topic_term, prior)[0]))

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """The model of a file; see `TermModel.restored`."""
        model = super().restored(header, arrays)
        k, width = model.coefficients.shape
        if model.factor.shape[1] != k - 1 or model.prevalence.width != width:
            raise ValueError(_("its formula, effects and topics do not agree in number"))
        return model


def posteriors(
    counts: "csr_matrix", topic_term: "Array", prior: Prior, *, spread: bool = False
) -> "tuple[Array, Array | None]":
    """The modes of η, documents × (k − 1), each document by itself, and if asked the `spread`.

    That is as in `StmModel`: the last topic is fixed at 0.
    """
    import numpy

    k = len(topic_term)
    by_term = numpy.ascontiguousarray(topic_term.T)
    modes = numpy.empty((counts.shape[0], k - 1))
    factors = numpy.zeros((k, k - 1, len(modes)), dtype=numpy.float32) if spread else None
    for batch in batches(counts, k):
        found = laplace(batch, by_term, prior)
        modes[batch.rows] = found.modes
        if factors is not None:
            own = numpy.linalg.cholesky(found.covariances)
            factors[:-1, :, batch.rows] = own.transpose(1, 2, 0)
    return modes, factors


def with_reference(eta: "Array") -> "Array":
    """η with the last topic, which is fixed at 0."""
    import numpy

    return numpy.hstack([eta, numpy.zeros((len(eta), 1))])


def softmax(eta: "Array") -> "Array":
    """Shares of η, documents × k."""
    from scipy.special import softmax as over_all

    found: Array = over_all(eta, axis=1)
    return found


def _with_cells(
    records: Iterable[Record], prevalence: Prevalence, cells: list[list[Cell]]
) -> Iterator[Record]:
    """Pass on documents, and append their cells."""
    for record in tokenized(records):
        cells.append(prevalence.cells(record))
        yield record
