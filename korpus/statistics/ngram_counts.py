"""Count n-grams of integers by sorting, without dictionaries.

An n-gram is known by its number in the order of its level: that of its first n - 1 words and its
last word make one integer, its code, so that n-grams of any length are integers of 64 bits.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


@dataclass(frozen=True)
class Level:
    """The distinct n-grams of one length, in order; all arrays are int64.

    `codes`: rising; the number of the n-gram without its last word among those that are one word
    shorter, times the base, plus the last word. `counts`: how often each occurs. `suffixes`: the
    number of the n-gram without its first word, among those that are one word shorter.
    """

    codes: "Array"
    counts: "Array"
    suffixes: "Array"


def count_ngrams(words: "Array", places: "Array", order: int, base: int) -> list[Level]:
    """The n-grams of one to `order` words that occur in sentences.

    `words`: the words of all sentences, from 0 to `base` - 1. `places`: the place of each word in
    its sentence, from 0. All words below `base` are n-grams of one word, also those not there.
    """
    import numpy

    words = words.astype(numpy.int64)
    counts = numpy.bincount(words, minlength=base)
    levels = [Level(numpy.arange(base), counts, numpy.zeros(base, numpy.int64))]
    numbers = words
    for size in range(2, order + 1):
        ends = numpy.flatnonzero(places >= size - 1)
        codes = numbers[ends - 1] * base + words[ends]
        distinct, inverse, counts = numpy.unique(codes, return_inverse=True, return_counts=True)
        suffixes = numpy.empty(len(distinct), numpy.int64)
        suffixes[inverse] = numbers[ends]
        levels.append(Level(distinct, counts, suffixes))
        numbers = numpy.full(len(words), -1)
        numbers[ends] = inverse
    return levels


def places_in(lengths: "Array") -> "Array":
    """The place of each word in its sentence, from 0, for sentences of these lengths."""
    import numpy

    starts = numpy.cumsum(lengths) - lengths
    found: Array = numpy.arange(int(lengths.sum())) - numpy.repeat(starts, lengths)
    return found


def find(codes: "Array", wanted: "Array") -> "Array":
    """The place of each wanted code among `codes`, which rise; -1 where it is not there."""
    import numpy

    if not len(codes):
        return numpy.full(len(wanted), -1)
    order = numpy.argsort(wanted)  # neighbours in memory are found much faster
    ordered = wanted[order]
    at = numpy.searchsorted(codes, ordered)
    at[at == len(codes)] = 0
    at[codes[at] != ordered] = -1
    found = numpy.empty(len(wanted), numpy.int64)
    found[order] = at
    return found


def with_ends(words: "Array", lengths: "Array", start: int, end: int) -> "tuple[Array, Array]":
    """The words of sentences with a first and a last word added to each, and their places."""
    import numpy

    longer = numpy.asarray(lengths, numpy.int64) + 2
    places = places_in(longer)
    lasts = numpy.cumsum(longer) - 1
    found = numpy.full(len(places), end, numpy.int64)
    found[places == 0] = start
    is_word = places > 0
    is_word[lasts] = False
    found[is_word] = words
    return found, places
