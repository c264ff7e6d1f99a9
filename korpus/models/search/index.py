"""The stage index: tokens → an index of documents that can be searched."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from korpus.files.model_files import Model
from korpus.messages import _, plural
from korpus.models.nearest import unit
from korpus.models.search.search_index import SearchIndex, identity
from korpus.models.search.store import LEFT_OUT, packed
from korpus.records import Counts, DocumentSource, Record, as_tokens, tokenized
from korpus.tokens import Part, count_terms, document_term_matrix

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_PLACES, _TEXT = "without places", "without text"


@dataclass
class StoredPart:
    """Some documents for an index: counted, compressed, and their vectors if there are any."""

    part: Part
    blocks: list[tuple[int, bytes]]
    columns: list[str]
    vectors: "Array | None"


def index(
    documents: "DocumentSource | Iterable[StoredPart]",
    *,
    vectors: Model | None = None,
    counts: Counts | None = None,
) -> SearchIndex:
    """Make an index of documents that `search` reads. Needs the whole input; holds counts.

    Parameters: `vectors`, a model that gives documents vectors, such as word2vec, for search by
    meaning; the index keeps the vectors of the documents. `documents` may be parts that
    `store_documents` made with the same `vectors` and with `counts`.

    Columns in: `id`, `text`, `tokens`; `spans` and `sentence_starts` (of `morph --spans`) let
    search mark what it found and give sentences. All other columns are kept for search to show and
    to choose by. Raises KorpusError if there are no tokens.
    """
    import numpy
    import scipy.sparse

    counts = Counts() if counts is None else counts
    blocks: list[tuple[int, bytes]] = []
    columns: dict[str, None] = {}
    found: list[Array] = []

    def parts() -> Iterator[Part]:
        for stored in _parts(documents, vectors, counts):
            blocks.extend(stored.blocks)
            columns.update(dict.fromkeys(stored.columns))
            found.extend([] if stored.vectors is None else [stored.vectors])
            yield stored.part

    matrix = document_term_matrix(parts())
    postings = scipy.sparse.csc_matrix(matrix.counts)
    sizes = [len(data) for _number, data in blocks]
    options: dict[str, Any] = {"columns": list(columns)}
    if vectors is not None:
        options["vectors"] = identity(vectors)
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
        vectors=numpy.concatenate(found) if found else None,
    )


def store_documents(
    documents: Iterable[Record], *, vectors: Model | None = None, counts: Counts | None = None
) -> Iterator[StoredPart]:
    """Count and compress documents in parts: the work of `index` that workers do. Streams."""
    counts = Counts() if counts is None else counts
    seen: list[Record] = []

    def watched() -> Iterator[Record]:
        for record in tokenized(documents, looked_up=True):
            seen.append(record)
            yield record

    for part in count_terms(watched()):
        columns = dict.fromkeys(chain.from_iterable(seen))
        shown = [name for name in columns if name not in LEFT_OUT]
        counts[_PLACES] += sum(record.get("spans") is None for record in seen)
        counts[_TEXT] += sum(record.get("text") is None for record in seen)
        found = None
        if vectors is not None:
            found = unit(vectors.vectors_of(seen)).astype("float32")
        yield StoredPart(part, packed(seen), shown, found)
        seen.clear()


def _parts(
    documents: "DocumentSource | Iterable[StoredPart]", vectors: Model | None, counts: Counts
) -> Iterator[StoredPart]:
    items: Iterator[Record | StoredPart] = iter(as_tokens(cast("DocumentSource", documents)))
    first = next(items, None)
    everything = () if first is None else chain([first], items)
    if isinstance(first, StoredPart):
        yield from cast("Iterator[StoredPart]", everything)
    else:
        stage = partial(store_documents, vectors=vectors, counts=counts)
        yield from stage(cast("Iterator[Record]", everything))


def _log(lengths: "Array", vectors: "list[Array]", counts: Counts) -> None:
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
    without = sum(int((~part.any(axis=1)).sum()) for part in vectors)
    if without:
        logger.info(_("%s without a word of the model: no vector"), plural(without, "document"))


def counted(counts: Counts, name: str) -> str:
    """A number of documents that was counted, for messages."""
    return plural(counts[name], "document")
