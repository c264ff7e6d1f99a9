"""The contract between rooms: what a document, its tokens and a table are.

A document is a `dict` with `id` and `text` and every other column of its source. After
morphological analysis (형태소 분석) it also has `tokens` and `tags`, lists of equal length,
`analyzer`, and, when the analysis was not the analyzer's plain one, `analysis`: the options
that made it, such as `--pos noun --lemma`.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from korpus.errors import KorpusError, TokensNeeded

if TYPE_CHECKING:
    import numpy
    import pandas

Record = dict[str, Any]
Row = tuple[Any, ...]
# What a stage has to tell about its documents, as counts that add up over batches.
Counts = Counter[str]


@dataclass
class Table:
    """Rows with named columns. Iterating gives each row as a `dict`.

    `make_rows` makes the rows anew each time they are asked for, so a table is never used up.
    """

    columns: list[str]
    make_rows: Callable[[], Iterable[Row]]

    @property
    def rows(self) -> Iterable[Row]:
        """The rows as tuples."""
        return self.make_rows()

    def __iter__(self) -> Iterator[Record]:
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))

    def to_pandas(self) -> "pandas.DataFrame":
        """The whole table as a pandas DataFrame."""
        import pandas

        return pandas.DataFrame(list(self.rows), columns=self.columns)


class Model(Protocol):
    """What a model file keeps. Its kind is the name of the command that fits such a model."""

    @property
    def kind(self) -> str:
        """lda, word2vec …"""

    def header(self) -> dict[str, Any]:
        """Options, vocabulary, and the documents it was fitted on."""

    def arrays(self) -> "dict[str, numpy.ndarray]":
        """The numbers."""


def as_list(value: str | Iterable[str]) -> list[str]:
    """One or several strings as a list."""
    return [value] if isinstance(value, str) else list(value)


def check_flat(data: bytes) -> None:
    """Raises ValueError for JSON with more lists and objects than a list of strings has.

    Each takes some twenty times its bytes in memory, so this comes before the parsing.
    """
    if data.count(b"[") + data.count(b"{") > 10_000 + len(data) // 20:
        raise ValueError("lists in lists where names should be")


def rename_clashes(record: Record, columns: Container[str]) -> Record:
    """A record whose own columns do not stand where others shall go: `tags` becomes `tags_`."""
    renamed: Record = {}
    for key, value in record.items():
        while key in columns or key in renamed:
            key += "_"
        renamed[key] = value
    return renamed


def set_aside(record: Record, error: str, reason: str) -> Record:
    """A document that could not be worked on, with the kind of `error` and the `reason`."""
    return {**rename_clashes(record, ("error", "reason")), "error": error, "reason": reason}


def batches_of(documents: Iterable[Record], size: int) -> Iterator[list[Record]]:
    """Lists of documents of about `size` characters of text together. Streams."""
    batch: list[Record] = []
    characters = 0
    for record in documents:
        batch.append(record)
        characters += len(record.get("text") or "") + 16  # a blank document has its cost too
        if characters >= size:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def tokenized(records: Iterable[Record], *, looked_up: bool = False) -> Iterator[Record]:
    """Pass on records that have tokens, with checks. Streams.

    `looked_up`: whoever looks each token up in a dictionary of strings finds what is no string,
    and calls `check_strings` then, which saves a look at each token here.
    In: `tokens`, `tags` (missing tags become empty strings). Out: the same.
    Raises TokensNeeded for a record without tokens, KorpusError where `tokens` is not a list
    of strings or `tags` is not as long.
    """
    for record in records:
        tokens, tags = record.get("tokens"), record.get("tags")
        if type(tokens) is not list or type(tags) is not list or not looked_up:
            check_strings(record)
            tokens, tags = record["tokens"], record["tags"]
        if len(tags) != len(tokens):
            raise KorpusError(
                f"{_name(record)} has {len(tokens)} tokens but {len(tags)} tags",
                "each token needs one tag: make the file again with korpus morph",
            )
        yield record


def check_strings(record: Record) -> None:
    """Raises TokensNeeded or KorpusError where tokens and tags are no lists of strings."""
    tokens = record.get("tokens")
    if tokens is None:
        raise TokensNeeded(f"{_name(record)} has no tokens: it has not been through korpus morph")
    if not _strings(tokens):
        raise KorpusError(
            f"{_name(record)}: tokens is not a list of strings", 'expected "tokens": ["나", "는"]'
        )
    if not _strings(record.setdefault("tags", [""] * len(tokens))):
        raise KorpusError(
            f"{_name(record)}: tags is not a list of strings", 'expected "tags": ["NP", "JX"]'
        )


def _name(record: Record) -> str:
    return f"document {record.get('id')!r}"


def _strings(value: object) -> bool:
    try:
        "".join(value)  # type: ignore[arg-type]
    except TypeError:
        return False
    return isinstance(value, list)
