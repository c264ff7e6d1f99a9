"""The stage phrases: tokens → a word table of compounds and set phrases."""

import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.errors import UsageError
from korpus.messages import _, plural
from korpus.records import DocumentSource, Row, Table
from korpus.statistics.association import npmi
from korpus.tagsets import base_tag, group_named
from korpus.tokens.cooccurrences import Cooccurrences, cooccurrences
from korpus.tokens.ngrams import SEPARATOR
from korpus.tokens.pairs import RIGHT
from korpus.tokens.placed import PlacedPart

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")


def phrases(
    documents: "DocumentSource | Iterable[PlacedPart]",
    *,
    threshold: float = 0.5,
    min_pair_count: int = 5,
    top: int | None = None,
) -> Table:
    """Find two tokens that are one word or a set phrase, as a word table. Needs the whole input.

    Parameters: `threshold`, least NPMI of the two tokens, from -1 to 1; `min_pair_count`, how often
    they stand one after the other in a sentence; `top`, number of phrases. The score is that of
    gensim's Phrases: normalized PMI (Bouma 2009) of tokens, of which `total` is the number.

    Columns in: as `cooccurrences`. Out: `form`, `tag`, `score` (NPMI), `becomes`, `drop` for
    `morph --words` and `words apply`, with a row for the phrase with a space and one without;
    `count`, `first_count`, `second_count`, the occurrences of the phrase and of its tokens.
    """
    check_phrases(threshold, min_pair_count, top)
    found = cooccurrences(documents, window=1, direction=RIGHT, min_joint=min_pair_count)
    scores = _scores(found)
    chosen = found.select(scores >= threshold)
    logger.info(
        _("%s with NPMI of at least %s, of %s that occur %d times"),
        plural(len(chosen), "phrase"),
        f"{threshold:g}",
        f"{len(found):,}",
        min_pair_count,
    )
    columns = [
        *("form", "tag", "score", "becomes", "drop"),
        *("count", "first_count", "second_count"),
    ]
    return Table(columns, lambda: _rows(chosen, top))


def check_phrases(threshold: float, min_pair_count: int, top: int | None) -> None:
    """Raises UsageError for options that `phrases` does not take."""
    if not -1 <= threshold <= 1:
        raise UsageError(
            _("--threshold {value:g} is not from -1 to 1").format(value=threshold),
            _("1: the tokens occur only together; 0: as often as by chance"),
        )
    check_least("--min-pair-count", min_pair_count, 1)
    check_least("--top", top, 1)


def _scores(pairs: Cooccurrences) -> "Array":
    first, second = pairs.frequencies[pairs.first], pairs.frequencies[pairs.second]
    return npmi(pairs.joint, first, second, pairs.frequencies.sum())


def _rows(pairs: Cooccurrences, top: int | None) -> Iterator[Row]:
    import numpy

    scores = _scores(pairs)
    for at in numpy.lexsort((-pairs.joint, -scores))[:top].tolist():
        first, second = int(pairs.first[at]), int(pairs.second[at])
        (start, _tag), (end, tag) = pairs.terms[first], pairs.terms[second]
        tag = base_tag(tag)
        counts = (pairs.joint[at], pairs.frequencies[first], pairs.frequencies[second])
        for space in (" ", ""):
            yield (
                *(f"{start}{space}{end}", tag if group_named(tag) else "", float(scores[at])),
                *(f"{start}{SEPARATOR}{end}", ""),
                *map(int, counts),
            )
