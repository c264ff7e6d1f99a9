"""The stage collocations (연어): tokens → a table of words that occur near each other."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from korpus.checks import check_choice, check_least
from korpus.errors import KorpusError
from korpus.messages import _, plural
from korpus.records import DocumentSource, Row, Table, split_names
from korpus.statistics.association import MEASURES
from korpus.tokens.cooccurrences import (
    Cooccurrences,
    check_window,
    cooccurrences,
    matching_terms,
)
from korpus.tokens.pairs import BOTH
from korpus.tokens.placed import WINDOW, PlacedPart

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_COLUMNS = [
    *("term", "tag", "collocate", "collocate_tag"),
    *("count", "term_count", "collocate_count", "expected"),
]
_ALL = "all"


def collocations(
    documents: "DocumentSource | Iterable[PlacedPart]",
    *,
    word: str | Iterable[str] = (),
    window: int = 5,
    direction: str = BOTH,
    close_gaps: bool = False,
    measure: str | Sequence[str] = ("g2", "npmi", "logdice"),
    min_pair_count: int = 3,
    top: int | None = None,
) -> Table:
    """Rank pairs of terms that occur near each other (연어). Needs the whole input.

    Parameters: `word`, only collocates of these words, given as form or form/TAG (default: all
    pairs); `window`, the greatest distance of the two tokens in one sentence, where removed tokens
    keep their places unless `close_gaps`; `direction`, where the collocate is: right, left or both;
    `measure`, measures of association, of which the first ranks the pairs, or `all` (see
    `korpus.statistics.association`); `min_pair_count`, pairs that occur less often are left out;
    `top`, number of pairs, with `word` per word.

    dice, logdice, jaccard, cosine and min_sensitivity compare `count` with how often each term
    occurs. The other measures, and `expected`, are of pairs of tokens: `joint` are the pairs of the
    two terms, `a` and `b` the pairs with each of them, which grow with the window, and `total` all
    pairs in windows (Evert 2008, surface co-occurrence).

    Columns in: as `cooccurrences`. Out: `term`, `tag`, `collocate`, `collocate_tag`, `count` (how
    often they occur together), `term_count`, `collocate_count` (occurrences of each), `expected`
    (the count that chance gives), and the measures. With direction right or left `term` and
    `collocate` are in order; with both, each pair is there once. Ties by count, then by term.
    Raises UsageError for bad options, KorpusError for a word that is not there.
    """
    words, names = split_names(word), measures(measure)
    check_collocations(words, window, direction, names, min_pair_count, top)
    found = cooccurrences(
        documents,
        window=window,
        direction=direction,
        close_gaps=close_gaps,
        words=words or None,
    )
    if words:
        found = _of_words(found, words)
    often = found.select(found.counts >= min_pair_count)
    logger.info(
        _("%s in windows; %s of terms, %s of them at least %d times"),
        plural(found.total // (2 if direction == BOTH else 1), "token pair"),
        plural(len(found), "pair"),
        f"{len(often):,}",
        min_pair_count,
    )
    if len(found) and not len(often):
        logger.info(_("no pair is left; lower --min-pair-count to %d"), int(found.counts.max()))
    ranked = _ranked(often, names[0], top, by_term=bool(words))
    columns = [*_COLUMNS, *names]
    return Table(columns, lambda: _rows(ranked, names))


def measures(names: str | Sequence[str]) -> list[str]:
    """The names of measures without repetition; `all` means all of them."""
    found = dict.fromkeys(split_names(names))
    return list(MEASURES) if _ALL in found else list(found)


def check_collocations(
    words: list[str],
    window: int,
    direction: str,
    names: list[str],
    min_pair_count: int,
    top: int | None,
) -> None:
    """Raises UsageError for options that `collocations` does not take."""
    check_window(WINDOW, window, direction)
    for name in names or [""]:
        check_choice("--measure", name, [*MEASURES, _ALL])
    check_least("--min-pair-count", min_pair_count, 1)
    check_least("--top", top, 1)


def _of_words(pairs: Cooccurrences, words: list[str]) -> Cooccurrences:
    """The pairs with one of the words as first term; a pair of two words both ways round.

    Raises KorpusError for a word that does not occur.
    """
    import numpy

    for word in words:
        if not matching_terms(pairs.terms, [word]).any() and pairs.documents:
            raise KorpusError(
                _("the word {word!r} does not occur").format(word=word),
                _("korpus freq lists the terms: a word is a token, such as 가격 or 가격/NNG"),
            )
    is_word = matching_terms(pairs.terms, words)
    forward = pairs.select(is_word[pairs.first])
    if not pairs.is_symmetric:
        return forward
    turned = pairs.select(is_word[pairs.second] & (pairs.first != pairs.second))
    return replace(
        pairs,
        first=numpy.concatenate([forward.first, turned.second]),
        second=numpy.concatenate([forward.second, turned.first]),
        joint=numpy.concatenate([forward.joint, turned.joint]),
    )


def _ranked(pairs: Cooccurrences, measure: str, top: int | None, by_term: bool) -> Cooccurrences:
    """The pairs, highest measure first, and `top` of them; `by_term`: those of each first term."""
    import numpy

    keys = (pairs.second, pairs.first, -pairs.counts, -pairs.measure(measure))
    order = numpy.lexsort((*keys, pairs.first) if by_term else keys)
    if by_term:
        first = pairs.first[order]
        rank = numpy.arange(len(order)) - numpy.searchsorted(first, first)
        return pairs.select(order if top is None else order[rank < top])
    return pairs.select(order[:top])


def _rows(pairs: Cooccurrences, names: list[str]) -> Iterator[Row]:
    terms, first, second = pairs.terms, pairs.first, pairs.second
    columns = [
        pairs.counts,
        pairs.frequencies[first],
        pairs.frequencies[second],
        pairs.expected(),
        *map(pairs.measure, names),
    ]
    numbers = zip(*(column.tolist() for column in columns), strict=True)
    for one, other, values in zip(first.tolist(), second.tolist(), numbers, strict=True):
        yield (*terms[one], *terms[other], *values)
