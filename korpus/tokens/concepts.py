"""Concepts that documents were coded with: columns that say yes or no."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from korpus.documents.comparisons import is_missing
from korpus.documents.conditions import Column
from korpus.errors import KorpusError
from korpus.inputs import as_tokens
from korpus.messages import _
from korpus.records import Record
from korpus.tokens.term_counts import TermCounts, count

_NO = {"0", "0.0", "false", "no", "n", "아니요", "아니오"}


def is_coded(value: Any) -> bool:
    """Whether a value of a column says yes: not 0, not empty, not a word for no."""
    return not is_missing(value) and str(value).strip().lower() not in _NO


def concepts_as_tokens(documents: Iterable[Record], concepts: Sequence[str]) -> Iterator[Record]:
    """Give documents the names of their concepts for tokens. Streams.

    Columns in: the concepts. Raises KorpusError for a document that lacks one.
    """
    columns = [(name, Column(name)) for name in concepts]
    for record in as_tokens(documents):
        found = []
        for name, column in columns:
            key = column.key(record)
            if key is None:
                raise KorpusError(
                    _("document {id!r} has no column {column!r}").format(
                        id=record.get("id"), column=name
                    ),
                    _("its columns are {columns}").format(columns=", ".join(record)),
                )
            if is_coded(record[key]):
                found.append(name)
        yield {**record, "tokens": found, "tags": [""] * len(found)}


def count_concepts(
    documents: Iterable[Record],
    *,
    concepts: Sequence[str],
    by: str,
    counts: TermCounts | None = None,
) -> Iterator[Record]:
    """Count documents with each concept as `count` counts terms: what workers run."""
    yield from count(concepts_as_tokens(documents, concepts), by=by, counts=counts)
