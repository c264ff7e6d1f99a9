"""The contract between rooms: documents, their tokens, and tables.

A document is a `dict` with `id`, `text` and every other column of its source. After morphological
analysis (형태소 분석) it also has `tokens` and `tags`, lists of equal length, `analyzer`, and if
options or later steps shaped the tokens, `analysis`: those, such as `--pos noun | stopwords`.

With `--spans` it also says where the tokens are, and later steps that remove or join tokens keep
this up. `spans`: start and end of each token in characters of `text`, null if it is not there.
`positions`: the number of each token among all tokens of the document before any was removed, from
0. So two tokens are neighbours if their positions differ by 1, and 3 if two were removed between
them. Tokens made of one token have its position; with `--compound both`, a compound has that of its
first part. `sentence_starts`: the characters of `text` at which sentences start, in order; the
sentence of a token is the last one that starts at or before its span.

A record with a dependency tree (구문 분석) is one sentence. Beside its tokens are `heads`, the
number of the head of each, from 1, or 0 for the root, and `relations`; often `lemmas`, `xpos` (tags
of the language), `feats`, `deps` and `misc`, as in CoNLL-U, empty where it has `_`. Steps that
change the tokens leave these out.
"""

import logging
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator
from typing import Any

from korpus.errors import KorpusError, TokensNeeded
from korpus.inputs import (
    TREE_COLUMNS,
    DocumentSource,
    RecordStream,
    as_records,
    as_tokens,
    has_tree,
    lazily,
    readable_again,
    rootless_token,
    without_tree,
)
from korpus.messages import _, plural
from korpus.tables import Network, Record, Records, Row, Table

logger = logging.getLogger("korpus")

# Names of the columns of edge lists, in lower case; the first is the usual one.
EDGE_SOURCE = ("source", "from", "출발", "발신")
EDGE_TARGET = ("target", "to", "도착", "수신")

__all__ = [
    "TREE_COLUMNS",
    "BadRow",
    "Counts",
    "DocumentSource",
    "Network",
    "Record",
    "RecordStream",
    "Records",
    "Row",
    "Table",
    "as_list",
    "as_records",
    "as_tokens",
    "batches_of",
    "check_flat",
    "check_strings",
    "has_tree",
    "lazily",
    "readable_again",
    "rename_clashes",
    "rootless_token",
    "set_aside",
    "split_names",
    "tokenized",
    "without_bad_rows",
    "without_tree",
]

# What a stage counts for its messages. Counts of batches are added up.
Counts = Counter[str]


def as_list(value: str | Iterable[str]) -> list[str]:
    """One or several strings as a list."""
    return [value] if isinstance(value, str) else list(value)


def split_names(value: str | Iterable[str]) -> list[str]:
    """Names given as one string with commas ("noun,verb") or as several strings."""
    if not isinstance(value, str):
        return list(value)
    return [name.strip() for name in value.split(",") if name.strip()]


def check_flat(data: bytes) -> None:
    """Raises ValueError for JSON with more lists and objects than a list of strings has.

    This is checked before parsing: in memory each takes some twenty times its bytes.
    """
    if data.count(b"[") + data.count(b"{") > 10_000 + len(data) // 20:
        raise ValueError("lists in lists where names should be")


def rename_clashes(record: Record, columns: Container[str]) -> Record:
    """Rename columns that clash with ours by appending `_`: `tags` → `tags_`."""
    renamed: Record = {}
    for key, value in record.items():
        while key in columns or key in renamed:
            key += "_"
        renamed[key] = value
    return renamed


class BadRow(dict[str, Any]):
    """A row that is no document: `raw`, with `line` if known, `error` and `reason`."""

    hint: str | None = None  # of its error


def without_bad_rows(documents: Iterable[Record], bad: list[Record]) -> Iterator[Record]:
    """Pass on documents, and add bad rows to `bad`. Streams."""
    for record in documents:
        if type(record) is BadRow:
            bad.append(record)
        else:
            yield record


def set_aside(record: Record, error: str, reason: str) -> Record:
    """A document that could not be processed, with the columns `error` (a code) and `reason`."""
    return {**rename_clashes(record, ("error", "reason")), "error": error, "reason": reason}


def batches_of(documents: Iterable[Record], size: int) -> Iterator[list[Record]]:
    """Lists of documents with about `size` characters of text per list. Streams."""
    batch: list[Record] = []
    characters = 0
    for record in documents:
        batch.append(record)
        characters += len(record.get("text") or "") + 16  # a blank document takes time too
        if characters >= size:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def tokenized(records: DocumentSource, *, looked_up: bool = False) -> Iterator[Record]:
    """Check that records have tokens, and pass them on. Streams.

    `looked_up`: skip the type check per token; the caller hashes every token and calls
    `check_strings` on TypeError.
    In: `tokens`, `tags` (missing tags become empty strings). Out: the same.
    Raises TokensNeeded for a record without tokens, KorpusError if `tokens` is not a list of
    strings or `tags` has another length.
    """
    for record in as_tokens(records):
        tokens, tags = record.get("tokens"), record.get("tags")
        if type(tokens) is not list or type(tags) is not list or not looked_up:
            if tags is None and isinstance(tokens, list):
                tags = [""] * len(tokens)
                record = {**record, "tags": tags}
            check_strings(record)
            assert tokens is not None and tags is not None
        if len(tags) != len(tokens):
            message = _("{document} has {tokens} but {tags}").format(
                document=_name(record),
                tokens=plural(len(tokens), "token"),
                tags=plural(len(tags), "tag"),
            )
            raise KorpusError(
                message,
                _("each token needs one tag: run korpus morph again"),
            )
        yield record


def check_strings(record: Record) -> None:
    """Raises TokensNeeded if there are no tokens, KorpusError if a token or tag is not a string."""
    if record.get("tokens") is None and {"term", "topic"} & record.keys():
        raise KorpusError(
            _("this is a table of terms or topics, not documents with tokens"),
            _("give the tokens that it was made from"),
        )
    if record.get("tokens") is None and is_edge(record):
        raise KorpusError(
            _("this is an edge list, not documents with tokens"),
            _("korpus network and korpus concor read it with --edges"),
        )
    if record.get("tokens") is None:
        message = _("{document} has no tokens: it has not been through korpus morph")
        raise TokensNeeded(message.format(document=_name(record)))
    for column, example in (("tokens", '["나", "는"]'), ("tags", '["NP", "JX"]')):
        if not _is_strings(record.get(column)):
            raise KorpusError(
                _("{document}: {column} is not a list of strings").format(
                    document=_name(record), column=column
                ),
                _("expected {example}").format(example=f'"{column}": {example}'),
            )


def is_edge(record: Record) -> bool:
    """Whether a record has the two columns of an edge list, and no text."""
    found = {key.strip().lower() for key in record}
    ends = bool(found & {*EDGE_SOURCE}) and bool(found & {*EDGE_TARGET})
    return ends and "text" not in found


def _name(record: Record) -> str:
    return _("document {id!r}").format(id=record.get("id"))


def _is_strings(value: object) -> bool:
    try:
        "".join(value)  # type: ignore[arg-type]
    except TypeError:
        return False
    return isinstance(value, list)


def log_repeated(ids: Collection[object]) -> None:
    """Log how many of the ids of documents occur earlier."""
    log_repeats(len(ids) - len(set(ids)))


def log_repeats(repeated: int) -> None:
    """Log the number of documents whose id occurs earlier, unless it is 0."""
    if repeated:
        logger.info(_("%s with the id of an earlier one: kept"), plural(repeated, "document"))
