"""The stage index: tokens → an index of documents that can be searched."""

import logging
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from korpus.files.model_files import Model
from korpus.messages import _, plural
from korpus.models.blas import one_blas_thread
from korpus.models.embeddings import DocumentEmbeddings, any_vectors
from korpus.models.nearest import unit
from korpus.models.search.search_index import SearchIndex, identity
from korpus.models.search.store import LEFT_OUT, packed
from korpus.models.term_model import log_unknown
from korpus.models.vector_model import VectorModel, Word, weighted_means, words_of
from korpus.records import Counts, DocumentSource, Record, RecordStream, as_tokens
from korpus.tokens import Part, count_terms, document_term_matrix
from korpus.tokens.given_parts import as_parts

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_CHUNK = 10_000  # documents whose vectors are made at once
_PLACES, _TEXT = "without places", "without text"


@dataclass
class StoredPart:
    """Some documents for an index: counted and compressed.

    `words`, `numbers`: for vectors, the words with their tags, and all tokens as indices into
    these.
    """

    part: Part
    blocks: list[tuple[int, bytes]]
    columns: list[str]
    words: list[Word]
    numbers: "array[int]"


def index(
    documents: "DocumentSource | Iterable[StoredPart]",
    *,
    vectors: Model | None = None,
    counts: Counts | None = None,
) -> SearchIndex:
    """Make an index of documents that `search` reads. Needs the whole input; holds counts.

    Parameters: `vectors`, a model that gives documents vectors, word2vec or tf_embed, for search by
    meaning; the index keeps the vectors of the documents. `documents` may be parts that
    `store_documents` made, `with_words` if there are `vectors`, and with `counts`.

    Columns in: `id`, `text`, `tokens`; `spans` and `sentence_starts` (of `morph --spans`) let
    search mark what it found and give sentences. All other columns are kept for search to show and
    to choose by. Raises KorpusError if there are no tokens.
    """
    import numpy
    import scipy.sparse

    counts = Counts() if counts is None else counts
    blocks: list[tuple[int, bytes]] = []
    columns: dict[str, None] = {}
    model = None if vectors is None else any_vectors(vectors)
    word_model = model if isinstance(model, VectorModel) else None
    numbers: defaultdict[Word, int] = defaultdict(count().__next__)
    tokens: list[Array] = []

    def parts() -> Iterator[Part]:
        for stored in _parts(documents, word_model is not None, counts):
            blocks.extend(stored.blocks)
            columns.update(dict.fromkeys(stored.columns))
            ours = numpy.fromiter(map(numbers.__getitem__, stored.words), numpy.int32)
            tokens.append(ours[numpy.asarray(stored.numbers)] if word_model else ours)
            yield stored.part

    matrix = document_term_matrix(parts())
    postings = scipy.sparse.csc_matrix(matrix.counts)
    sizes = [len(data) for _number, data in blocks]
    options: dict[str, Any] = {"columns": list(columns)}
    found = None
    if model is not None:
        options["vectors"] = identity(model)
        if word_model is not None:
            every = numpy.concatenate(tokens)
            found = _vectors(word_model, list(numbers), every, matrix.lengths)
        elif isinstance(model, DocumentEmbeddings):
            found = unit(model.rows_of(matrix.ids)).astype(numpy.float32)
    _log(matrix.lengths, found, counts)
    return SearchIndex(
        terms=matrix.terms,
        options=options,
        provenance=matrix.provenance(),
        starts=postings.indptr.astype(numpy.int64),
        documents=postings.indices.astype(numpy.int32),
        counts=postings.data.astype(numpy.int32),
        lengths=matrix.lengths.astype(numpy.int32),
        blocks=numpy.frombuffer(b"".join(data for _number, data in blocks), dtype=numpy.uint8),
        block_ends=numpy.cumsum(sizes, dtype=numpy.int64),
        block_lasts=numpy.cumsum([number for number, _data in blocks], dtype=numpy.int64),
        vectors=found,
    )


def store_documents(
    documents: Iterable[Record], *, with_words: bool = False, counts: Counts | None = None
) -> Iterator[StoredPart]:
    """Count and compress documents in parts: the work of `index` that workers do. Streams."""
    counts = Counts() if counts is None else counts
    seen: list[Record] = []

    def watched() -> Iterator[Record]:
        for record in as_tokens(documents):
            seen.append(record)
            yield record

    for part in count_terms(RecordStream.from_iterable([watched()])):
        columns = dict.fromkeys(chain.from_iterable(seen))
        shown = [name for name in columns if name not in LEFT_OUT]
        counts[_PLACES] += sum(record.get("spans") is None for record in seen)
        counts[_TEXT] += sum(record.get("text") is None for record in seen)
        number: defaultdict[Word, int] = defaultdict(count().__next__)
        numbers = array("i")
        for record in seen if with_words else ():
            numbers.extend(number[Word._make(word)] for word in words_of(record))
        yield StoredPart(part, packed(seen), shown, list(number), numbers)
        seen.clear()


def _parts(
    documents: "DocumentSource | Iterable[StoredPart]", with_words: bool, counts: Counts
) -> Iterator[StoredPart]:
    make = partial(store_documents, with_words=with_words, counts=counts)
    return as_parts(documents, StoredPart, make)


@one_blas_thread
def _vectors(model: VectorModel, words: list[Word], tokens: "Array", lengths: "Array") -> "Array":
    """The vectors of documents (float32), of length 1. `tokens`: as indices into `words`."""
    import numpy

    vectors, weights = model.known_vectors(words)
    ends = numpy.concatenate([[0], lengths.cumsum(dtype=numpy.int64)])
    found = numpy.empty((len(lengths), vectors.shape[1]), numpy.float32)
    known = 0
    for start in range(0, len(lengths), _CHUNK):
        its_ends = ends[start : start + _CHUNK + 1]
        its_tokens = tokens[its_ends[0] : its_ends[-1]]
        means, of_each = weighted_means(its_tokens, its_ends - its_ends[0], vectors, weights)
        found[start : start + _CHUNK] = unit(means)
        known += int(of_each.sum())
    log_unknown(len(tokens) - known, len(tokens))
    return found


def _log(lengths: "Array", vectors: "Array | None", counts: Counts) -> None:
    logger.info(
        _("index of %s, %s"),
        plural(len(lengths), "document"),
        plural(int(lengths.sum()), "token"),
    )
    if counts[_TEXT]:
        logger.warning(_("%s without a text: search cannot show it"), counted(counts, _TEXT))
    if counts[_PLACES]:
        logger.info(
            _("%s without places: search marks nothing in them; morph --spans adds places"),
            counted(counts, _PLACES),
        )
    without = 0 if vectors is None else int((~vectors.any(axis=1)).sum())
    if without:
        logger.info(_("%s without a word of the model: no vector"), plural(without, "document"))


def counted(counts: Counts, name: str) -> str:
    """A number of documents that was counted, for messages."""
    return plural(counts[name], "document")
