"""Documents as integer codes: tokens, pairs of neighbouring tokens, n-grams of characters.

A pair of the tokens a and b has the code a · 2^32 + b. Characters have numbers from 1 to 4,095, so
that an n-gram of up to five of them is a number of 60 bits, which sorts first by n. Both can be
read back, so that no feature is lost to a hash. A token near an end of its document has the code
2 · token, or 2 · token + 1 near its start.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import chain, compress, count
from typing import TYPE_CHECKING, Any, NamedTuple

from korpus.tokens import Provenance
from korpus.tokens.parts import Analysis
from korpus.tokens.texts import TextPart

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

BITS = 12  # of the number of a character
MOST_CHARACTERS = (1 << BITS) - 1
LONGEST = 5  # characters of an n-gram
_PAIR = 32  # bits of the second token of a pair
_APART = range(2, 6)  # places between the tokens of pairs that are no neighbours
_NEAR = 4  # tokens at either end of a document
UNICODE = 0x110000
_HALVES = range(0xD800, 0xE000)  # unpaired surrogates, which JSON cannot hold
_SURROGATES = "surrogatepass"


@dataclass
class Documents:
    """Documents as numbers.

    `ids`: their ids. `values`: per column that was asked for, their values. `numbers`: int32, their
    tokens as indices into `terms`, -1 for an unknown one. `lengths`: tokens per document.
    `letters`: uint32, the code points of their texts without spaces, as Korean is often spaced
    wrongly; each text is between two spaces. `sizes`: code points per document. `analyses`: how the
    tokens were made.
    """

    ids: list[str]
    values: list[list[str]]
    terms: list[str]
    numbers: "Array"
    lengths: "Array"
    letters: "Array"
    sizes: "Array"
    analyses: set[Analysis] = field(default_factory=set)

    def select(self, mask: list[bool]) -> "Documents":
        """The documents where `mask` is true, with all terms."""
        import numpy

        kept = numpy.asarray(mask, dtype=bool)
        return replace(
            self,
            ids=list(compress(self.ids, mask)),
            values=[list(compress(values, mask)) for values in self.values],
            numbers=self.numbers[numpy.repeat(kept, self.lengths)],
            lengths=self.lengths[kept],
            letters=self.letters[numpy.repeat(kept, self.sizes)],
            sizes=self.sizes[kept],
        )

    def provenance(self) -> Provenance:
        """What a model's header records about these documents."""
        analyzer, analysis = next(iter(self.analyses)) if len(self.analyses) == 1 else (None, None)
        digest = sha256("\n".join([*self.ids, *chain(*self.values)]).encode("utf-8", _SURROGATES))
        for array in (self.lengths, self.letters, self.numbers):
            digest.update(array.astype(array.dtype.newbyteorder("<"), copy=False).data)
        return {
            "analyzer": analyzer,
            "analysis": analysis,
            "documents": len(self.ids),
            "tokens": len(self.numbers),
            "digest": digest.hexdigest(),
        }


class Found(NamedTuple):
    """Codes (int64) with the document of each, and where it begins: a token or a character.

    `to`: where a pair of tokens ends that are not neighbours.
    """

    codes: "Array"
    document: "Array"
    at: "Array"
    to: "Array | None" = None


def as_numbers(parts: Iterable[TextPart], known: Mapping[str, int] | None = None) -> Documents:
    """All documents as numbers. Needs the whole input.

    `known`: the vocabulary of a model, the number of each term in order; without it, that of the
    documents, in alphabetical order.
    """
    import numpy

    number: dict[str, int] = defaultdict(count().__next__)
    ids: list[str] = []
    values: list[list[str]] = []
    numbers, lengths = [numpy.empty(0, numpy.int32)], [numpy.empty(0, numpy.int32)]
    letters, sizes = [numpy.empty(0, numpy.uint32)], [numpy.empty(0, numpy.int32)]
    analyses: set[Analysis] = set()
    for part in parts:
        ids += part.ids
        values = values or [[] for _column in part.values]
        for mine, theirs in zip(values, part.values, strict=True):
            mine += theirs
        if known is None:
            found = list(map(number.__getitem__, part.terms))
        else:
            found = [known.get(term, -1) for term in part.terms]
        ours = numpy.array(found, numpy.int32)
        numbers.append(ours[numpy.asarray(part.numbers)])
        lengths.append(numpy.asarray(part.lengths))
        padded = [f" {text.replace(' ', '')} " if text else "" for text in part.texts]
        letters.append(code_points("".join(padded)))
        sizes.append(numpy.fromiter(map(len, padded), numpy.int32, len(padded)))
        analyses |= part.analyses
    all_numbers = numpy.concatenate(numbers)
    terms = list(known or ())
    if known is None:
        terms = sorted(number)
        rank = numpy.empty(len(terms), numpy.int32)
        rank[[number[term] for term in terms]] = numpy.arange(len(terms))
        all_numbers = rank[all_numbers]
    return Documents(
        ids,
        values,
        terms,
        all_numbers,
        numpy.concatenate(lengths),
        numpy.concatenate(letters),
        numpy.concatenate(sizes),
        analyses,
    )


def code_points(text: str) -> "Array":
    """The code points (uint32) of a text."""
    import numpy

    return numpy.frombuffer(text.encode("utf-32-le", _SURROGATES), "<u4").astype(numpy.uint32)


def alphabet(letters: "Array") -> "Array":
    """The code points (int64) that occur at least twice, at most the 4,095 most frequent."""
    import numpy

    counts = numpy.bincount(letters, minlength=_HALVES.stop)
    counts[_HALVES.start : _HALVES.stop] = 0
    often = numpy.argsort(-counts, kind="stable")[:MOST_CHARACTERS]
    return numpy.sort(often[counts[often] > 1])


def character_numbers(characters: "Array") -> "Array":
    """Per code point its number in an alphabet, from 1 (int16); 0 for others."""
    import numpy

    table = numpy.zeros(UNICODE, numpy.int16)
    table[characters] = numpy.arange(1, len(characters) + 1)
    return table


def pair_codes(numbers: "Array", document: "Array") -> "Found":
    """The codes of neighbouring known tokens."""
    import numpy

    first, second = numbers[:-1], numbers[1:]
    both = (document[:-1] == document[1:]) & (first >= 0) & (second >= 0)
    at = numpy.flatnonzero(both)
    return Found((first[at].astype("int64") << _PAIR) | second[at], document[at], at)


def apart_codes(numbers: "Array", document: "Array") -> "Found":
    """The codes of pairs of known tokens that are 2 to 5 places apart."""
    import numpy

    at = numpy.repeat(numpy.arange(len(numbers)), len(_APART))
    to = at + numpy.tile(_APART, len(numbers))
    inside = numpy.flatnonzero(to < len(numbers))
    at, to = at[inside], to[inside]
    both = (document[at] == document[to]) & (numbers[at] >= 0) & (numbers[to] >= 0)
    at, to = at[both], to[both]
    codes = (numbers[at].astype("int64") << _PAIR) | numbers[to]
    return Found(codes, document[at], at, to)


def end_codes(numbers: "Array", lengths: "Array", document: "Array") -> "Found":
    """The codes of known tokens among the first four and the last four of their documents."""
    import numpy

    place = numpy.arange(len(numbers)) - numpy.repeat(numpy.cumsum(lengths) - lengths, lengths)
    near = numpy.stack([numpy.repeat(lengths, lengths) - place <= _NEAR, place < _NEAR], axis=1)
    at, is_start = numpy.nonzero(near & (numbers >= 0)[:, None])
    return Found((numbers[at].astype("int64") << 1) | is_start, document[at], at)


def ngram_codes(numbers: "Array", document: "Array", sizes: range) -> "Iterator[Found]":
    """For each size the codes of n-grams of known characters."""
    import numpy

    codes, is_whole = numbers, numbers > 0
    for size in range(1, sizes.stop):
        if size > 1:
            last = numbers[size - 1 :]
            codes = (codes[: len(last)] << BITS) | last
            is_whole = is_whole[: len(last)] & (last > 0)
            is_whole &= document[: len(last)] == document[size - 1 :]
        if size in sizes:
            at = numpy.flatnonzero(is_whole)
            yield Found(codes[at], document[at], at)


def pair_of(code: Any) -> tuple[Any, Any]:
    """The two tokens of the code of a pair, or those of an array of codes."""
    return code >> _PAIR, code & ((1 << _PAIR) - 1)


def ngrams_fit(ngrams: "Array", characters: int) -> bool:
    """Whether codes are n-grams of so many characters."""
    digits = [(ngrams >> BITS * place) & MOST_CHARACTERS for place in range(LONGEST)]
    is_whole = (ngrams >= 1) & (ngrams < 1 << BITS * LONGEST)
    for digit, further in zip(digits, [*digits[1:], ngrams * 0], strict=True):
        is_whole &= (digit <= characters) & ((digit > 0) | (further == 0))
    return bool(is_whole.all())


def ngram_of(code: int, characters: "Array") -> str:
    """The n-gram of a code."""
    found = ""
    while code:
        found = chr(characters[(code & MOST_CHARACTERS) - 1]) + found
        code >>= BITS
    return found


def _ones(columns: "Array", document: "Array", documents: int, width: int) -> "csr_matrix":
    import numpy
    import scipy.sparse

    ends = numpy.zeros(documents + 1, numpy.int64)
    numpy.cumsum(numpy.bincount(document, minlength=documents), out=ends[1:])
    matrix = scipy.sparse.csr_matrix(
        (numpy.ones(len(columns)), columns.astype(numpy.int32), ends), (documents, width)
    )
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def frequent(found: Found, documents: int, min_df: int) -> "tuple[Array, csr_matrix]":
    """The codes that at least `min_df` documents have, rising, and which documents have them."""
    import numpy

    codes, document = found.codes, found.document
    distinct, numbers, counts = numpy.unique(codes, return_inverse=True, return_counts=True)
    kept = counts >= min_df  # the occurrences, to leave out most before the matrix is made
    rank = kept.cumsum() - 1
    is_kept = kept[numbers]
    distinct = distinct[kept]
    matrix = _ones(rank[numbers[is_kept]], document[is_kept], documents, len(distinct))
    in_documents = numpy.bincount(matrix.indices, minlength=len(distinct)) >= min_df
    return distinct[in_documents], matrix[:, numpy.flatnonzero(in_documents)]
