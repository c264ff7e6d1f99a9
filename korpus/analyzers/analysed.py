"""Run an analyzer over documents: the lines that go in, and the tokens that come out."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from korpus.analyzers.table import Analyzer, Entry
from korpus.documents import Gate
from korpus.documents.texts import text_of
from korpus.records import Record, batches_of

# A document, its lines (None: see `_lines`), and where the tokens of these come next.
Analysed = Iterator[tuple[Record, list[str] | None, Iterator[Any]]]

_CACHED = 1 << 14  # characters that mecab parses before a word table has its turn


def with_text(documents: Iterable[Record]) -> Iterator[Record]:
    """Pass documents on. Raises KorpusError for one without text."""
    for record in documents:
        text_of(record)
        yield record


def analysed(
    documents: Iterable[Record], gate: Gate, tagger: Analyzer, entry: Entry, has_table: bool
) -> Analysed:
    """Clean and analyse documents. `has_table`: a word table is applied to what is given."""
    if entry.ahead:
        return _in_batches(documents, gate, tagger, entry.batch)
    if has_table and entry.takes_words:
        return _in_batches(documents, gate, tagger, _CACHED)
    return _one_by_one(documents, gate, tagger)


def _one_by_one(documents: Iterable[Record], gate: Gate, tagger: Analyzer) -> Analysed:
    """One document after the other, so that each has its own time."""
    waiting: deque[str] = deque()

    def taken(_done: int) -> Iterator[str]:
        while True:
            yield waiting.popleft()

    results = _results(tagger, taken)
    for record in documents:
        lines = _lines(gate, record)
        waiting.extend(lines or ())
        yield record, lines, results


def _in_batches(documents: Iterable[Record], gate: Gate, tagger: Analyzer, size: int) -> Analysed:
    """Batch after batch."""
    for batch in batches_of(documents, size):
        lines = [_lines(gate, record) for record in batch]
        waiting = [line for its_lines in lines for line in its_lines or ()]
        results = _results(tagger, partial(_from, waiting))
        for record, its_lines in zip(batch, lines, strict=True):
            yield record, its_lines, results


def _lines(gate: Gate, record: Record) -> list[str] | None:
    """The lines to analyse; None if the text has an unpaired surrogate."""
    try:
        return gate.lines(record["text"], record["id"])
    except UnicodeEncodeError:
        return None


def _from(lines: list[str], first: int) -> list[str]:
    return lines[first:]


def _results(tagger: Analyzer, lines: Callable[[int], Iterable[str]]) -> Iterator[Any]:
    """Yield the tokens of each line, or the error it caused. Ends when lines come to an end.

    `lines` gives those after the first so many.
    """
    done = 0
    while True:
        try:
            for tokens in tagger.analyze(lines(done)):
                done += 1
                yield tokens
            return
        except Exception as error:  # each binding has its own errors
            done += 1
            yield error
