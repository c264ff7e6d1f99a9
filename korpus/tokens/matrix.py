"""The document-term matrix that TF-IDF and the topic models start from."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, count, islice
from typing import TYPE_CHECKING, Any

from korpus.errors import KorpusError, UsageError
from korpus.records import Notes, Record, check_strings, tokenized

if TYPE_CHECKING:
    import numpy

_TOGETHER = 2000  # documents of a part


@dataclass
class Matrix:
    """Counts of terms by document.

    `counts`: scipy CSR matrix, documents × terms, int64. `terms`: the vocabulary, sorted.
    `ids`: document ids. `analyzer`, `analysis`: how the tokens were made, where all documents
    agree. `tokens`: how many tokens were read, before any was left out. `digest`: SHA-256 over
    ids and tokens.
    """

    counts: Any
    terms: list[str]
    ids: list[str]
    analyzer: str | None
    analysis: str | None
    tokens: int
    digest: str

    @property
    def document_frequency(self) -> "numpy.ndarray":
        """In how many documents each term occurs."""
        import numpy

        return numpy.bincount(self.counts.indices, minlength=len(self.terms))

    @property
    def term_frequency(self) -> "numpy.ndarray":
        """How often each term occurs."""
        import numpy

        return numpy.asarray(self.counts.sum(axis=0)).ravel()

    def origin(self) -> dict[str, Any]:
        """What a model file says of the documents it was fitted on."""
        return {
            "analyzer": self.analyzer,
            "analysis": self.analysis,
            "documents": len(self.ids),
            "tokens": self.tokens,
            "digest": self.digest,
        }


@dataclass
class Part:
    """Some documents with their terms as numbers: what a worker hands over, and adds up.

    `ids`: of the documents. `terms`: the vocabulary of these documents. `numbers`: their tokens,
    one document after the other, as places in `terms`. `lengths`: how many each document has.
    `analyses`: how the tokens were made. `digested`: what the digest is taken over.
    """

    ids: list[str]
    terms: list[str]
    numbers: "array[int]"
    lengths: "array[int]"
    analyses: set[tuple[str | None, str | None]]
    digested: bytes


def count_terms(documents: Iterable[Record], *, notes: Notes | None = None) -> Iterator[Part]:
    """The part of `document_term_matrix` that workers can share: tokens to numbers. Streams.

    Columns in: `id`, `tokens`. Out: parts of at most so many documents as are quickly handed over.
    `notes` stays as it is. Raises KorpusError for records without tokens.
    """
    found = tokenized(documents, looked_up=True)
    while (part := _part(islice(found, _TOGETHER))).ids:
        yield part


def _part(records: Iterable[Record]) -> Part:
    ids: list[str] = []
    tokens: list[str] = []
    lengths = array("i")
    analyses: set[tuple[str | None, str | None]] = set()
    digested: list[str] = []
    for record in records:
        its_tokens = record["tokens"]
        try:
            digested.append("\x1f".join([record["id"], *its_tokens, "\x1e"]))
        except TypeError:
            check_strings(record)
            raise
        ids.append(record["id"])
        tokens += its_tokens
        lengths.append(len(its_tokens))
        analyses.add((record.get("analyzer"), record.get("analysis")))
    number: defaultdict[str, int] = defaultdict(count().__next__)  # the next for a new term
    numbers = array("i", map(number.__getitem__, tokens))
    digest = "".join(digested).encode("utf-8", "replace")
    return Part(ids, list(number), numbers, lengths, analyses, digest)


def document_term_matrix(
    documents: Iterable[Record] | Iterable[Part],
    *,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    max_features: int | None = None,
) -> Matrix:
    """Count the terms of each document. Holds ids and counts, not the documents.

    `documents`: records, or what `count_terms` made of them. `min_df`, `max_df`: least and greatest
    document frequency of a term, an int for a number of documents, a float for a share of them.
    `max_features`: only so many terms, the most frequent ones (ties by term). The rules are those
    of scikit-learn's CountVectorizer.

    Columns in: `id`, `tokens`. Raises KorpusError where no term is left.
    """
    import numpy

    _check(min_df, max_df, max_features)
    number: defaultdict[str, int] = defaultdict(count().__next__)
    ids: list[str] = []
    analyses: set[tuple[str | None, str | None]] = set()
    digest = sha256()
    columns = [numpy.empty(0, dtype=numpy.int32)]
    lengths = [numpy.zeros(1, dtype=numpy.int32)]
    for part in parts_of(documents):
        ours = numpy.fromiter(map(number.__getitem__, part.terms), numpy.int32, len(part.terms))
        columns.append(ours[numpy.asarray(part.numbers)])
        lengths.append(numpy.asarray(part.lengths))
        ids += part.ids
        analyses |= part.analyses
        digest.update(part.digested)
    terms = sorted(number)
    rank = numpy.empty(len(terms), dtype=numpy.int32)
    rank[[number[term] for term in terms]] = numpy.arange(len(terms))
    indices = rank[numpy.concatenate(columns)]
    counts = _counts(indices, lengths, len(terms))
    analyzer, analysis = analyses.pop() if len(analyses) == 1 else (None, None)
    matrix = Matrix(counts, terms, ids, analyzer, analysis, len(indices), digest.hexdigest())
    return _pruned(matrix, min_df, max_df, max_features)


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
    columns = [numpy.empty(0, dtype=numpy.int32)]
    lengths = [numpy.zeros(1, dtype=numpy.int32)]
    for part in parts_of(documents):
        ours = numpy.array([number.get(term, unknown) for term in part.terms], dtype=numpy.int32)
        columns.append(ours[numpy.asarray(part.numbers)])
        lengths.append(numpy.asarray(part.lengths))
        ids += part.ids
    indices = numpy.concatenate(columns)
    return _counts(indices, lengths, unknown + 1)[:, :unknown], ids, len(indices)


def _counts(indices: "numpy.ndarray", lengths: "list[numpy.ndarray]", width: int) -> Any:
    """The CSR matrix of tokens as columns, one document after the other."""
    import numpy
    import scipy.sparse

    ends = numpy.concatenate(lengths).cumsum()
    ones = numpy.ones(len(indices), dtype=numpy.int64)
    counts = scipy.sparse.csr_matrix((ones, indices, ends), shape=(len(ends) - 1, width))
    counts.sum_duplicates()
    return counts


def _pruned(
    matrix: Matrix, min_df: int | float, max_df: int | float, max_features: int | None
) -> Matrix:
    import numpy

    if not matrix.terms:
        raise KorpusError(
            "there are no tokens to count", "the input is empty, or everything was removed before"
        )
    documents = len(matrix.ids)
    least = min_df if isinstance(min_df, int) else min_df * documents
    most = max_df if isinstance(max_df, int) else max_df * documents
    if least <= 1 and most >= documents and max_features is None:
        return matrix
    frequency = matrix.document_frequency
    kept = (frequency >= least) & (frequency <= most)
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
    if not kept.all():
        matrix.counts = matrix.counts[:, kept]
        matrix.terms = [matrix.terms[position] for position in numpy.flatnonzero(kept)]
    return matrix


def _check(min_df: int | float, max_df: int | float, max_features: int | None) -> None:
    for option, value in (("--min-df", min_df), ("--max-df", max_df)):
        if value < 0 or (isinstance(value, float) and value > 1):
            raise UsageError(
                f"{option} {value} is neither a number of documents nor a share of them",
                "5 means five documents, 0.05 five per cent of them",
            )
    if max_features is not None and max_features < 1:
        raise UsageError(f"--max-features {max_features} is less than 1")
