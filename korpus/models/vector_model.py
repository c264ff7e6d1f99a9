"""What models of word vectors share: the vectors of words, of texts and of documents."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from typing import TYPE_CHECKING, NamedTuple

from korpus.errors import KorpusError, UsageError
from korpus.files.model_files import Model
from korpus.messages import _
from korpus.models.blas import one_blas_thread
from korpus.models.document_tables import document_vectors
from korpus.models.term_model import TermModel, log_unknown
from korpus.records import Record, Table

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


class Word(NamedTuple):
    """A token, its tag ("" if it has none) and the analyzer, whose tags they are."""

    form: str
    tag: str = ""
    analyzer: str | None = None


class DocumentVectors(NamedTuple):
    """Documents as vectors.

    `ids`: of the documents. `vectors`: float32, documents × d, zeros without a known token.
    `known`: int64, tokens per document that have a vector.
    """

    ids: list[str]
    vectors: "Array"
    known: "Array"


@dataclass(kw_only=True, eq=False, repr=False)
class VectorModel(TermModel):
    """A model with a vector per word. `vectors`: float32, rows × d."""

    vectors: "Array"

    @abstractmethod
    def lookup(self, words: Sequence[Word]) -> "tuple[Array, Array]":
        """The vectors of words, and their weights in the mean of a document.

        float32, words × d, and float32, words; zeros for a word that has no vector.
        """

    @one_blas_thread
    def document_vectors(self, records: Iterable[Record]) -> DocumentVectors:
        """The weighted mean of the vectors of each document's tokens. Needs the whole input.

        Holds numbers, not documents. The share of tokens without a vector is logged.
        Columns in and errors: see `korpus.infer`.
        """
        import numpy

        number: defaultdict[tuple[str, str, str | None], int] = defaultdict(count().__next__)
        ids: list[str] = []
        numbers: list[numpy.ndarray] = []
        for record in self.checked(records):
            ids.append(record["id"])
            words = map(number.__getitem__, words_of(record))
            numbers.append(numpy.fromiter(words, numpy.int32, len(record["tokens"])))
        vectors, weights = self.lookup(list(map(Word._make, number)))
        ends = numpy.cumsum([0, *map(len, numbers)])
        tokens = numpy.concatenate([numpy.empty(0, numpy.int32), *numbers])
        means, known = weighted_means(tokens, ends, vectors, weights)
        log_unknown(len(tokens) - int(known.sum()), len(tokens))
        return DocumentVectors(ids, means, known)

    def text_vector(
        self, tokens: Sequence[str], tags: Sequence[str] = (), analyzer: str | None = None
    ) -> "Array":
        """The vector of one text, such as a query: float32, d; zeros without a known token."""
        import numpy

        pairs = zip(tokens, tags or repeat(""), strict=False)
        vectors, weights = self.lookup([Word(form, tag, analyzer) for form, tag in pairs])
        total = weights.sum()
        mean: Array = (weights @ vectors / (total or 1)).astype(numpy.float32)
        return mean

    def transform(self, records: Iterable[Record]) -> Table:
        """The vectors of new documents; zeros without known tokens. Out: `id`, `d1` … `dd`."""
        found = self.document_vectors(records)
        return document_vectors(found.ids, found.vectors)

    def term_points(self, words: list[str]) -> "Array":
        """The vectors of words as they are typed; see `Model.term_points`."""
        return self.lookup([Word(word) for word in words])[0]

    def known_vectors(self, words: Sequence[Word]) -> "tuple[Array, Array]":
        """As `lookup`. Raises KorpusError if no word has a vector."""
        vectors, weights = self.lookup(words)
        if not weights.any():
            raise KorpusError(
                _("no word is in the model's vocabulary"), _("train it on documents like these")
            )
        return vectors, weights


def word_vectors(model: Model) -> VectorModel:
    """A model of word vectors. Raises UsageError for one of another kind."""
    if not isinstance(model, VectorModel):
        raise UsageError(
            _("{kind} models have no word vectors").format(kind=model.kind),
            _("train one: korpus word2vec tokens.jsonl -m w2v.safetensors"),
        )
    return model


def words_of(record: Record) -> Iterable[tuple[str, str, str | None]]:
    """The tokens of a document with their tags and its analyzer."""
    tokens, tags, analyzer = record["tokens"], record.get("tags"), record.get("analyzer")
    known = tags if isinstance(tags, list) and len(tags) == len(tokens) else repeat("")
    name = analyzer if isinstance(analyzer, str) else None
    return zip(tokens, known, repeat(name), strict=False)


def weighted_means(
    tokens: "Array", ends: "Array", vectors: "Array", weights: "Array"
) -> "tuple[Array, Array]":
    """The mean vector of each document (float32) and the number of its tokens that are known."""
    import numpy
    from scipy.sparse import csr_matrix

    shape = (len(ends) - 1, len(vectors))
    of_tokens = csr_matrix((weights[tokens], tokens, ends), shape)
    total = numpy.asarray(of_tokens.sum(axis=1), dtype=float).ravel()
    means = (of_tokens @ vectors) / numpy.where(total == 0, 1, total)[:, None]
    seen = csr_matrix(((weights[tokens] > 0).astype(numpy.int64), tokens, ends), shape)
    known: Array = numpy.asarray(seen.sum(axis=1)).ravel()
    return means.astype(numpy.float32), known
