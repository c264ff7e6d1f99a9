"""Terms and documents as points among topics, and which of them are near."""

import logging
from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.files.model_files import Neighbours
from korpus.messages import _, plural
from korpus.models.nearest import combined, nearest, unknown_document, unknown_word
from korpus.models.term_model import TermModel
from korpus.tokens import known_term_counts

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")


@dataclass(kw_only=True, eq=False, repr=False)
class TopicSpace(TermModel):
    """What has terms and documents as points among topics; for the fields see `TopicModel`."""

    ids: list[str]
    topic_term: "Array"
    document_topic: "Array"
    document_tokens: "Array"
    term_frequency: "Array"

    @abstractmethod
    def coordinates(self, counts: "csr_matrix") -> "Array":
        """Topic weights of documents, float32, documents × k."""

    @abstractmethod
    def _topic_scale(self) -> "Array":
        """Weights of the topics in a term's vector."""

    def terms_near(self, words: list[str], minus: list[str], top: int) -> Neighbours:
        """The terms nearest to some words; see `korpus.similar`."""
        vectors = self._term_vectors()
        row = {term: number for number, term in enumerate(self.terms)}

        def vector(word: str) -> "Array | None":
            return vectors[row[word]] if word in row else None

        query = combined(words, minus, vector, self.terms)
        return nearest(query, vectors, self.terms, self.term_frequency, top, {*words, *minus})

    def term_points(self, words: list[str]) -> "Array":
        """The vectors of terms of the model; see `Model.term_points`."""
        row = {term: number for number, term in enumerate(self.terms)}
        found: Array = self._term_vectors()[[row[word] for word in words]]
        return found

    def _term_vectors(self) -> "Array":
        vectors: Array = (self.topic_term * self._topic_scale()[:, None]).T
        return vectors

    def documents_near(self, words: list[str], top: int) -> Neighbours:
        """The fitted documents nearest to a document of some words; see `korpus.similar`."""
        known = set(self.terms)
        for word in words:
            if word not in known:
                raise unknown_word(word, self.terms)
        counts, *_ids = known_term_counts([{"id": "", "tokens": words}], self.terms)
        query = self.coordinates(counts)[0]
        return nearest(query, self.document_topic, self.ids, self.document_tokens, top)

    def documents_like(self, document_id: str, top: int) -> Neighbours:
        """The fitted documents nearest to one of them; see `korpus.similar`."""
        rows = [row for row, name in enumerate(self.ids) if name == document_id]
        if not rows:
            raise unknown_document(document_id, self.ids)
        if len(rows) > 1:
            logger.warning(
                _("%s have the id %r: the first is compared"),
                plural(len(rows), "document"),
                document_id,
            )
        if not self.document_tokens[rows[0]]:
            raise KorpusError(_("document {id!r} has no term of the model").format(id=document_id))
        query = self.document_topic[rows[0]]
        # Documents without a term of the model have only the prior.
        others = (self.document_tokens > 0).nonzero()[0]
        return nearest(
            query,
            self.document_topic[others],
            [self.ids[row] for row in others],
            self.document_tokens[others],
            top,
            {document_id},
        )
