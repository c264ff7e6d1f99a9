"""The features of a classifier: which tokens, pairs of tokens and n-grams it knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from korpus.models.classify.codes import (
    LONGEST,
    MOST_CHARACTERS,
    UNICODE,
    Documents,
    Found,
    alphabet,
    apart_codes,
    character_numbers,
    end_codes,
    frequent,
    ngram_codes,
    ngram_of,
    ngrams_fit,
    pair_codes,
    pair_of,
)
from korpus.models.classify.lookup import Lookup

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

BOTH, TOKENS, CHARACTERS = FEATURES = ("both", "tokens", "characters")
STANDARD, BEST = METHODS = ("standard", "best")
TERM, PAIR, APART, END = -1, -2, -3, -4
_SIZES = range(1, LONGEST + 1)


@dataclass
class Block:
    """Where features of one kind occur.

    `kind`: TERM, PAIR, APART (two tokens that are no neighbours), END (a token near an end), or how
    many characters. `first`: the column from which `columns` are counted: which one occurs; -1 for
    an unknown one. `document`: where. `at`: its first token, or its first character. `to`: of
    APART, its second.
    """

    kind: int
    first: int
    columns: "Array"
    document: "Array"
    at: "Array"
    to: "Array | None" = None


@dataclass
class Vocabulary:
    """Features in the order of columns: terms, pairs, pairs apart, ends, n-grams of characters.

    `terms`: token/tag, in order. `pairs`, `apart`, `ends`, `ngrams`: int64, their codes, rising;
    see `codes`. `apart` and `ends` are empty but for the method best. `characters`: int64, the code
    points that n-grams are made of.
    """

    terms: list[str]
    pairs: "Array"
    apart: "Array"
    ends: "Array"
    characters: "Array"
    ngrams: "Array"

    def __len__(self) -> int:
        codes = self.pairs, self.apart, self.ends, self.ngrams
        return len(self.terms) + sum(map(len, codes))

    def is_sound(self) -> bool:
        """Whether all codes can be read and looked up: what a damaged model file may have lost."""
        import numpy

        known = len(self.terms)
        pairs = [pair_of(codes) for codes in (self.pairs, self.apart)]
        rising = self.pairs, self.apart, self.ends, self.ngrams
        return all(
            (
                all((numpy.diff(codes) > 0).all() for codes in rising),
                *(((a >= 0) & (a < known) & (b < known)).all() for a, b in pairs),
                ((self.ends >= 0) & (self.ends < 2 * known)).all(),
                ((self.characters >= 0) & (self.characters < UNICODE)).all(),
                len(self.characters) <= MOST_CHARACTERS,
                ngrams_fit(self.ngrams, len(self.characters)),
            )
        )

    def name(self, column: int) -> str:
        """A feature as people read it.

        재미/NNG, 재미/NNG 없/VA, 재미/NNG … 없/VA, … 재미/NNG (near the end), or "재미없" for
        characters.
        """
        if column < len(self.terms):
            return self.terms[column]
        column -= len(self.terms)
        if column < len(self.pairs):
            first, second = pair_of(int(self.pairs[column]))
            return f"{self.terms[first]} {self.terms[second]}"
        column -= len(self.pairs)
        if column < len(self.apart):
            first, second = pair_of(int(self.apart[column]))
            return f"{self.terms[first]} … {self.terms[second]}"
        column -= len(self.apart)
        if column < len(self.ends):
            term, is_start = divmod(int(self.ends[column]), 2)
            return f"{self.terms[term]} …" if is_start else f"… {self.terms[term]}"
        return f'"{ngram_of(int(self.ngrams[column - len(self.ends)]), self.characters)}"'

    def matrix(self, documents: Documents) -> "csr_matrix":
        """Which documents have which features: CSR of ones (float64).

        `documents`: made with the terms of this vocabulary.
        """
        import numpy
        import scipy.sparse

        width = max(len(self), 1)
        found = []  # a number per occurrence: its document · width + its column
        for block in self.occurrences(documents):
            is_known = block.columns >= 0
            rows = block.document[is_known] * width
            found.append(rows + (block.columns[is_known] + numpy.int64(block.first)))
        keys = numpy.concatenate(found)
        keys.sort()
        keys = keys[numpy.diff(keys, prepend=-1) > 0]
        starts = numpy.arange(len(documents.ids) + 1) * width
        return scipy.sparse.csr_matrix(
            (numpy.ones(len(keys)), keys % width, numpy.searchsorted(keys, starts)),
            (len(documents.ids), len(self)),
        )

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each term."""
        return {term: number for number, term in enumerate(self.terms)}

    @cached_property
    def _lookups(self) -> dict[int, Lookup]:
        """Where codes of tokens are found; n-grams of all sizes have the kind 1."""
        known = {PAIR: self.pairs, APART: self.apart, END: self.ends, 1: self.ngrams}
        return {kind: Lookup(codes) for kind, codes in known.items()}

    @cached_property
    def _letters(self) -> "Array":
        return character_numbers(self.characters)

    def prepare(self) -> None:
        """Make the tables that `matrix` looks features up in. Without this it makes them itself."""
        _made = self.numbers, self._lookups, self._letters

    def occurrences(self, documents: Documents) -> "Iterator[Block]":
        """Where each feature occurs, by kind: the order of columns, and n-grams by their size."""
        import numpy

        token_of, letter_of = owners(documents)
        numbers = documents.numbers
        yield Block(TERM, 0, numbers, token_of, numpy.arange(len(numbers)))
        first = len(self.terms)
        for kind, known, find in (
            (PAIR, self.pairs, partial(pair_codes, numbers, token_of)),
            (APART, self.apart, partial(apart_codes, numbers, token_of)),
            (END, self.ends, partial(end_codes, numbers, documents.lengths, token_of)),
        ):
            if len(known):
                found = find()
                yield Block(kind, first, self._lookups[kind].find(found.codes), *found[1:])
                first += len(known)
        if len(self.ngrams):
            letters = self._letters[documents.letters].astype(numpy.int64)
            for n, found in zip(_SIZES, ngram_codes(letters, letter_of, _SIZES), strict=True):
                columns = self._lookups[1].find(found.codes)
                yield Block(n, first, columns, found.document, found.at)


def learn(
    documents: Documents, *, features: str, method: str, min_df: int
) -> "tuple[Vocabulary, csr_matrix]":
    """The features that at least `min_df` documents have, and the matrix of these documents."""
    import numpy
    import scipy.sparse

    size = len(documents.ids)
    token_of, letter_of = owners(documents)
    terms: list[str] = []
    pairs = apart = ends = ngrams = characters = numpy.empty(0, numpy.int64)
    blocks = []
    if features != CHARACTERS:
        kept, block = frequent(Found(documents.numbers, token_of, token_of), size, min_df)
        terms = [documents.terms[number] for number in kept.tolist()]
        blocks.append(block)
        place = numpy.full(len(documents.terms), -1)
        place[kept] = numpy.arange(len(kept))
        numbers = place[documents.numbers]
        pairs, block = frequent(pair_codes(numbers, token_of), size, min_df)
        blocks.append(block)
        if method == BEST:
            apart, block = frequent(apart_codes(numbers, token_of), size, min_df)
            blocks.append(block)
            ends, block = frequent(end_codes(numbers, documents.lengths, token_of), size, min_df)
            blocks.append(block)
    if features != TOKENS:
        characters = alphabet(documents.letters)
        letters = character_numbers(characters)[documents.letters].astype(numpy.int64)
        found = [frequent(n, size, min_df) for n in ngram_codes(letters, letter_of, _SIZES)]
        ngrams = numpy.concatenate([codes for codes, _block in found])
        blocks += [block for _codes, block in found]
    vocabulary = Vocabulary(terms, pairs, apart, ends, characters, ngrams)
    return vocabulary, scipy.sparse.hstack(blocks, "csr")


def owners(documents: Documents) -> "tuple[Array, Array]":
    """The document of each token and of each character."""
    import numpy

    numbers = numpy.arange(len(documents.ids))
    return numpy.repeat(numbers, documents.lengths), numpy.repeat(numbers, documents.sizes)
