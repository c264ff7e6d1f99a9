"""What topic models need to know of the documents that they were fitted on."""

from typing import TYPE_CHECKING, Protocol

from korpus.documents.kept import Columns
from korpus.tokens import Provenance

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


class FittedDocuments(Protocol):
    """What a model keeps of the documents that it was fitted on; see `DocumentTermMatrix`."""

    lengths: "Array"
    terms: list[str]
    columns: Columns

    @property
    def ids(self) -> list[str]:
        """Their ids."""

    @property
    def term_frequency(self) -> "Array":
        """The number of occurrences of each term."""

    def provenance(self) -> Provenance:
        """What the header of the model records about them."""
