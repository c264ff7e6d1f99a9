"""Documents as sentences of units: morphemes, syllables or words, as numbers."""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from typing import Any, TypeAlias
from unicodedata import normalize

from korpus.analyzers import INSIDE, SUBWORD, UNTAGGED
from korpus.documents.groups import Groups
from korpus.documents.texts import text_of
from korpus.records import (
    Counts,
    DocumentSource,
    Record,
    as_records,
    check_strings,
    tokenized,
)
from korpus.tokens.given_parts import as_parts
from korpus.tokens.parts import Analysis

MORPHEME, SYLLABLE, WORD = UNITS = ("morpheme", "syllable", "word")
LINE = "line"  # whole lines, for a model that finds its units itself
SPACE = "▁"  # between words, where units are syllables
_PART_SIZE = 5000  # documents


@dataclass
class SequencePart:
    """Some documents, as a worker returns them.

    `ids`: document ids. `groups`: the group of each; empty if they were not asked for. `sentences`:
    their number per document. `texts`: the text of each sentence; empty if they were not asked for.
    `terms`: the vocabulary of these documents. `numbers`: their units as indices into `terms`,
    sentence after sentence. `lengths`: units per sentence. `unplaced`: documents with tokens that
    do not say where their sentences are. `analyses`: how the tokens were made, each with the id of
    its first document.
    """

    ids: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    sentences: "array[int]" = field(default_factory=lambda: array("i"))
    texts: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    numbers: "array[int]" = field(default_factory=lambda: array("i"))
    lengths: "array[int]" = field(default_factory=lambda: array("i"))
    unplaced: int = 0
    analyses: dict[Analysis, str] = field(default_factory=dict)


Documents: TypeAlias = "DocumentSource | Iterable[SequencePart]"


def sequence_parts(
    documents: Iterable[Record],
    *,
    unit: str = MORPHEME,
    by: str | None = None,
    texts: bool = False,
    size: int = _PART_SIZE,
    counts: Counts | None = None,
) -> Iterator[SequencePart]:
    """Convert documents to numbers, sentence by sentence: the part that workers run. Streams.

    `unit`: morpheme: the tokens with their tags, in the sentences that morph --spans found, else
    one per document; syllable or word: of the text, whose lines are the sentences. `by`: a column
    that groups documents. `texts`: keep the text of sentences. `counts` is not used.
    Columns in: `id`, and `tokens`, `tags` and `sentence_starts`, or `text`.
    Raises KorpusError for records without tokens, or without text.
    """
    if unit == MORPHEME:
        records = tokenized(documents, looked_up=True)
    else:
        records = iter(as_records(record for record in documents))
    group_of = Groups(by, text_of=str).name if by else None
    while (part := _part(islice(records, size), unit, group_of, texts)).ids:
        yield part


def as_sequence_parts(
    documents: "Documents", unit: str, *, by: str | None = None, texts: bool = False
) -> Iterator[SequencePart]:
    """Parts of documents, given as records or as parts that were made in the same way. Streams."""
    make = partial(sequence_parts, unit=unit, by=by, texts=texts)
    return as_parts(documents, SequencePart, make)


def terms_of(tokens: Iterable[str], tags: Iterable[str]) -> list[str]:
    """Morphemes as units: token/tag, or the token where it has no tag."""
    return [f"{token}/{tag}" if tag else token for token, tag in zip(tokens, tags, strict=True)]


def morpheme_of(term: str, analyzer: str | None) -> tuple[str, str]:
    """The token and the tag of a term that `terms_of` made; 1/2 by `space` is a token."""
    token, _slash, tag = term.rpartition("/")
    is_subword = (analyzer or "").startswith(SUBWORD)
    is_tag = tag == INSIDE if is_subword else analyzer not in UNTAGGED
    return (token, tag) if token and is_tag else (term, "")


def units_of(line: str, unit: str) -> list[str]:
    """The syllables of a line, with `SPACE` for spaces, or its words."""
    words = normalize("NFC", line).split()
    return words if unit == WORD else list(SPACE.join(words))


def lines_of(text: str) -> list[str]:
    """The lines of a text that are not blank."""
    return [line for line in text.splitlines() if line.strip()]


def _part(
    records: Iterable[Record], unit: str, group_of: Callable[[Record], str] | None, texts: bool
) -> SequencePart:
    part = SequencePart()
    number: defaultdict[Any, int] = defaultdict(count().__next__)
    for record in records:
        if group_of:
            part.groups.append(group_of(record))
        part.ids.append(record["id"])
        if unit == MORPHEME:
            _add_tokens(part, record, number, texts)
            part.analyses.setdefault(_analysis(record), record["id"])
            continue
        found = lines_of(text_of(record))
        part.sentences.append(len(found))
        if texts:
            part.texts += found
        for line in found if unit != LINE else ():
            units = units_of(line, unit)
            part.numbers.extend(map(number.__getitem__, units))
            part.lengths.append(len(units))
    part.terms = list(number)
    if unit == MORPHEME:
        part.terms = terms_of(*zip(*number, strict=True)) if number else []
    return part


def _add_tokens(
    part: SequencePart, record: Record, number: "defaultdict[Any, int]", texts: bool
) -> None:
    """Add the sentences of a document with tokens."""
    tokens = record["tokens"]
    try:
        "".join(tokens)  # the fastest check that all are strings
        part.numbers.extend(map(number.__getitem__, zip(tokens, record["tags"], strict=True)))
    except TypeError:
        check_strings(record)
        raise
    ends = _ends(record)
    if ends is None:
        part.unplaced += bool(tokens)
        ends = [len(tokens)] if tokens else []
    part.sentences.append(len(ends))
    part.lengths.extend(end - start for start, end in zip([0, *ends], ends, strict=False))
    if texts and ends:
        part.texts += _texts(record, ends)


def _ends(record: Record) -> list[int] | None:
    """The numbers of tokens at which sentences end; None if the record does not say."""
    spans, starts = record.get("spans"), record.get("sentence_starts")
    tokens = record["tokens"]
    if not (isinstance(spans, list) and isinstance(starts, list) and len(spans) == len(tokens)):
        return None
    ends: list[int] = []
    sentence = at = 0
    try:
        for place, span in enumerate(spans):
            at = span[0] if span else at
            found = bisect_right(starts, at)
            if found > sentence and place:
                ends.append(place)
            sentence = max(sentence, found)
    except (TypeError, LookupError):
        return None
    return [*ends, len(tokens)] if tokens else []


def _texts(record: Record, ends: list[int]) -> list[str]:
    """The text of each sentence: where its first token begins to where the next one does."""
    text, tokens, spans = record.get("text"), record["tokens"], record.get("spans")
    if len(ends) == 1:
        return [" ".join((text if isinstance(text, str) else " ".join(tokens)).split())]
    found, start = [], 0
    for first, end in zip([0, *ends], ends, strict=False):
        stop = next((span[0] for span in spans[end:] if span), None) if spans else None
        if isinstance(text, str):
            found.append(" ".join(text[start:stop].split()))
            start = stop or 0
        else:
            found.append(" ".join(tokens[first:end]))
    return found


def _analysis(record: Record) -> Analysis:
    """Analyzer and analysis of a document, None where they are not strings."""
    analyzer, analysis = record.get("analyzer"), record.get("analysis")
    return (
        analyzer if isinstance(analyzer, str) else None,
        analysis if isinstance(analysis, str) else None,
    )
