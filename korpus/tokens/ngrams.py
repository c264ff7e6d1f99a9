"""The stage ngrams: tokens → a table of sequences of tokens, or documents with them as tokens."""

import logging
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from korpus.checks import check_least
from korpus.elsewhere import elsewhere
from korpus.errors import UsageError
from korpus.messages import _
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    Records,
    Row,
    Table,
    as_tokens,
    lazily,
    tokenized,
    without_tree,
)
from korpus.tokens.analysis import add_step, with_analysis
from korpus.tokens.placed import (
    WINDOW,
    PlacedPart,
    PlacedTerms,
    log_unplaced,
    placed_terms,
    places_of,
)

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

COLUMNS = ["n", "term", "tag", "count", "df", "share"]
_LONGEST = 10
_CHUNK = 1 << 14  # rows
_UNPLACED = "unplaced"
SEPARATOR = "_"


def ngrams(
    documents: DocumentSource,
    *,
    n: int | str | Sequence[int] = 2,
    join: bool = False,
    close_gaps: bool = False,
    min_count: int = 1,
    top: int | None = None,
) -> Table | Records:
    """Count sequences of tokens (n-그램). Needs the whole input; holds numbers.

    Parameters: `n`, how many tokens, or several such numbers (`2,3`); `join`, give the documents
    with sequences in place of tokens instead, see `joined_ngrams`; `close_gaps`, tokens follow each
    other where others between them were removed; `min_count`, less frequent sequences are left out;
    `top`, number of sequences of each length. A sequence never crosses a sentence.

    Columns in: as `cooccurrences`. Out: `n`, `term` (the tokens joined by _), `tag` (their tags
    joined by +), `count`, `df` (documents with it) and `share` (count divided by all sequences of
    that length), the most frequent first, ties in order of the tokens.
    """
    if join:
        return joined_ngrams(documents, n=n, close_gaps=close_gaps)
    return ngram_table(documents, n=n, close_gaps=close_gaps, min_count=min_count, top=top)


@elsewhere
def ngram_table(
    documents: "DocumentSource | Iterable[PlacedPart]",
    *,
    n: int | str | Sequence[int] = 2,
    close_gaps: bool = False,
    min_count: int = 1,
    top: int | None = None,
) -> Table:
    """The table of `ngrams`; see there. `documents` may be parts of `placed.place_terms`."""
    lengths = sizes(n)
    check_ngrams(lengths, min_count, top)
    placed = placed_terms(documents, unit=WINDOW, close_gaps=close_gaps)
    return Table(COLUMNS, lambda: _rows(placed, lengths, min_count, top))


def joined_ngrams(
    documents: DocumentSource,
    *,
    n: int | str | Sequence[int] = 2,
    close_gaps: bool = False,
    counts: Counts | None = None,
) -> Records:
    """Put sequences of tokens in the place of tokens: 배우_연기/NNG+NNG. Streams.

    `n`, `close_gaps`: see `ngrams`; `n` 1,2 keeps the tokens too. `counts`: where to count for
    `log_joined`; without it this is logged at the end. Columns in: as `ngrams`. Out: the same
    columns, with `analysis`. A sequence has the position of its first token.
    """
    lengths = sizes(n)
    check_ngrams(lengths, 1, None)
    step = f"ngrams -n {','.join(map(str, lengths))}" + " --close-gaps" * close_gaps
    stage = partial(_joined, lengths, close_gaps, step, counts)
    return lazily(as_tokens(documents), lambda found: stage(tokenized(found)))


def sizes(n: int | str | Sequence[int]) -> list[int]:
    """The lengths that `n` means, each once, in order. Raises UsageError for other than numbers."""
    given = [n] if isinstance(n, int) else n.split(",") if isinstance(n, str) else list(n)
    try:
        return sorted({int(size) for size in given})
    except ValueError:
        raise UsageError(
            _("-n {value} is no list of numbers").format(value=n), _("such as -n 2 or -n 2,3")
        ) from None


def check_ngrams(lengths: list[int], min_count: int, top: int | None) -> None:
    """Raises UsageError for options that `ngrams` does not take."""
    if not lengths or not 1 <= lengths[0] <= lengths[-1] <= _LONGEST:
        raise UsageError(
            _("-n takes numbers from 1 to {most}").format(most=_LONGEST),
            _("such as -n 2 or -n 2,3"),
        )
    check_least("--min-count", min_count, 1)
    check_least("--top", top, 1)


def log_joined(counts: Counts, *, close_gaps: bool = False) -> None:
    """Log how many documents do not say where their tokens are."""
    log_unplaced(counts[_UNPLACED], WINDOW, close_gaps)


def _rows(
    placed: PlacedTerms, lengths: list[int], min_count: int, top: int | None
) -> Iterator[Row]:
    for size, total, sequences in counted_sequences(placed, lengths, min_count, top):
        for numbers, count, df in sequences:
            yield ngram_row(size, map(placed.terms.__getitem__, numbers), count, df, total)


def ngram_row(size: int, terms: Iterable[Sequence[str]], count: int, df: int, total: int) -> Row:
    """The row of a sequence of terms, each with its tag; `total`: all sequences of that length."""
    forms, tags = zip(*terms, strict=True)
    return size, SEPARATOR.join(forms), "+".join(filter(None, tags)), count, df, count / total


def counted_sequences(
    placed: PlacedTerms, lengths: list[int], min_count: int, top: int | None
) -> Iterator[tuple[int, int, Iterator[tuple[list[int], int, int]]]]:
    """For each length, how many sequences there are, and the frequent ones, the most so first.

    A sequence is the numbers of its terms, its count, and the documents with it.
    """
    import numpy

    document = numpy.repeat(numpy.arange(placed.documents), placed.lengths)
    follows = placed.gaps == 1
    # The first token of each sequence, and the number of the sequence, in order of its tokens.
    starts = numpy.arange(len(placed.numbers))
    numbers = placed.numbers.astype(numpy.int64)
    is_whole = numpy.ones(len(starts), dtype=bool)  # of all tokens: whether a sequence starts here
    for size in range(1, lengths[-1] + 1):
        if size > 1:
            last = starts + size - 1
            last_start = max(0, len(is_whole) - size + 1)
            is_whole[:last_start] &= follows[size - 1 :]
            is_whole[last_start:] = False
            stays = is_whole[starts]
            starts, last = starts[stays], last[stays]
            numbers = numbers[stays] * len(placed.terms) + placed.numbers[last]
        firsts, numbers, counts = numpy.unique(
            numbers, return_index=True, return_inverse=True, return_counts=True
        )[1:]
        if size in lengths:
            frequency = _documents_of(numbers, document[starts], len(counts))
            order = numpy.argsort(-counts, kind="stable")
            often = order[counts[order] >= min_count][:top]
            total = int(is_whole.sum())
            yield size, total, _chosen(placed, size, often, starts[firsts], counts, frequency)
        stays = counts[numbers] >= min_count  # no longer sequence is more frequent
        starts, numbers = starts[stays], numbers[stays]


def _chosen(
    placed: PlacedTerms, size: int, often: "Array", firsts: "Array", counts: "Array", df: "Array"
) -> Iterator[tuple[list[int], int, int]]:
    import numpy

    for at in range(0, len(often), _CHUNK):
        some = often[at : at + _CHUNK]
        parts = placed.numbers[firsts[some][:, None] + numpy.arange(size)].tolist()
        yield from zip(parts, counts[some].tolist(), df[some].tolist(), strict=True)


def _documents_of(numbers: "Array", documents: "Array", size: int) -> "Array":
    """The number of documents that have each sequence."""
    import numpy

    most = int(documents[-1]) + 1 if len(documents) else 1
    return numpy.bincount(numpy.unique(numbers * most + documents) // most, minlength=size)


def _joined_terms(terms: Iterable[tuple[str, str]]) -> tuple[str, str]:
    forms, tags = zip(*terms, strict=True)
    return SEPARATOR.join(forms), "+".join(tag for tag in tags if tag)


def _joined(
    lengths: list[int],
    close_gaps: bool,
    step: str,
    counts: Counts | None,
    documents: Iterable[Record],
) -> Iterator[Record]:
    found = Counts() if counts is None else counts
    for record in documents:
        if not isinstance(analysis := record.get("analysis"), str):
            record, analysis = with_analysis(record), None
        record = {**without_tree(record), "analysis": add_step(analysis, step)}
        ends, is_placed = _runs(record, close_gaps)
        found[_UNPLACED] += not is_placed
        pairs = list(zip(record["tokens"], record["tags"], strict=True))
        made = [
            (first, first + size)
            for first in range(len(pairs))
            for size in lengths
            if first + size <= ends[first]
        ]
        terms = [_joined_terms(pairs[first:after]) for first, after in made]
        record["tokens"], record["tags"] = ([term[side] for term in terms] for side in (0, 1))
        if is_placed and record.get("spans"):
            positions, spans = record["positions"], record["spans"]
            record["positions"] = [positions[first] for first, _after in made]
            record["spans"] = [_whole(spans[first:after]) for first, after in made]
        record.pop("readings", None)
        yield record
    if counts is None:
        log_joined(found, close_gaps=close_gaps)


def _runs(record: Record, close_gaps: bool) -> tuple[list[int], bool]:
    """For each token the end of the run of tokens that follow each other; and whether places tell.

    Without places all tokens of a document follow each other.
    """
    length = len(record["tokens"])
    places = places_of(record)
    if places is None:
        return [length] * length, not length
    positions, spans, starts = places
    sentence, sentences = 0, []
    for span in spans:
        sentence = bisect_right(starts, span[0]) if span else sentence
        sentences.append(sentence)
    ends = [length] * length
    for at in range(length - 2, -1, -1):
        step = positions[at + 1] - positions[at]
        follows = step == 1 or (close_gaps and step > 0)
        if not (follows and sentences[at] == sentences[at + 1]):
            ends[at] = at + 1
        else:
            ends[at] = ends[at + 1]
    return ends, True


def _whole(spans: list[Any]) -> list[int] | None:
    known = [span for span in spans if span]
    return [min(s[0] for s in known), max(s[1] for s in known)] if known else None
