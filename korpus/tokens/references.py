"""References for keyness: tables of frequencies, and those of general Korean."""

import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.records import Record
from korpus.tokens.term_counts import Term, TermCounts

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_TOKENS_OF_WORDFREQ = 100_000_000  # it has shares only; its sources are larger


def terms_of_wordfreq(counts: TermCounts) -> "tuple[list[Term], Array, Array, float]":
    """Our terms that general Korean has too, by wordfreq, with both counts, and all of theirs.

    wordfreq cuts and writes words in its own way, so that a term which it lacks says nothing: such
    terms are logged and left out, and both sides have only the tokens of the terms they share.
    """
    import numpy

    terms, ours, theirs, _size = compared_terms(counts, _word_frequencies())
    known = numpy.flatnonzero(theirs)
    if len(known) < len(terms):
        logger.info(
            _("wordfreq lacks %s (%s of the tokens): left out"),
            plural(len(terms) - len(known), "term"),
            f"{1 - ours[known].sum() / ours.sum():.1%}",
        )
    shared = theirs[known]
    return [terms[number] for number in known.tolist()], ours[known], shared, float(shared.sum())


def _word_frequencies() -> Iterator[Record]:
    """The frequencies of wordfreq, as of 100 million tokens."""
    try:
        from wordfreq import get_frequency_dict
    except ImportError:
        raise KorpusError(
            _("--reference wordfreq needs the package wordfreq"),
            _("install it: {command}").format(command="pip install 'korpus[wordfreq]'"),
        ) from None
    for term, share in get_frequency_dict("ko").items():
        yield {"term": term, "count": share * _TOKENS_OF_WORDFREQ}


def compared_terms(
    counts: TermCounts, reference: Iterable[Record]
) -> "tuple[list[Term], Array, Array, float]":
    """Our terms with their counts and those of a table, and all tokens of the table.

    If the table has no tags, or knows none of ours, terms are compared without them.
    """
    import numpy

    rows = [(_text(row, "term"), str(row.get("tag") or ""), _count(row)) for row in reference]
    ours = counts.totals()
    tags = {tag for _term, tag in counts.terms}
    tagged = bool(tags & {tag for _term, tag, _count in rows} - {""})
    theirs: dict[Term, float] = {}
    merged: dict[Term, int] = {}
    for term, tag, count in rows:
        key = (term, tag if tagged else "")
        theirs[key] = theirs.get(key, 0) + count
    for number, count in ours.items():
        term, tag = counts.terms[number]
        key = (term, tag if tagged else "")
        merged[key] = merged.get(key, 0) + count
    terms = list(merged)
    return (
        terms,
        numpy.array([merged[term] for term in terms], dtype=numpy.int64),
        numpy.array([theirs.get(term, 0) for term in terms]),
        sum(theirs.values()),
    )


def _text(row: Record, name: str) -> str:
    if name not in row:
        raise KorpusError(
            _("the reference has no column {name!r}").format(name=name),
            _("it is a table of frequencies, with term and count, as korpus freq makes"),
        )
    return str(row[name])


def _count(row: Record) -> float:
    text = _text(row, "count")
    try:
        return int(text)
    except ValueError:
        pass
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0 <= found < float("inf"):
        raise KorpusError(
            _("the reference has the count {value!r} for {term!r}").format(
                value=text, term=row["term"]
            ),
            _("expected a number"),
        )
    return found
