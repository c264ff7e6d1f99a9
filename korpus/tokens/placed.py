"""Tokens as numbers with their places: which are in one sentence, and how far apart they are."""

import logging
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count, islice, pairwise
from typing import TYPE_CHECKING, Any

from korpus.documents.groups import Groups
from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.records import Counts, DocumentSource, Record, check_strings, tokenized
from korpus.tokens.given_parts import as_parts

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

WINDOW, SENTENCE, PARAGRAPH, DOCUMENT = UNITS = ("window", "sentence", "paragraph", "document")
START = 0xFFFF  # instead of a gap: this token is the first of its unit
_PART_SIZE = 5000  # documents
_STEP = 1 << 40  # more characters than a document has
_LINE_END = re.compile("[\n\r\v\f\x85\u2028\u2029]")

Term = tuple[str, str]  # token and tag


@dataclass
class PlacedPart:
    """Some documents with their terms as numbers, as a worker returns them.

    `terms`: their vocabulary. `numbers`: int32, their tokens as indices into `terms`. `gaps`:
    uint16, how many places each token is behind the one before it in its unit; START for the first.
    `lengths`: int64, tokens per document. `units`: their number, also of those without tokens.
    `unplaced`: documents with tokens that do not say where these are. `groups`: the group of each
    document; empty if they were not asked for.
    """

    terms: list[Term]
    numbers: "Array"
    gaps: "Array"
    lengths: "Array"
    units: int
    unplaced: int
    groups: list[str]

    @property
    def documents(self) -> int:
        """The number of documents, also of those without tokens."""
        return len(self.lengths)


@dataclass
class PlacedTerms(PlacedPart):
    """All documents; `terms` are sorted. `frequencies`: int64, occurrences of each term."""

    frequencies: "Array"


def place_terms(
    documents: Iterable[Record],
    *,
    unit: str = WINDOW,
    close_gaps: bool = False,
    by: str | None = None,
    counts: Counts | None = None,
) -> Iterator[PlacedPart]:
    """Convert tokens to numbers with their places: the part that workers run. Streams.

    `unit`: what tokens may share: a sentence (for `window` and `sentence`), a paragraph (a line of
    `text`) or the document. `close_gaps`: tokens are neighbours where others between them were
    removed. Documents without places (of `morph --spans`) are one sentence or paragraph, without
    gaps. `by`: a column that groups documents. `counts` is not used.

    Columns in: `tokens`, `tags`, `spans`, `positions`, `sentence_starts`, for paragraphs `text`.
    Raises KorpusError for records without tokens, or with places that are not numbers.
    """
    records = tokenized(documents, looked_up=True)
    group_of = Groups(by, text_of=str).name if by else None
    while (part := _part(islice(records, _PART_SIZE), unit, close_gaps, group_of)).documents:
        yield part


def placed_terms(
    documents: "DocumentSource | Iterable[PlacedPart]",
    *,
    unit: str = WINDOW,
    close_gaps: bool = False,
    by: str | None = None,
    tagged: bool = True,
) -> PlacedTerms:
    """All terms with their places. Needs the whole input; holds six bytes per token.

    `documents`: records, or the parts that `place_terms` made of them with the same options.
    `tagged`: terms are tokens with their tags; else all tokens of one form are one term, with the
    tag that most of them have. Logs how many documents do not say where their tokens are.
    """
    import numpy

    number: defaultdict[Term, int] = defaultdict(count().__next__)
    numbers, gaps = [numpy.empty(0, numpy.int32)], [numpy.empty(0, numpy.uint16)]
    lengths = [numpy.empty(0, numpy.int64)]
    units = unplaced = 0
    groups: list[str] = []
    for part in _parts(documents, unit, close_gaps, by):
        groups += part.groups
        ours = numpy.fromiter(map(number.__getitem__, part.terms), numpy.int32, len(part.terms))
        numbers.append(ours[part.numbers])
        gaps.append(part.gaps)
        lengths.append(part.lengths)
        units += part.units
        unplaced += part.unplaced
    log_unplaced(unplaced, unit, close_gaps)
    terms, rank = _sorted_terms(list(number), numpy.concatenate(numbers), tagged)
    ranks = rank[numpy.concatenate(numbers)]
    all_gaps, all_lengths = numpy.concatenate(gaps), numpy.concatenate(lengths)
    frequencies = numpy.bincount(ranks, minlength=len(terms))
    return PlacedTerms(terms, ranks, all_gaps, all_lengths, units, unplaced, groups, frequencies)


def _sorted_terms(terms: list[Term], numbers: "Array", tagged: bool) -> "tuple[list[Term], Array]":
    """The terms in order, and the place in it of each number."""
    import numpy

    rank = numpy.empty(len(terms), dtype=numpy.int32)
    order = sorted(range(len(terms)), key=terms.__getitem__)
    rank[order] = numpy.arange(len(terms))
    found = [terms[at] for at in order]
    if tagged or not found:
        return found, rank
    forms = [form for form, _tag in found]
    is_new = numpy.array([True, *(a != b for a, b in pairwise(forms))])
    form_of = is_new.cumsum(dtype=numpy.int32) - 1
    frequencies = numpy.bincount(rank[numbers], minlength=len(found))
    best = numpy.lexsort((-frequencies, form_of))[numpy.flatnonzero(is_new)]  # the first wins ties
    return [found[at] for at in best], form_of[rank]


def _parts(
    documents: "DocumentSource | Iterable[PlacedPart]",
    unit: str,
    close_gaps: bool,
    by: str | None,
) -> Iterator[PlacedPart]:
    make = partial(place_terms, unit=unit, close_gaps=close_gaps, by=by)
    return as_parts(documents, PlacedPart, make)


def log_unplaced(unplaced: int, unit: str, close_gaps: bool) -> None:
    """Log how many documents do not say where their tokens are, and what that means."""
    if not unplaced or unit == DOCUMENT:
        return
    messages = {
        SENTENCE: _("%s without places: each is one sentence; morph --spans gives places"),
        PARAGRAPH: _("%s without places: each is one paragraph; morph --spans gives places"),
        WINDOW: _(
            "%s without places: windows cross sentences and close up where tokens were removed; "
            "morph --spans gives places"
        ),
    }
    if close_gaps and unit == WINDOW:
        messages[WINDOW] = _(
            "%s without places: windows cross sentences; morph --spans gives places"
        )
    logger.info(messages[unit], plural(unplaced, "document"))


def _part(
    records: Iterable[Record],
    unit: str,
    close_gaps: bool,
    group_of: Callable[[Record], str] | None,
) -> PlacedPart:
    """Numbers for some documents, of which only one is held at a time."""
    import numpy

    number: defaultdict[Term, int] = defaultdict(count().__next__)
    numbers, places, lengths = array("i"), array("q"), array("q")
    characters, unit_starts = array("q"), array("q")  # counted from _STEP times the document
    units = unplaced = 0
    groups: list[str] = []
    for record in records:
        if group_of:
            groups.append(group_of(record))
        tokens = record["tokens"]
        try:
            "".join(tokens)  # the fastest check that all are strings
            numbers.extend(map(number.__getitem__, zip(tokens, record["tags"], strict=True)))
        except TypeError:
            check_strings(record)
            raise
        first = len(lengths) * _STEP
        lengths.append(len(tokens))
        found = None if unit == DOCUMENT else places_of(record, unit)
        if found is None:
            places.extend(range(len(tokens)))
            characters.extend([first] * len(tokens))
            units += bool(tokens) or unit == DOCUMENT
            unplaced += bool(tokens)
            continue
        positions, spans, starts = found
        try:
            places.extend(positions)
            at = first
            characters.extend([at := first + span[0] if span else at for span in spans])
            unit_starts.extend([first + start for start in starts])
        except (TypeError, LookupError, OverflowError):
            raise _no_places(record) from None
        units += len(starts)
    document = numpy.repeat(numpy.arange(len(lengths)), lengths)
    unit_of = numpy.searchsorted(unit_starts, characters, side="right")
    gaps = _gaps(numpy.asarray(places), document, unit_of, close_gaps)
    return PlacedPart(
        list(number), numpy.asarray(numbers), gaps, numpy.asarray(lengths), units, unplaced, groups
    )


def _gaps(place: "Array", document: "Array", unit_of: "Array", close_gaps: bool) -> "Array":
    import numpy

    if not len(place):
        return numpy.empty(0, numpy.uint16)
    steps = numpy.diff(place, prepend=place[:1])
    gaps = steps.clip(0, 1 if close_gaps else START - 1).astype(numpy.uint16)
    is_first = numpy.ones(len(place), dtype=bool)
    is_first[1:] = (numpy.diff(document) != 0) | (numpy.diff(unit_of) != 0)
    gaps[is_first] = START
    return gaps


def places_of(record: Record, unit: str = WINDOW) -> tuple[list[int], list[Any], list[int]] | None:
    """Positions, spans and the characters at which units start; None if it does not have them."""
    spans, positions, starts = map(record.get, ("spans", "positions", "sentence_starts"))
    if not (isinstance(spans, list) and isinstance(positions, list) and isinstance(starts, list)):
        return None
    if not len(spans) == len(positions) == len(record["tokens"]):
        return None
    if unit == PARAGRAPH:
        if not isinstance(text := record.get("text"), str):
            return None
        lines, at = [], 0
        for line in _LINE_END.split(text):
            if line.strip():
                lines.append(at)
            at += len(line) + 1
        starts = lines
    return positions, spans, starts


def _no_places(record: Record) -> KorpusError:
    message = _("document {id!r}: spans, positions or sentence_starts are not as morph gives them")
    return KorpusError(message.format(id=record.get("id")), _("run korpus morph --spans again"))
