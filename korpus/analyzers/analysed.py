"""Run an analyzer over documents: the lines that go in, and the tokens that come out."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from korpus.analyzers.table import Analyzer
from korpus.documents import Gate
from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record, batches_of

# A document, its lines (None: see `_lines`), and where the tokens of these come next.
Analysed = Iterator[tuple[Record, list[str] | None, Iterator[Any]]]


def with_text(documents: Iterable[Record]) -> Iterator[Record]:
    """Pass documents on. Raises KorpusError for one without text."""
    for record in documents:
        if not isinstance(record.get("text"), str):
            raise KorpusError(
                _("document {id!r} has no text to analyse").format(id=record.get("id")),
                _("if it was removed with --drop-text, start from the original documents"),
            )
        yield record


def analysed(documents: Iterable[Record], gate: Gate, tagger: Analyzer, size: int) -> Analysed:
    """Clean and analyse one document after the other, so that each has its own time."""
    waiting: deque[str] = deque()

    def taken(_done: int) -> Iterator[str]:
        while True:
            yield waiting.popleft()

    results = _results(tagger, taken)
    for record in documents:
        lines = _lines(gate, record)
        waiting.extend(lines or ())
        yield record, lines, results


def batches_analysed(
    documents: Iterable[Record], gate: Gate, tagger: Analyzer, size: int
) -> Analysed:
    """Clean and analyse batches of documents, for analyzers that are faster so."""
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
