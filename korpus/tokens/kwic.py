"""The stage kwic (용례): tokens → the places of a pattern with the text around them."""

import logging
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from unicodedata import normalize

from korpus.checks import check_choice, check_least
from korpus.messages import _, plural
from korpus.records import Counts, DocumentSource, Record, Row, Table, as_tokens, tokenized
from korpus.tokens.token_patterns import TokenPattern

logger = logging.getLogger("korpus")

RIGHT, LEFT, KEYWORD, TEXT = SORTS = ("right", "left", "keyword", "text")
_COLUMNS = ["id", "left", "keyword", "right", "tags"]
# Columns of documents that say nothing of a place in them.
_LEFT_OUT = {
    *("id", "text", "tokens", "tags", "spans", "positions", "sentence_starts"),
    *("readings", "analyzer", "analysis"),
}
_DOCUMENTS, _FOUND, _WITH, _UNPLACED = "documents", "found", "documents with", "unplaced"
_LINE_END = re.compile(r"\s")
_RAW = 3  # characters of a syllable in decomposed text (NFD)

Line = tuple[float, Row, dict[str, Any]]  # place; id, left, keyword, right, tags; other columns


@dataclass
class Concordance(Table):
    """The table of `kwic`, with the places of all lines for a picture.

    `places`: for each place where the pattern was found, in the order of the text, the number of
    documents before it, with the part of its own that is before it, and the keyword. `documents`:
    the number of documents.
    """

    places: list[tuple[float, str]] = field(default_factory=list)
    documents: int = 0


def kwic(
    documents: "DocumentSource | Iterable[list[Line] | int]",
    pattern: str,
    *,
    context: int = 20,
    sort: str = RIGHT,
    random_sample: int | None = None,
    top: int | None = None,
    seed: int = 0,
    counts: Counts | None = None,
) -> Concordance:
    """Show a pattern of tokens in its context (용례, KWIC). Needs the whole input; holds the lines.

    Parameters: `pattern`, see `korpus.tokens.token_patterns.TokenPattern`: a form, form/TAG, tags,
    `lemma:가다` or an expression; `context`, characters of text on each side; `sort`, by the
    context to the right, or to the left (the nearest word first), by keyword or as in the text;
    `random_sample`, only so many lines, taken at random by `seed`; `top`, only the first lines of
    that order (the others are counted and logged). `documents` may be lines that
    `find_lines` gave, with the `counts` that it made.

    With spans (`morph --spans`) context is the original text, composed (NFC), also where tokens
    were removed, and a sequence is not found across removed tokens; else context is the tokens
    there are, and it is logged.

    Columns in: `id`, `tokens`, `tags`, `spans`, `text`. Out: `id`, `left`, `keyword`, `right`,
    `tags`, and all other columns of the documents. Raises UsageError for bad options.
    """
    check_kwic(pattern, context, sort, random_sample, top)
    counts = Counts() if counts is None else counts
    lines, seen = _lines(documents, pattern, context, counts)
    places = [(place, row[2]) for place, row, _others in lines]
    _log(counts)
    if random_sample is not None and random_sample < len(lines):
        chosen = sorted(random.Random(seed).sample(range(len(lines)), random_sample))
        lines = [lines[at] for at in chosen]
    if sort != TEXT:
        lines.sort(key=_KEYS[sort])
    if top is not None and len(lines) > top:
        logger.info(_("the first %d of %s (--top)"), top, plural(len(lines), "line"))
        del lines[top:]
    others = list(dict.fromkeys(name for *_line, other in lines for name in other))
    shown = [f"{name}_" if name in _COLUMNS else name for name in others]
    columns = [*_COLUMNS, *shown]
    return Concordance(
        columns,
        lambda: ((*row, *map(other.get, others)) for _place, row, other in lines),
        right_aligned=frozenset(["left"]),
        marked="keyword",
        places=places,
        documents=seen,
    )


def check_kwic(
    pattern: str, context: int, sort: str, random_sample: int | None, top: int | None
) -> None:
    """Raises UsageError for options that `kwic` does not take."""
    TokenPattern(pattern)
    check_choice("--sort", sort, SORTS)
    check_least("--context", context, 0)
    check_least("--random", random_sample, 1)
    check_least("--top", top, 1)


def find_lines(
    documents: Iterable[Record], *, pattern: str, context: int, counts: Counts | None = None
) -> Iterator[list[Line] | int]:
    """The lines of `kwic` per document, in its order: the part that workers run. Streams.

    Instead of documents without lines it gives their number. Places are within the document.
    """
    counts = Counts() if counts is None else counts
    wanted = TokenPattern(pattern)
    length = len(wanted.items)
    without = 0
    for record in tokenized(documents):
        counts[_DOCUMENTS] += 1
        places = wanted.find(record)
        if not places:
            without += 1
            continue
        if without:
            yield without
            without = 0
        counts[_FOUND] += len(places)
        counts[_WITH] += 1
        spans = _spans(record)
        counts[_UNPLACED] += spans is None
        others = {name: value for name, value in record.items() if name not in _LEFT_OUT}
        lines: list[Line] = []
        for at in places:
            tags = " ".join(record["tags"][at : at + length])
            around = _in_text(record["text"], spans, at, at + length, context) if spans else None
            found = around or _in_tokens(record["tokens"], at, at + length, context)
            row = (record.get("id"), *found, tags)
            lines.append((at / len(record["tokens"]), row, others))
        yield lines
    if without:
        yield without


def _lines(
    documents: "DocumentSource | Iterable[list[Line] | int]",
    pattern: str,
    context: int,
    counts: Counts,
) -> tuple[list[Line], int]:
    """All lines, with places counted in documents; and the number of documents."""
    items: Iterator[Any] = iter(as_tokens(documents))
    first = next(items, None)
    everything: Iterable[Any] = () if first is None else chain([first], items)
    if isinstance(first, dict):
        everything = find_lines(everything, pattern=pattern, context=context, counts=counts)
    lines: list[Line] = []
    seen = 0
    for item in everything:
        if isinstance(item, int):
            seen += item
        else:
            lines += [(seen + place, row, others) for place, row, others in item]
            seen += 1
    return lines, seen


def _spans(record: Record) -> list[Any] | None:
    spans = record.get("spans")
    has_text = isinstance(record.get("text"), str)
    is_whole = isinstance(spans, list) and len(spans) == len(record["tokens"])
    return spans if has_text and is_whole else None


def _in_text(
    text: str, spans: Sequence[Any], first: int, after: int, context: int
) -> tuple[str, str, str] | None:
    """Left context, keyword and right context; None for tokens that are not in the text."""
    known = [span for span in spans[first:after] if span]
    if not known:
        return None
    start, end = min(span[0] for span in known), max(span[1] for span in known)
    raw = _RAW * context
    pieces = (text[max(0, start - raw) : start], text[start:end], text[end : end + raw])
    left, keyword, right = (_LINE_END.sub(" ", normalize("NFC", piece)) for piece in pieces)
    return left[max(0, len(left) - context) :], keyword, right[:context]


def _in_tokens(tokens: list[str], first: int, after: int, context: int) -> tuple[str, str, str]:
    keyword = " ".join(tokens[first:after])
    left = " ".join(tokens[max(0, first - context) : first])
    right = " ".join(tokens[after : after + context])
    return left[max(0, len(left) - context) :], keyword, right[:context]


_KEYS = {
    RIGHT: lambda line: (line[1][3], line[1][2]),
    LEFT: lambda line: (line[1][1].split()[::-1], line[1][2], line[1][3]),
    KEYWORD: lambda line: (line[1][2], line[1][3]),
}


def _log(counts: Counts) -> None:
    logger.info(
        _("%s in %s of %s"),
        plural(counts[_FOUND], "line"),
        f"{counts[_WITH]:,}",
        plural(counts[_DOCUMENTS], "document"),
    )
    if counts[_UNPLACED]:
        logger.info(
            _("%s without places: context is the tokens there are; morph --spans gives the text"),
            plural(counts[_UNPLACED], "document"),
        )
