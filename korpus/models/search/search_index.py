"""An index of documents (색인), and search in it."""

import logging
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING, Any, ClassVar, Self

from korpus.analyzers import WordTable
from korpus.checks import check_choice, check_least
from korpus.errors import KorpusError, UsageError
from korpus.files.model_files import ArraySpec, Header, Model
from korpus.messages import _
from korpus.models.embeddings import DocumentEmbeddings, any_vectors
from korpus.models.nearest import unit
from korpus.models.search.filters import Filter
from korpus.models.search.passages import around, best_sentence, matches, passage, sentences
from korpus.models.search.queries import Query, analysed
from korpus.models.search.ranking import Postings, Ranking, best, cosines, fused
from korpus.models.search.store import Store
from korpus.models.term_model import TermModel
from korpus.models.vector_model import VectorModel
from korpus.records import DocumentSource, Record, Row, Table

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

BM25, VECTORS, BOTH = METHODS = ("bm25", "vectors", "both")
_HIDDEN = frozenset({"id", "text", "tokens", "tags", "spans", "sentence_starts"})
_QUERY = ["query_id", "query"]
_RANKED = ["rank", "score", "id"]
_PASSAGE = ["passage"]
_SENTENCES = ["text", "start", "end"]
_DIGITS = 6  # of scores
_DEPTH = 1000  # documents of each ranking that are fused


@dataclass(kw_only=True, eq=False, repr=False)
class SearchIndex(TermModel):
    """An index of documents: their terms for BM25, their texts and columns, and their vectors.

    `starts`, `documents`, `counts`, `lengths`: see `Postings`. `blocks`, `block_ends`,
    `block_lasts`: see `Store`. `vectors`: float32, documents × d, rows of length 1 or zero, or
    None. A loaded index stays on disk: a search reads what it needs.
    """

    kind: ClassVar[str] = "index"
    array_specs: ClassVar[Mapping[str, ArraySpec]] = {
        "starts": ("int64", "s"),
        "documents": ("int32", "p"),
        "counts": ("int32", "p"),
        "lengths": ("int32", "n"),
        "blocks": ("uint8", "b"),
        "block_ends": ("int64", "m"),
        "block_lasts": ("int64", "m"),
        "vectors": ("float32", "nd"),
    }
    optional_arrays: ClassVar[frozenset[str]] = frozenset({"vectors"})

    starts: "Array"
    documents: "Array"
    counts: "Array"
    lengths: "Array"
    blocks: "Array"
    block_ends: "Array"
    block_lasts: "Array"
    vectors: "Array | None" = None

    def __post_init__(self) -> None:
        self._store = Store(self.blocks, self.block_ends, self.block_lasts)
        self._postings = Postings(self.starts, self.documents, self.counts, self.lengths)
        is_whole = len(self.starts) == len(self.terms) + 1 and len(self._store) == len(self.lengths)
        if not is_whole or self.starts[0] or self.starts[-1] != len(self.documents):
            raise ValueError(_("its terms and documents do not agree in number"))
        if (self.starts[1:] < self.starts[:-1]).any():
            raise ValueError(_("its terms are out of order"))

    @classmethod
    def restored(cls, header: Header, arrays: "dict[str, Array]") -> Self:
        """The index of a file's header and arrays; see `Model.restored`."""
        columns = header["options"]["columns"]
        if not all(isinstance(name, str) for name in columns):
            raise TypeError(_("its columns are not a list of strings"))
        return super().restored(header, arrays)

    @cached_property
    def _columns(self) -> list[str]:
        """The columns of the documents that search shows."""
        return [name for name in self.options["columns"] if name not in _HIDDEN]

    def transform(self, records: Iterable[Record]) -> Table:
        """An index describes no new documents. Raises UsageError."""
        raise UsageError(
            _("an index describes no new documents: it is searched"),
            _("run: {command}").format(command="korpus search INDEX --queries tokens.jsonl"),
        )

    def search(
        self,
        queries: DocumentSource,
        *,
        top: int = 10,
        method: str | None = None,
        where: str | None = None,
        context: int | None = None,
        vectors: Model | None = None,
        words: WordTable | Iterable[Record] | None = None,
        k1: float = 1.2,
        b: float = 0.75,
    ) -> Table:
        """Find the documents that answer queries; see `korpus.search`."""
        method = self._checked_method(method, vectors)
        check_least("--top", top, 1)
        check_least("--context", context, 0)
        _check_weights(k1, b)
        passes = None if where is None else Filter(where, self._store, self.options["columns"])
        asked = analysed(queries, self.provenance, words, self.checked, self._knows)
        rows: list[Row] = []
        without = 0
        for query in asked:
            ranking = self._ranking(query, top, method, vectors, passes, k1, b)
            without += not ranking
            rows += self._rows(query, ranking, context, vectors, several=len(asked) > 1)
        if passes:
            passes.log()
        if without:
            logger.info(_("queries without a document: %d of %d"), without, len(asked))
        parts = _SENTENCES if context is not None else _PASSAGE
        names = [*(_QUERY if len(asked) > 1 else []), *_RANKED, *parts]
        ours = {*_QUERY, *_RANKED, *_PASSAGE, *_SENTENCES}
        others = [f"{name}_" if name in ours else name for name in self._columns]
        text = [] if context is not None else ["text"]
        return Table([*names, *others, *text], lambda: rows)

    def _checked_method(self, method: str | None, vectors: Model | None) -> str:
        method = method or (BM25 if vectors is None else BOTH)
        check_choice("--method", method, METHODS)
        if (vectors is None) != (method == BM25):
            raise UsageError(
                _("--method {method} needs --vectors").format(method=method)
                if vectors is None
                else _("--method bm25 takes no --vectors"),
                _("give the model that the index was made with: --vectors MODEL")
                if vectors is None
                else None,
            )
        if vectors is None:
            return method
        if self.vectors is None:
            raise UsageError(
                _("the index has no vectors"),
                _("make it with: korpus index SOURCE --vectors MODEL"),
            )
        if self.options["vectors"] != identity(vectors):
            raise UsageError(
                _("the index was made with another model of vectors"),
                _("give the model that the index was made with: --vectors MODEL"),
            )
        return method

    def _term(self, token: str) -> int | None:
        place = bisect_left(self.terms, token)
        return place if place < len(self.terms) and self.terms[place] == token else None

    def _knows(self, token: str) -> bool:
        return self._term(token) is not None

    def _ranking(
        self,
        query: Query,
        top: int,
        method: str,
        vectors: Model | None,
        passes: Filter | None,
        k1: float,
        b: float,
    ) -> Ranking:
        depth = max(top, _DEPTH) if method == BOTH else top
        rankings: list[Ranking] = []
        if method != VECTORS:
            terms = [term for term in map(self._term, query.known) if term is not None]
            try:
                scores = self._postings.bm25(terms, k1, b)
            except IndexError:
                raise KorpusError(
                    _("the index is damaged: its terms name documents that it does not have"),
                    _("make it again: korpus index"),
                ) from None
            rankings.append(best(scores, depth, passes))
        if vectors is not None and self.vectors is not None:
            vector = _vector(any_vectors(vectors), query.record).astype("float32")
            rankings.append(best(cosines(self.vectors, vector), depth, passes))
        return fused(rankings, top) if method == BOTH else rankings[0]

    def _rows(
        self,
        query: Query,
        ranking: Ranking,
        context: int | None,
        vectors: Model | None,
        several: bool,
    ) -> Iterable[Row]:
        weights = {token: self._weight(token) for token in query.known}
        for rank, (number, score) in enumerate(ranking, 1):
            record = self._store[number]
            text = str(record.get("text") or "")
            found = matches(record, weights)
            start = (query.id, query.text) if several else ()
            row = (*start, rank, round(score, _DIGITS), record.get("id"))
            others = (record.get(name) for name in self._columns)
            if context is None:
                yield (*row, passage(text, found), *others, text)
                continue
            spans = sentences(record)
            place = best_sentence(spans, found, weights)
            if not found and vectors is not None:
                place = _nearest_sentence(record, spans, query, any_vectors(vectors))
            first, last = around(text, place, spans, context)
            yield (*row, text[first:last], first, last, *others)

    def _weight(self, token: str) -> float:
        term = self._term(token)
        return 0.0 if term is None else self._postings.idf(term)


def _nearest_sentence(
    record: Record,
    spans: list[tuple[int, int]],
    query: Query,
    vectors: VectorModel | DocumentEmbeddings,
) -> int:
    """The number of the sentence whose vector is nearest to the query's."""
    if isinstance(vectors, DocumentEmbeddings):
        text = str(record.get("text") or "")
        rows = unit(vectors.text_rows([text[start:end] for start, end in spans]))
        return int((rows @ _vector(vectors, query.record)).argmax())
    analyzer = query.record.get("analyzer")
    parts: list[Record] = [{"tokens": [], "tags": [], "analyzer": analyzer} for _span in spans]
    places = record.get("spans") or []
    tags = record.get("tags") or repeat("")
    for place, token, tag in zip(places, record["tokens"], tags, strict=False):
        for part, (start, end) in zip(parts, spans, strict=True):
            if place and start <= place[0] < end:
                part["tokens"].append(token)
                part["tags"].append(tag)
    wanted = _vector(vectors, query.record)
    nearness = [float(_vector(vectors, part) @ wanted) for part in parts]
    return max(range(len(spans)), key=lambda number: (nearness[number], -number))


def _vector(model: VectorModel | DocumentEmbeddings, record: Record) -> "Array":
    """The vector of a query or sentence, of length 1 or zero."""
    if isinstance(model, DocumentEmbeddings):
        text = record.get("text")
        texts = [text if isinstance(text, str) else " ".join(record["tokens"])]
        own: Array = unit(model.text_rows(texts, is_query=True))[0]
        return own
    found = model.text_vector(record["tokens"], record["tags"], record.get("analyzer"))
    row: Array = unit(found[None])[0]
    return row


def identity(model: Model) -> dict[str, Any]:
    """What tells a model from others, without its vocabulary."""
    header = model.header()
    return {"kind": model.kind} | {name: header.get(name) for name in ("options", "digest")}


def _check_weights(k1: float, b: float) -> None:
    if not (0 <= k1 < float("inf") and 0 <= b <= 1):
        raise UsageError(
            _("--k1 {k1} or --b {b} is out of range").format(k1=k1, b=b),
            _("--k1 is 0 or more, --b from 0 to 1; usual: 1.2 and 0.75"),
        )
