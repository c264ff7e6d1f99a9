"""Word vectors (단어 임베딩): the fitted model. `word2vec` trains it."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from korpus.files.model_files import ArraySpec, Neighbours
from korpus.messages import _
from korpus.models.library_internals import ngram_hashes
from korpus.models.nearest import combined, nearest
from korpus.models.vector_model import VectorModel, Word

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

# Lengths of the jamo n-grams of fastText, from one syllable to about two, and their hash buckets.
NGRAM_LENGTHS, BUCKETS = (3, 6), 500_000


@dataclass(kw_only=True, eq=False, repr=False)
class WordVectors(VectorModel):
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

    def lookup(self, words: Sequence[Word]) -> "tuple[Array, Array]":
        """The vectors of words by their form alone; all known words weigh the same."""
        import numpy

        row = {term: number for number, term in enumerate(self.terms)}
        vectors = numpy.zeros((len(words), self.vectors.shape[1]), numpy.float32)
        weights = numpy.zeros(len(words), numpy.float32)
        for number, word in enumerate(words):
            found = self.vectors[row[word.form]] if word.form in row else self.unseen(word.form)
            if found is not None:
                vectors[number], weights[number] = found, 1
        return vectors, weights

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
