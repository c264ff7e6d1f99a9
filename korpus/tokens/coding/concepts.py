"""Concepts that documents were coded with: columns that say yes or no."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any

from korpus.documents.comparisons import is_missing
from korpus.documents.conditions import Column
from korpus.errors import KorpusError
from korpus.inputs import as_tokens
from korpus.messages import _
from korpus.records import Record
from korpus.tokens.term_counts import TermCounts, count

CODES = "codes"  # the column with the names of a document's concepts
_NO = {"0", "0.0", "false", "no", "n", "아니요", "아니오"}


def is_coded(value: Any) -> bool:
    """Whether a value of a column says yes: not 0, not empty, not a word for no."""
    return not is_missing(value) and str(value).strip().lower() not in _NO


def check_no_list(record: Record, column: str | None) -> None:
    """Raise KorpusError for a column of lists; for `codes` it names the columns of concepts."""
    if column is None or not isinstance(record[column], list | dict):
        return
    names = list(record)
    before = reversed(names[: names.index(column)])
    concepts = [*takewhile(lambda name: record[name] in (0, 1), before)][::-1]
    raise KorpusError(
        _("document {id!r}: {column} is a list or an object, no concept").format(
            id=record.get("id"), column=column
        ),
        _("each concept has a column of its own: {columns}").format(columns=", ".join(concepts))
        if column == CODES and concepts
        else _("choose another column"),
    )


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
            check_no_list(record, key)
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
    """Count documents with each concept as `count` counts terms, or terms if none is named.

    The part that workers run.
    """
    counted = concepts_as_tokens(documents, concepts) if concepts else documents
    yield from count(counted, by=by, counts=counts)
