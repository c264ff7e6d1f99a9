"""A fitted LDA model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from korpus.files.model_files import ArraySpec
from korpus.models.topics.fold_in import fold_in
from korpus.models.topics.topic_model import TOPIC_ARRAYS, TopicModel

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray


@dataclass(kw_only=True, eq=False, repr=False)
class LdaModel(TopicModel):
    """A fitted LDA model.

    `alpha`: float64, k: the prior of the topics in a document. `word_weight`: float64, k × terms:
    the weights that topics of new documents are inferred by, None if they are `topic_term`.
    """

    kind: ClassVar[str] = "lda"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = TOPIC_ARRAYS | {
        "alpha": ("float64", "k"),
        "word_weight": ("float64", "kv"),
    }
    optional_arrays: ClassVar[frozenset[str]] = TopicModel.optional_arrays | {"word_weight"}

    alpha: "Array"
    word_weight: "Array | None" = None

    def certainty(self) -> "Array":
        """The tokens of each document and the sum of its prior: of the posterior of its shares."""
        found: Array = self.document_tokens + self.alpha.sum()
        return found

    def document_weights(self, counts: "csr_matrix") -> "Array":
        """P(topic | document) by variational inference, float64, documents × k; see `fold_in`."""
        weights = self.topic_term if self.word_weight is None else self.word_weight
        return fold_in(counts, weights, self.alpha)
