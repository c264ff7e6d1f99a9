"""The document-term matrix that TF-IDF and the topic models start from."""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import chain, compress, count, islice
from typing import TYPE_CHECKING, Any

from korpus.errors import KorpusError, UsageError
from korpus.records import Counts, Record, check_strings, tokenized

if TYPE_CHECKING:
    import numpy

_TOGETHER = 5000  # documents of a part
_SURROGATES = "surrogatepass"  # ids are what they are


@dataclass
class DocumentTermMatrix:
    """Terms of documents as numbers, and how often each term occurs in each document.

    `numbers`: the tokens as places in `terms`, one document after the other, in their order, in the
    smallest unsigned integers that hold them. `lengths`: int32, how many of them each document has.
    `terms`: the vocabulary, sorted. `packed_ids`: document ids, see `ids`. `analyzer`, `analysis`:
    how the tokens were made, where all documents agree. `tokens`: how many tokens were read, before
    any was left out. `digest`: SHA-256 of ids and tokens.
    """

    numbers: "numpy.ndarray"
    lengths: "numpy.ndarray"
    terms: list[str]
    packed_ids: list[bytes]
    analyzer: str | None
    analysis: str | None
    tokens: int
    digest: str

    @property
    def ids(self) -> list[str]:
        """Document ids. Packed they take a tenth of the memory, until the end of a fit."""
        packed = (ids.decode("utf-8", _SURROGATES) for ids in self.packed_ids)
        return list(chain.from_iterable(map(json.loads, packed)))

    @cached_property
    def counts(self) -> Any:
        """Counts of terms by document: scipy CSR matrix, documents × terms, int64."""
        return _counts(self.numbers, self.lengths, len(self.terms))

    @property
    def document_frequency(self) -> "numpy.ndarray":
        """In how many documents each term occurs."""
        import numpy

        return numpy.bincount(self.counts.indices, minlength=len(self.terms))

    @cached_property
    def term_frequency(self) -> "numpy.ndarray":
        """How often each term occurs."""
        import numpy

        return numpy.bincount(self.numbers, minlength=len(self.terms))

    def of_documents(self, chosen: "numpy.ndarray") -> "DocumentTermMatrix":
        """The documents where `chosen` (bool, one a document) is true, with all terms."""
        import numpy

        return replace(
            self,
            numbers=self.numbers[numpy.repeat(chosen, self.lengths)],
            lengths=self.lengths[chosen],
            packed_ids=[_packed(list(compress(self.ids, chosen)))],
        )

    def of_terms(self, chosen: "numpy.ndarray") -> "DocumentTermMatrix":
        """The terms where `chosen` (bool, one a term) is true, with all documents."""
        import numpy

        kept = chosen[self.numbers]
        owners = numpy.repeat(numpy.arange(len(self.lengths)), self.lengths)
        places = (chosen.cumsum() - 1).astype(self.numbers.dtype)
        return replace(
            self,
            numbers=places[self.numbers[kept]],
            lengths=numpy.bincount(owners[kept], minlength=len(self.lengths)).astype(numpy.int32),
            terms=list(compress(self.terms, chosen)),
        )

    def provenance(self) -> dict[str, Any]:
        """What a model file says of the documents it was fitted on."""
        return {
            "analyzer": self.analyzer,
            "analysis": self.analysis,
            "documents": len(self.lengths),
            "tokens": self.tokens,
            "digest": self.digest,
        }


@dataclass
class Part:
    """Some documents with their terms as numbers: what a worker hands over, and adds up.

    `ids`: of the documents. `terms`: their vocabulary. `numbers`: their tokens, one document after
    the other, as places in `terms`. `lengths`: how many each has. `analyses`: how they were made.
    """

    ids: list[str]
    terms: list[str]
    numbers: "array[int]"
    lengths: "array[int]"
    analyses: set[tuple[str | None, str | None]]


def count_terms(documents: Iterable[Record], *, counts: Counts | None = None) -> Iterator[Part]:
    """The part of `document_term_matrix` that workers can share: tokens to numbers. Streams.

    Columns in: `id`, `tokens`. Out: parts of at most so many documents as are quickly handed over.
    `counts` stays as it is. Raises KorpusError for records without tokens.
    """
    found = tokenized(documents, looked_up=True)
    while (part := _part(islice(found, _TOGETHER))).ids:
        yield part


def _part(records: Iterable[Record]) -> Part:
    ids: list[str] = []
    number: defaultdict[str, int] = defaultdict(count().__next__)  # the next for a new term
    numbers, lengths = array("i"), array("i")
    analyses: set[tuple[str | None, str | None]] = set()
    for record in records:
        tokens = record["tokens"]
        try:
            "".join(tokens)  # the quickest way to see that these are strings
        except TypeError:
            check_strings(record)
            raise
        ids.append(record["id"])
        numbers.extend(map(number.__getitem__, tokens))
        lengths.append(len(tokens))
        analyses.add((record.get("analyzer"), record.get("analysis")))
    return Part(ids, list(number), numbers, lengths, analyses)


def document_term_matrix(
    documents: Iterable[Record] | Iterable[Part],
    *,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    max_features: int | None = None,
) -> DocumentTermMatrix:
    """Count the terms of each document. Holds ids and numbers, not the documents.

    `documents`: records, or what `count_terms` made of them. `min_df`, `max_df`: least and greatest
    document frequency of a term, an int for a number of documents, a float for a share of them.
    `max_features`: only so many terms, the most frequent ones (ties by term). The rules are those
    of scikit-learn's CountVectorizer.

    Columns in: `id`, `tokens`. Raises KorpusError where no term is left.
    """
    import numpy

    _check(min_df, max_df, max_features)
    number: defaultdict[str, int] = defaultdict(count().__next__)
    ids: list[bytes] = []
    analyses: set[tuple[str | None, str | None]] = set()
    columns: list[numpy.ndarray] = []
    lengths: list[numpy.ndarray] = []
    for part in parts_of(documents):
        ours = numpy.fromiter(map(number.__getitem__, part.terms), numpy.int32, len(part.terms))
        columns.append(ours[numpy.asarray(part.numbers)])
        lengths.append(numpy.asarray(part.lengths))
        ids.append(_packed(part.ids))
        analyses |= part.analyses
    terms = sorted(number)
    rank = numpy.empty(len(terms), dtype=numpy.min_scalar_type(len(terms)))
    rank[[number[term] for term in terms]] = numpy.arange(len(terms))
    numbers = rank[_joined(columns, numpy.int32)]
    joined = _joined(lengths, numpy.int32)
    analyzer, analysis = analyses.pop() if len(analyses) == 1 else (None, None)
    digest = _digest(numbers, joined, terms, ids)
    matrix = DocumentTermMatrix(
        numbers, joined, terms, ids, analyzer, analysis, len(numbers), digest
    )
    return _pruned(matrix, min_df, max_df, max_features)


def _digest(
    numbers: "numpy.ndarray", lengths: "numpy.ndarray", terms: list[str], ids: list[bytes]
) -> str:
    """The same for the same documents, in whatever parts they came."""
    digest = sha256(_packed(terms) + b", ".join(packed[1:-1] for packed in ids))
    for values in (lengths, numbers):
        digest.update(values.astype(values.dtype.newbyteorder("<"), copy=False).data)
    return digest.hexdigest()


def parts_of(documents: Iterable[Record] | Iterable[Part]) -> Iterator[Part]:
    """Parts of documents, whether they are records or parts already. Streams."""
    found: Iterator[Any] = iter(documents)
    for first in found:
        everything = chain([first], found)
        yield from everything if isinstance(first, Part) else count_terms(everything)


def known_term_counts(
    documents: Iterable[Record] | Iterable[Part], terms: list[str]
) -> tuple[Any, list[str], int]:
    """Count the terms of a given vocabulary, for a model that was fitted on it. Holds the counts.

    Columns in: `id`, `tokens`. Returns the counts (scipy CSR matrix, documents × terms, int64),
    the ids, and how many tokens were read, whether they are in the vocabulary or not.
    """
    import numpy

    number = {term: place for place, term in enumerate(terms)}
    unknown = len(terms)  # a column for all of them, taken off at the end
    ids: list[str] = []
    columns: list[numpy.ndarray] = []
    lengths: list[numpy.ndarray] = []
    for part in parts_of(documents):
        ours = numpy.array([number.get(term, unknown) for term in part.terms], dtype=numpy.int32)
        columns.append(ours[numpy.asarray(part.numbers)])
        lengths.append(numpy.asarray(part.lengths))
        ids += part.ids
    numbers = _joined(columns, numpy.int32)
    counts = _counts(numbers, _joined(lengths, numpy.int32), unknown + 1)
    return counts[:, :unknown], ids, len(numbers)


def _joined(parts: "list[numpy.ndarray]", dtype: type) -> "numpy.ndarray":
    import numpy

    return numpy.concatenate([numpy.empty(0, dtype=dtype), *parts], dtype=dtype)


def _counts(numbers: "numpy.ndarray", lengths: "numpy.ndarray", width: int) -> Any:
    """The CSR matrix of tokens as columns, one document after the other."""
    import numpy
    import scipy.sparse

    ends = numpy.concatenate([[0], lengths.cumsum(dtype=numpy.int64)])
    ones = numpy.ones(len(numbers), dtype=numpy.int64)
    columns = numbers.astype(numpy.int32)  # a copy: duplicates are summed where they lie
    counts = scipy.sparse.csr_matrix((ones, columns, ends), shape=(len(lengths), width))
    counts.sum_duplicates()
    return counts


def _pruned(
    matrix: DocumentTermMatrix, min_df: int | float, max_df: int | float, max_features: int | None
) -> DocumentTermMatrix:
    import numpy

    if not matrix.terms:
        raise KorpusError(
            "there are no tokens to count", "the input is empty, or everything was removed before"
        )
    documents = len(matrix.lengths)
    least = min_df if isinstance(min_df, int) else min_df * documents
    most = max_df if isinstance(max_df, int) else max_df * documents
    if least > 1 or most < documents:
        frequency = matrix.document_frequency
        kept = (frequency >= least) & (frequency <= most)
    else:
        kept = numpy.ones(len(matrix.terms), dtype=bool)
    if max_features is not None and kept.sum() > max_features:
        order = numpy.argsort(-matrix.term_frequency[kept], kind="stable")[:max_features]
        positions = numpy.flatnonzero(kept)[order]
        kept = numpy.zeros_like(kept)
        kept[positions] = True
    if not kept.any():
        raise KorpusError(
            f"no term is left: none of {len(kept):,} has a document frequency from {least:g} "
            f"to {most:g}",
            "lower --min-df or raise --max-df",
        )
    return matrix if kept.all() else matrix.of_terms(kept)


def _check(min_df: int | float, max_df: int | float, max_features: int | None) -> None:
    for option, value in (("--min-df", min_df), ("--max-df", max_df)):
        if value < 0 or (isinstance(value, float) and value > 1):
            raise UsageError(
                f"{option} {value} is neither a number of documents nor a share of them",
                "5 means five documents, 0.05 five per cent of them",
            )
    if max_features is not None and max_features < 1:
        raise UsageError(f"--max-features {max_features} is less than 1")


def _packed(ids: list[str]) -> bytes:
    return json.dumps(ids, ensure_ascii=False).encode("utf-8", _SURROGATES)
