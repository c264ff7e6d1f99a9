"""Word vectors (단어 임베딩): the fitted model. `word2vec` trains it."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from korpus.files.model_files import ArraySpec, Neighbours
from korpus.messages import _
from korpus.models.blas import one_blas_thread
from korpus.models.document_tables import document_vectors
from korpus.models.library_internals import ngram_hashes
from korpus.models.nearest import combined, nearest
from korpus.models.term_model import TermModel, log_unknown
from korpus.records import Record, Table

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

# Lengths of the jamo n-grams of fastText, from one syllable to about two, and their hash buckets.
NGRAM_LENGTHS, BUCKETS = (3, 6), 500_000


@dataclass(kw_only=True, eq=False, repr=False)
class WordVectors(TermModel):
    """A vector for each term; with fastText also for words that were not seen in training.

    `terms`: the most frequent first. `vectors`: float32, terms × d. `counts`: int64, occurrences
    per term. `ngrams`: int64, the buckets of the trained n-grams, sorted; `ngram_vectors`: float32,
    n-grams × d; both None without fastText.
    """

    kind: ClassVar[str] = "word2vec"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = {
        "vectors": ("float32", "vd"),
        "counts": ("int64", "v"),
        "ngrams": ("int64", "g"),
        "ngram_vectors": ("float32", "gd"),
    }
    optional_arrays: ClassVar[frozenset[str]] = frozenset({"ngrams", "ngram_vectors"})

    vectors: "Array"
    counts: "Array"
    ngrams: "Array | None" = None
    ngram_vectors: "Array | None" = None

    @classmethod
    def _fields(cls, arrays: "dict[str, Array]") -> dict[str, Any]:
        if ("ngrams" in arrays) != ("ngram_vectors" in arrays):
            raise ValueError(_("it has n-grams without vectors, or the reverse"))
        return super()._fields(arrays)

    def unseen(self, word: str) -> "Array | None":
        """The vector of a word outside the vocabulary, from its n-grams; None if none is known."""
        if self.ngrams is None or self.ngram_vectors is None or not len(self.ngrams):
            return None
        import numpy

        hashes = ngram_hashes(jamo(word), *NGRAM_LENGTHS, BUCKETS)
        wanted = numpy.array(hashes, dtype=self.ngrams.dtype)
        rows = numpy.searchsorted(self.ngrams, wanted).clip(max=len(self.ngrams) - 1)
        rows = rows[self.ngrams[rows] == wanted]
        if not len(rows):
            return None
        vector: Array = self.ngram_vectors[rows].mean(axis=0)
        return vector

    @one_blas_thread
    def transform(self, records: Iterable[Record]) -> Table:
        """The mean vector of each document's tokens; zeros without known tokens.

        Columns in and errors: see `korpus.infer`. Columns out: `id`, `d1` … `dd`.
        """
        import numpy
        from scipy.sparse import csr_matrix

        row: dict[str, int | None] = {term: number for number, term in enumerate(self.terms)}
        unseen: list[Array] = []

        def known(token: str) -> int | None:
            if token not in row:
                vector = self.unseen(token)
                row[token] = None if vector is None else len(self.terms) + len(unseen)
                unseen.extend([] if vector is None else [vector])
            return row[token]

        ids: list[str] = []
        columns: list[int] = []
        ends = [0]
        read = 0
        for record in self.checked(records):
            ids.append(record["id"])
            read += len(record["tokens"])
            columns.extend(row for row in map(known, record["tokens"]) if row is not None)
            ends.append(len(columns))
        log_unknown(read - len(columns), read)
        vectors = numpy.vstack([self.vectors, *unseen])
        lengths = numpy.maximum(1, numpy.diff(ends))
        ones = numpy.ones(len(columns), dtype=numpy.float32)
        tokens = csr_matrix((ones, columns, ends), (len(ids), len(vectors)))
        means = (tokens @ vectors / lengths[:, None]).astype(numpy.float32)
        return document_vectors(ids, means)

    def terms_near(self, words: list[str], minus: list[str], top: int) -> Neighbours:
        """The terms nearest to some words; see `korpus.similar`."""
        row = {term: number for number, term in enumerate(self.terms)}

        def vector(word: str) -> "Array | None":
            return self.vectors[row[word]] if word in row else self.unseen(word)

        query = combined(words, minus, vector, self.terms)
        return nearest(query, self.vectors, self.terms, self.counts, top, {*words, *minus})


def on_one_line(token: str) -> str:
    """A token with its white space replaced by `_`, as it ends a token in a line of tokens."""
    return token if token.isalnum() else "_".join(token.split())


def jamo(token: str) -> str:
    """A token with its syllables decomposed: 갔 becomes ㄱ ㅏ ㅆ."""
    decomposed = unicodedata.normalize("NFD", on_one_line(token))
    return decomposed.encode("utf-8", "replace").decode()
