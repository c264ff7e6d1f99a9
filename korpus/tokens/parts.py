"""Tokens as numbers, in parts of some thousand documents that workers can make."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from operator import itemgetter

from korpus.documents.kept import Columns, Keeper
from korpus.records import Counts, DocumentSource, Record, check_strings, tokenized
from korpus.tokens.given_parts import as_parts

_PART_SIZE = 5000  # documents

# How tokens were made: analyzer and analysis of a document.
Analysis = tuple[str | None, str | None]


@dataclass
class Part:
    """Some documents with their terms as numbers, as a worker returns them.

    `ids`: document ids. `terms`: the vocabulary of these documents. `numbers`: their tokens as
    indices into `terms`, document after document. `lengths`: tokens per document. `analyses`: how
    the tokens were made. `columns`: other columns of the documents that are kept.
    """

    ids: list[str]
    terms: list[str]
    numbers: "array[int]"
    lengths: "array[int]"
    analyses: set[Analysis]
    columns: Columns = field(default_factory=dict)


def count_terms(
    documents: Iterable[Record],
    *,
    by: str | None = None,
    keep: Collection[str] = (),
    counts: Counts | None = None,
) -> Iterator[Part]:
    """Convert tokens to numbers: the part of `document_term_matrix` that workers run. Streams.

    Columns in: `id`, `tokens`. Out: parts of up to 5,000 documents. `by`: take the names of their
    groups for ids, see `korpus.documents.groups`. `keep`: other columns to keep. `counts` is not
    used. Raises KorpusError for records without tokens or a column.
    """
    records = tokenized(documents, looked_up=True)
    name: Callable[[Record], str] = itemgetter("id")
    if by:
        from korpus.documents.groups import Groups

        name = Groups(by, text_of=str).name
    while (part := _part(islice(records, _PART_SIZE), name, keep)).ids:
        yield part


def _part(records: Iterable[Record], name: Callable[[Record], str], keep: Collection[str]) -> Part:
    ids: list[str] = []
    number: defaultdict[str, int] = defaultdict(count().__next__)  # a new term gets the next number
    numbers, lengths = array("i"), array("i")
    analyses: set[tuple[object, object]] = set()
    keeper = Keeper(keep) if keep else None
    for record in records:
        tokens = record["tokens"]
        try:
            "".join(tokens)  # the fastest check that all are strings
        except TypeError:
            check_strings(record)
            raise
        ids.append(name(record))
        if keeper:
            keeper.add(record)
        numbers.extend(map(number.__getitem__, tokens))
        lengths.append(len(tokens))
        try:
            analyses.add((record.get("analyzer"), record.get("analysis")))
        except TypeError:  # a column of the user's with this name
            analyses.add((None, None))
    columns = keeper.columns if keeper else {}
    return Part(ids, list(number), numbers, lengths, set(map(_known, analyses)), columns)


def _known(analysis: tuple[object, object]) -> Analysis:
    """Analyzer and analysis, None where they are not strings."""
    analyzer, steps = (value if isinstance(value, str) else None for value in analysis)
    return analyzer, steps


def parts_of(
    documents: "DocumentSource | Iterable[Part]",
    by: str | None = None,
    keep: Collection[str] = (),
) -> Iterator[Part]:
    """Parts of documents, given as records or as parts already. Streams.

    For `by` and `keep` see above; parts have been made with the same.
    """
    return as_parts(documents, Part, partial(count_terms, by=by, keep=keep))
