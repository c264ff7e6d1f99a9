"""The stage search (검색): an index and queries → the documents that answer them."""

from collections.abc import Iterable

from korpus.analyzers import WordTable
from korpus.files.model_files import Model
from korpus.records import DocumentSource, Record, Table


def search(
    index: Model,
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
    """Find the documents of an index that answer queries (검색).

    Parameters: `queries`, a text, several, or records; texts are analysed as the documents were,
    tokens are taken as they are. `top`: documents per query. `method`: `bm25` (Robertson and
    Zaragoza 2009, with the weights `k1` and `b`), `vectors` (cosine with the document vectors), or
    `both`, fused by reciprocal rank (Cormack et al. 2009); by default bm25, with `vectors` both.
    `vectors`: the model of vectors that the index was made with. `where`: a condition on the
    documents, as in `korpus.where`. `context`: give the best sentence of each document with so many
    sentences on each side, instead of documents. `words`: the word table (단어표) that the
    documents were analysed with, if there was one.

    Columns out: `rank`, `score`, `id`, `passage` (the place with the most matches, which stand in
    [ ]), all columns of the documents, `text`; with `context` `rank`, `score`, `id`, `text` (these
    sentences), `start` and `end` in characters of the document, all columns. Of several queries,
    `query_id` and `query` come first. Ties: as in the index. A document without a word of the query
    is never found by bm25, one without known words never by vectors.
    Raises UsageError for a bad option, KorpusError for an unknown column or a damaged index.
    """
    return index.search(
        queries,
        top=top,
        method=method,
        where=where,
        context=context,
        vectors=vectors,
        words=words,
        k1=k1,
        b=b,
    )
