"""The features of a classifier: which tokens, pairs of tokens and n-grams it knows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from korpus.models.classify.codes import (
    LONGEST,
    MOST_CHARACTERS,
    UNICODE,
    Documents,
    alphabet,
    character_numbers,
    frequent,
    incidence,
    ngram_codes,
    ngram_of,
    ngrams_fit,
    pair_codes,
    pair_of,
)

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

BOTH, TOKENS, CHARACTERS = FEATURES = ("both", "tokens", "characters")
_SIZES = range(1, LONGEST + 1)


@dataclass
class Vocabulary:
    """Features in the order of columns: terms, then pairs of terms, then n-grams of characters.

    `terms`: token/tag, in order. `pairs`, `ngrams`: int64, their codes, rising; see
    `codes`. `characters`: int64, the code points that n-grams are made of.
    """

    terms: list[str]
    pairs: "Array"
    characters: "Array"
    ngrams: "Array"

    def __len__(self) -> int:
        return len(self.terms) + len(self.pairs) + len(self.ngrams)

    def is_sound(self) -> bool:
        """Whether all codes can be read and looked up: what a damaged model file may have lost."""
        import numpy

        firsts, seconds = pair_of(self.pairs)
        return all(
            (
                all((numpy.diff(codes) > 0).all() for codes in (self.pairs, self.ngrams)),
                ((firsts >= 0) & (firsts < len(self.terms)) & (seconds < len(self.terms))).all(),
                ((self.characters >= 0) & (self.characters < UNICODE)).all(),
                len(self.characters) <= MOST_CHARACTERS,
                ngrams_fit(self.ngrams, len(self.characters)),
            )
        )

    def name(self, column: int) -> str:
        """A feature as people read it: 재미/NNG, 재미/NNG 없/VA, or "재미없" for characters."""
        if column < len(self.terms):
            return self.terms[column]
        column -= len(self.terms)
        if column < len(self.pairs):
            first, second = pair_of(int(self.pairs[column]))
            return f"{self.terms[first]} {self.terms[second]}"
        return f'"{ngram_of(int(self.ngrams[column - len(self.pairs)]), self.characters)}"'

    def matrix(self, documents: Documents) -> "csr_matrix":
        """Which documents have which features: CSR of ones (float64).

        `documents`: made with the terms of this vocabulary.
        """
        import numpy
        import scipy.sparse

        size = len(documents.ids)
        token_of, letter_of = _owners(documents)
        is_known = documents.numbers >= 0
        blocks = [
            incidence(
                documents.numbers[is_known], token_of[is_known], size, numpy.arange(len(self.terms))
            ),
            incidence(*pair_codes(documents.numbers, token_of), size, self.pairs),
        ]
        if len(self.ngrams):
            letters = character_numbers(documents.letters, self.characters)
            starts = [1 << 12 * (n - 1) for n in _SIZES] + [1 << 62]
            ends = numpy.searchsorted(self.ngrams, starts)
            for n, found in zip(_SIZES, ngram_codes(letters, letter_of, _SIZES), strict=True):
                known = self.ngrams[ends[n - 1] : ends[n]]
                blocks.append(incidence(*found, size, known))
        return scipy.sparse.hstack(blocks, "csr")


def learn(documents: Documents, *, features: str, min_df: int) -> "tuple[Vocabulary, csr_matrix]":
    """The features that at least `min_df` documents have, and the matrix of these documents."""
    import numpy
    import scipy.sparse

    size = len(documents.ids)
    token_of, letter_of = _owners(documents)
    terms: list[str] = []
    pairs = ngrams = characters = numpy.empty(0, numpy.int64)
    blocks = []
    if features != CHARACTERS:
        kept, block = frequent(documents.numbers, token_of, size, min_df)
        terms = [documents.terms[number] for number in kept.tolist()]
        blocks.append(block)
        place = numpy.full(len(documents.terms), -1)
        place[kept] = numpy.arange(len(kept))
        pairs, block = frequent(*pair_codes(place[documents.numbers], token_of), size, min_df)
        blocks.append(block)
    if features != TOKENS:
        characters = alphabet(documents.letters)
        letters = character_numbers(documents.letters, characters)
        found = [frequent(*n, size, min_df) for n in ngram_codes(letters, letter_of, _SIZES)]
        ngrams = numpy.concatenate([codes for codes, _block in found])
        blocks += [block for _codes, block in found]
    return Vocabulary(terms, pairs, characters, ngrams), scipy.sparse.hstack(blocks, "csr")


def _owners(documents: Documents) -> "tuple[Array, Array]":
    """The document of each token and of each character."""
    import numpy

    numbers = numpy.arange(len(documents.ids))
    return numpy.repeat(numbers, documents.lengths), numpy.repeat(numbers, documents.sizes)
