"""The stage compare: the most similar pairs of documents."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from korpus.checks import check_choice, check_least
from korpus.errors import KorpusError, UsageError
from korpus.inputs import as_records
from korpus.messages import _, plural
from korpus.models.blas import one_blas_thread
from korpus.models.kiwi_vectors import vectors as kiwi_vectors
from korpus.models.nearest import unit
from korpus.models.vector_model import VectorModel
from korpus.models.weighting import Weighting
from korpus.records import DocumentSource, Record, Row, Table, log_repeated, tokenized
from korpus.tokens import document_term_matrix

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

EDIT, VECTORS = "edit", "vectors"
MEASURES = ("cosine", "jaccard", VECTORS, EDIT)
_CELLS = 1 << 23  # pairs compared at once
_DIGITS = 12  # of cosines: rounding errors would tell equal pairs apart


@dataclass
class _Found:
    """Pairs by similarity: rows of the first, of the second, and how similar they are."""

    first: "Array"
    second: "Array"
    similarity: "Array"

    def best(self, most: int | None) -> "_Found":
        """The most similar pairs; ties in the order of the documents."""
        import numpy

        order = numpy.lexsort((self.second, self.first, -self.similarity))[:most]
        return _Found(self.first[order], self.second[order], self.similarity[order])

    def nearest(self, most: int) -> "_Found":
        """The most similar ones of each first document, in the order of these."""
        import numpy

        order = numpy.lexsort((self.second, -self.similarity, self.first))
        first = self.first[order]
        starts = numpy.flatnonzero(numpy.diff(first, prepend=-1))
        counts = numpy.diff(numpy.append(starts, len(first)))
        places = numpy.arange(len(first)) - numpy.repeat(starts, counts)
        order = order[places < most]
        return _Found(self.first[order], self.second[order], self.similarity[order])


def compare(
    documents: "DocumentSource",
    other: "DocumentSource | None" = None,
    *,
    measure: str = "cosine",
    vectors: VectorModel | None = None,
    top: int | None = 20,
    nearest: int | None = None,
    threshold: float = 0.0,
    text: bool = False,
) -> Table:
    """Find the most similar pairs of documents: of two sources, or within one.

    Needs the whole input; compares all pairs, blockwise. `measure`: `cosine` of TF-IDF (as
    `korpus.tfidf`, fitted on both sources), `jaccard`, the share of distinct terms that both have,
    `vectors`, the cosine of document vectors (weighted means of the words' vectors), or `edit`, 1 -
    the Levenshtein distance of the texts / the length of the longer one.
    `vectors`: for that measure, a model of word vectors (default: Kiwi's).
    `top`: number of pairs, the most similar first (None: all). `nearest`: instead, so many of the
    most similar others of each document. `threshold`: the least similarity; pairs with 0 are never
    given. `text`: adds the texts.

    Columns in: `id`, `tokens`; with `edit` `id`, `text`. Out: `rank` (with `nearest` per
    document), `a`, `b`, `similarity`; with `text` `text_a`, `text_b`.
    Logs that there is no pair, and repeated ids. Raises UsageError for wrong options, KorpusError
    if there are no tokens.
    """
    check_compare(measure, top, nearest, threshold)
    is_one = other is None
    texts: list[list[str]] = [[], []]
    is_edit = measure == EDIT
    keeps_text = text or is_edit
    kept = [
        _watched(
            as_records(source) if is_edit else tokenized(source),
            texts[place] if keeps_text else None,
        )
        for place, source in enumerate([documents, [] if other is None else other])
    ]
    first, second, ids = _prepared(kept, measure, texts, is_one, vectors)
    found = _pairs(first, second, measure, is_one, top, nearest, threshold)
    for names in ids:
        log_repeated(names)
    if is_one and len(ids[0]) < 2:
        logger.info(_("%s: there is nothing to compare"), plural(len(ids[0]), "document"))
    elif not len(found.similarity):
        logger.info(_("no pair of documents is similar, or reaches --threshold"))
    ids_b, texts_b = (ids[0], texts[0]) if is_one else (ids[1], texts[1])

    def rows() -> Iterator[Row]:
        rank, before = 0, -1
        for a, b, value in zip(
            found.first.tolist(), found.second.tolist(), found.similarity.tolist(), strict=True
        ):
            rank = 1 if nearest and a != before else rank + 1
            before = a
            shown = (texts[0][a], texts_b[b]) if text else ()
            yield rank, ids[0][a], ids_b[b], value, *shown

    more = ["text_a", "text_b"]
    more = more if text else []
    return Table(["rank", "a", "b", "similarity", *more], rows)


def check_compare(measure: str, top: int | None, nearest: int | None, threshold: float) -> None:
    """Raises UsageError for options that `compare` does not take."""
    check_choice("--measure", measure, MEASURES)
    check_least("--top", top, 1)
    check_least("--nearest", nearest, 1)
    if not 0 <= threshold <= 1:
        raise UsageError(
            _("{option} {value} is not from 0 to 1").format(option="--threshold", value=threshold)
        )


def _watched(source: Iterable[Record], texts: list[str] | None) -> Iterator[Record]:
    """Pass on documents, and keep their texts."""
    for record in source:
        if texts is not None:
            if "text" not in record:
                raise KorpusError(
                    _("document {id!r} has no column {column!r}").format(
                        id=record["id"], column="text"
                    ),
                    _("korpus read -c COLUMN makes it of another column"),
                )
            texts.append(str(record["text"] or ""))
        yield record


def _prepared(
    sources: list[Iterator[Record]],
    measure: str,
    texts: list[list[str]],
    is_one: bool,
    vectors: VectorModel | None,
) -> tuple[Any, Any, list[list[str]]]:
    """What is compared, of both sources, and their ids."""
    import numpy
    import scipy.sparse

    ids: list[list[str]] = [[], []]

    def counted() -> Iterator[Record]:
        for place, source in enumerate(sources):
            for record in source:
                ids[place].append(record["id"])
                yield record

    if measure == EDIT:
        for _record in counted():
            pass
        return texts[0], texts[0] if is_one else texts[1], ids
    rows: Array | csr_matrix
    if measure == VECTORS:
        model = vectors or kiwi_vectors()
        rows = unit(model.document_vectors(counted()).vectors)
    elif measure == "cosine":
        matrix = document_term_matrix(counted())
        idf = Weighting().idf_of(matrix.document_frequency, len(matrix.lengths))
        rows = scipy.sparse.csr_matrix(Weighting().weigh(matrix.counts, idf)[1])
    else:
        rows = document_term_matrix(counted()).counts.astype(numpy.float64)
        rows.data[:] = 1
    size = len(ids[0])
    return rows[:size], rows[:size] if is_one else rows[size:], ids


@one_blas_thread
def _pairs(
    first: Any,
    second: Any,
    measure: str,
    is_one: bool,
    top: int | None,
    nearest: int | None,
    threshold: float,
) -> _Found:
    """The pairs that are wanted. Some rows at a time."""
    import numpy

    size, width = (len(side) if measure == EDIT else side.shape[0] for side in (first, second))
    step = max(1, _CELLS // max(width, 1))
    none = numpy.empty(0, int)
    found = _Found(none, none, numpy.empty(0))
    for start in range(0, size, step):
        block = _block(first[start : start + step], second, measure, threshold)
        kept = block.similarity >= max(threshold, numpy.finfo(float).tiny)
        if is_one:
            kept &= (
                block.first + start != block.second
                if nearest
                else block.first + start < block.second
            )
        if top is not None and not nearest and len(found.similarity) == top:
            kept &= block.similarity >= found.similarity[-1]
        more = _Found(block.first[kept] + start, block.second[kept], block.similarity[kept])
        if nearest:
            more = more.nearest(nearest)
        found = _Found(
            numpy.concatenate([found.first, more.first]),
            numpy.concatenate([found.second, more.second]),
            numpy.concatenate([found.similarity, more.similarity]),
        )
        if not nearest:
            found = found.best(top)
    return found


def _block(first: Any, second: Any, measure: str, threshold: float) -> _Found:
    """The similarities above 0 of some rows with all of the second."""
    import numpy

    if measure == EDIT:
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.process import cdist

        scores = cdist(
            first,
            second,
            scorer=Levenshtein.normalized_similarity,
            score_cutoff=threshold or None,
            dtype=numpy.float64,
        )
        both_empty = [not text for text in first], [not text for text in second]
        scores[numpy.outer(*both_empty)] = 0  # nothing is not like nothing
    elif measure == VECTORS:
        scores = (first @ second.T).round(_DIGITS)
    if measure in (EDIT, VECTORS):
        rows, columns = (scores > 0).nonzero()
        return _Found(rows, columns, scores[rows, columns])
    product: csr_matrix = (first @ second.T).tocoo()
    values = product.data
    if measure == "jaccard":
        sizes = [numpy.asarray(side.sum(axis=1)).ravel() for side in (first, second)]
        values = values / (sizes[0][product.row] + sizes[1][product.col] - values)
    else:
        values = values.round(_DIGITS)
    return _Found(product.row.astype(int), product.col.astype(int), values)
