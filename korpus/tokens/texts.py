"""Tokens as numbers beside the text and some columns of each document."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, islice
from unicodedata import normalize

from korpus.documents.groups import Groups
from korpus.records import Counts, DocumentSource, Record, check_strings, tokenized
from korpus.tokens.given_parts import as_parts
from korpus.tokens.parts import Analysis
from korpus.tokens.term_counts import Term

_PART_SIZE = 5000  # documents


@dataclass
class TextPart:
    """Some documents, as a worker returns them.

    `ids`: document ids. `terms`: their vocabulary, as token/tag. `numbers`: their tokens as indices
    into `terms`, document after document. `lengths`: tokens per document. `texts`: their texts,
    with single spaces, in small letters and NFC. `values`: per column that was asked for, the value
    of each document as text, "" where it is missing. `analyses`: how the tokens were made.
    """

    ids: list[str]
    terms: list[str]
    numbers: "array[int]"
    lengths: "array[int]"
    texts: list[str]
    values: list[list[str]]
    analyses: set[Analysis]


def text_parts(
    documents: Iterable[Record], *, columns: Sequence[str] = (), counts: Counts | None = None
) -> Iterator[TextPart]:
    """Convert tokens to numbers, and take the text and columns: the part that workers run. Streams.

    `columns`: names, or columns with how their values are cut, see `Groups`. `counts` is not used.
    Columns in: `id`, `tokens`, `tags`, `text`. Out: parts of up to 5,000 documents.
    Raises KorpusError for records without tokens or without one of the columns.
    """
    groups = [Groups(column, text_of=str) for column in columns]
    records = tokenized(documents, looked_up=True)
    while (part := _part(islice(records, _PART_SIZE), groups)).ids:
        yield part


def as_text_parts(
    documents: "DocumentSource | Iterable[TextPart]", columns: Sequence[str] = ()
) -> Iterator[TextPart]:
    """Parts of documents, given as records or as parts already. Streams."""
    return as_parts(documents, TextPart, partial(text_parts, columns=columns))


def _part(records: Iterable[Record], groups: list[Groups]) -> TextPart:
    number: defaultdict[Term, int] = defaultdict(count().__next__)
    part = TextPart([], [], array("i"), array("i"), [], [[] for _group in groups], set())
    analyses: set[tuple[object, object]] = set()
    for record in records:
        tokens = record["tokens"]
        try:
            "".join(tokens)  # the fastest check that all are strings
            part.numbers.extend(map(number.__getitem__, zip(tokens, record["tags"], strict=True)))
        except TypeError:
            check_strings(record)
            raise
        part.ids.append(record["id"])
        part.lengths.append(len(tokens))
        part.texts.append(plain_text(record.get("text")))
        for values, group in zip(part.values, groups, strict=True):
            values.append(group.name(record))
        analyses.add((record.get("analyzer"), record.get("analysis")))
    part.terms = [f"{token}/{tag}" if tag else token for token, tag in number]
    part.analyses = {_known(analysis) for analysis in analyses}
    return part


def plain_text(text: object) -> str:
    """A text with single spaces, in small letters and NFC; empty if there is none."""
    if not isinstance(text, str):
        return ""
    return " ".join(normalize("NFC", text).lower().split())


def _known(analysis: tuple[object, object]) -> Analysis:
    analyzer, steps = (value if isinstance(value, str) else None for value in analysis)
    return analyzer, steps
