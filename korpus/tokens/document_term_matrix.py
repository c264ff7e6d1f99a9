"""The document-term matrix, the input of TF-IDF and of the topic models."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from itertools import chain, compress, count
from typing import TYPE_CHECKING, TypedDict

from korpus.documents.kept import Columns
from korpus.records import Record, split_names
from korpus.tokens.limits import check_limits, chosen_terms
from korpus.tokens.parts import Analysis, Part, parts_of

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

_SURROGATES = "surrogatepass"  # an id may hold an unpaired surrogate


class Provenance(TypedDict):
    """The documents that a model was fitted on, as its header records them.

    `analyzer`, `analysis`: how the tokens were made, None unless all documents agree.
    `documents`, `tokens`: counts before any term was removed. `digest`: SHA-256 of ids and tokens.
    """

    analyzer: str | None
    analysis: str | None
    documents: int
    tokens: int
    digest: str


@dataclass
class DocumentTermMatrix:
    """How often each term occurs in each document.

    `numbers`: the tokens as indices into `terms`, document after document in text order, in the
    smallest unsigned integer type that holds them. `lengths`: int32, tokens per document.
    `terms`: the vocabulary, sorted. `encoded_ids`: document ids, see `ids`. `analyzer`, `analysis`,
    `tokens`, `digest`: see `Provenance`. `columns`: other columns of the documents, which are kept.
    """

    numbers: "Array"
    lengths: "Array"
    terms: list[str]
    encoded_ids: list[bytes]
    analyzer: str | None
    analysis: str | None
    tokens: int
    digest: str
    columns: Columns = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """Document ids. They are kept encoded, which takes a tenth of the memory."""
        return _decoded(self.encoded_ids)

    @cached_property
    def counts(self) -> "csr_matrix":
        """Term counts: scipy CSR matrix, documents × terms, int64."""
        return _counts(self.numbers, self.lengths, len(self.terms))

    @property
    def document_frequency(self) -> "Array":
        """The number of documents that contain each term."""
        import numpy

        return numpy.bincount(self.counts.indices, minlength=len(self.terms))

    @cached_property
    def term_frequency(self) -> "Array":
        """The number of occurrences of each term."""
        import numpy

        return numpy.bincount(self.numbers, minlength=len(self.terms))

    def select_documents(self, mask: "Array") -> "DocumentTermMatrix":
        """The documents where `mask` (bool per document) is true, with all terms."""
        import numpy

        return replace(
            self,
            numbers=self.numbers[numpy.repeat(mask, self.lengths)],
            lengths=self.lengths[mask],
            encoded_ids=[_encoded(list(compress(self.ids, mask)))],
            columns={name: list(compress(cells, mask)) for name, cells in self.columns.items()},
        )

    def select_terms(self, mask: "Array") -> "DocumentTermMatrix":
        """The terms where `mask` (bool per term) is true, with all documents."""
        import numpy

        kept = mask[self.numbers]
        rows = numpy.repeat(numpy.arange(len(self.lengths)), self.lengths)
        columns = (mask.cumsum() - 1).astype(self.numbers.dtype)
        return replace(
            self,
            numbers=columns[self.numbers[kept]],
            lengths=numpy.bincount(rows[kept], minlength=len(self.lengths)).astype(numpy.int32),
            terms=list(compress(self.terms, mask)),
        )

    def provenance(self) -> Provenance:
        """What a model's header records about these documents."""
        return {
            "analyzer": self.analyzer,
            "analysis": self.analysis,
            "documents": len(self.lengths),
            "tokens": self.tokens,
            "digest": self.digest,
        }


def document_term_matrix(
    documents: Iterable[Record] | Iterable[Part],
    *,
    by: str | None = None,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    max_features: int | None = None,
    keep: str | Iterable[str] = (),
) -> DocumentTermMatrix:
    """Count the terms of each document. Needs the whole input; holds ids and numbers.

    `documents`: records, or parts from `count_terms`. `by`: make one document of each group, with
    its name as the id, in order; parts have been made with the same. `min_df`, `max_df`: minimum
    and maximum document frequency of a term, an int as a number of documents, a float as a share.
    `max_features`: keep only this many terms, the most frequent ones (ties in alphabetical order).
    `keep`: other columns of the documents to keep, not with `by`; parts have been made with them.
    The rules are those of scikit-learn's CountVectorizer.

    Columns in: `id`, `tokens`. Raises UsageError for a bad limit, KorpusError if no term is left.
    """
    import numpy

    check_limits(min_df, max_df, max_features)
    number: defaultdict[str, int] = defaultdict(count().__next__)
    ids: list[bytes] = []
    analyses: set[Analysis] = set()
    columns: list[numpy.ndarray] = []
    lengths: list[numpy.ndarray] = []
    kept: Columns = {}
    for part in parts_of(documents, by, split_names(keep)):
        ours = numpy.fromiter(map(number.__getitem__, part.terms), numpy.int32, len(part.terms))
        columns.append(ours[numpy.asarray(part.numbers)])
        lengths.append(numpy.asarray(part.lengths))
        ids.append(_encoded(part.ids))
        analyses |= part.analyses
        for name, cells in part.columns.items():
            kept.setdefault(name, []).extend(cells)
    terms = sorted(number)
    rank = numpy.empty(len(terms), dtype=numpy.min_scalar_type(len(terms)))
    rank[[number[term] for term in terms]] = numpy.arange(len(terms))
    numbers = rank[_concatenated(columns)]
    all_lengths = _concatenated(lengths)
    if by:
        numbers, all_lengths, ids = _merged(numbers, all_lengths, ids, by)
    analyzer, analysis = analyses.pop() if len(analyses) == 1 else (None, None)
    digest = _digest(numbers, all_lengths, terms, ids)
    matrix = DocumentTermMatrix(
        numbers, all_lengths, terms, ids, analyzer, analysis, len(numbers), digest, kept
    )
    return _pruned(matrix, min_df, max_df, max_features)


def _merged(
    numbers: "Array", lengths: "Array", encoded: list[bytes], by: str
) -> "tuple[Array, Array, list[bytes]]":
    """Tokens, lengths and ids of documents after those with the same id were put together."""
    import numpy

    from korpus.documents.cuts import order_of
    from korpus.documents.groups import log_missing

    names = _decoded(encoded)
    log_missing(by, names.count(""))
    merged = sorted(set(names), key=order_of(by))
    place = {name: number for number, name in enumerate(merged)}
    groups = numpy.fromiter(map(place.__getitem__, names), numpy.int32, len(names))
    order = numpy.argsort(numpy.repeat(groups, lengths), kind="stable")
    sums = numpy.bincount(groups, lengths, len(merged)).astype(lengths.dtype)
    return numbers[order], sums, [_encoded(merged)]


def _digest(numbers: "Array", lengths: "Array", terms: list[str], ids: list[bytes]) -> str:
    """A digest that does not depend on how the documents were split into parts."""
    digest = sha256(_encoded(terms) + b", ".join(encoded[1:-1] for encoded in ids))
    for values in (lengths, numbers):
        digest.update(values.astype(values.dtype.newbyteorder("<"), copy=False).data)
    return digest.hexdigest()


def known_term_counts(
    documents: Iterable[Record] | Iterable[Part], terms: list[str]
) -> "tuple[csr_matrix, list[str], int]":
    """Count the terms of a given vocabulary. Needs the whole input; holds ids and numbers.

    Columns in: `id`, `tokens`. Returns the counts (scipy CSR matrix, documents × terms, int64),
    the document ids, and the number of tokens read, including those outside the vocabulary.
    """
    import numpy

    number = {term: column for column, term in enumerate(terms)}
    unknown = len(terms)  # one more column for all of them, dropped at the end
    ids: list[str] = []
    columns: list[numpy.ndarray] = []
    lengths: list[numpy.ndarray] = []
    for part in parts_of(documents):
        ours = numpy.array([number.get(term, unknown) for term in part.terms], dtype=numpy.int32)
        columns.append(ours[numpy.asarray(part.numbers)])
        lengths.append(numpy.asarray(part.lengths))
        ids += part.ids
    numbers = _concatenated(columns)
    counts = _counts(numbers, _concatenated(lengths), unknown + 1)
    return counts[:, :unknown], ids, len(numbers)


def _concatenated(parts: "list[Array]") -> "Array":
    """One int32 array of all parts, empty if there are none."""
    import numpy

    return numpy.concatenate([numpy.empty(0, dtype=numpy.int32), *parts], dtype=numpy.int32)


def _counts(numbers: "Array", lengths: "Array", width: int) -> "csr_matrix":
    """The CSR matrix of tokens given as column numbers, document after document."""
    import numpy
    import scipy.sparse

    ends = numpy.concatenate([[0], lengths.cumsum(dtype=numpy.int64)])
    ones = numpy.ones(len(numbers), dtype=numpy.int64)
    columns = numbers.astype(numpy.int32)  # a copy, as sum_duplicates works in place
    counts = scipy.sparse.csr_matrix((ones, columns, ends), shape=(len(lengths), width))
    counts.sum_duplicates()
    return counts


def _pruned(
    matrix: DocumentTermMatrix, min_df: int | float, max_df: int | float, max_features: int | None
) -> DocumentTermMatrix:
    kept = chosen_terms(
        matrix.document_frequency,
        matrix.term_frequency,
        len(matrix.lengths),
        min_df,
        max_df,
        max_features,
    )
    return matrix if kept.all() else matrix.select_terms(kept)


def _encoded(ids: list[str]) -> bytes:
    return json.dumps(ids, ensure_ascii=False).encode("utf-8", _SURROGATES)


def _decoded(encoded: list[bytes]) -> list[str]:
    texts = (ids.decode("utf-8", _SURROGATES) for ids in encoded)
    return list(chain.from_iterable(map(json.loads, texts)))
