"""Terms that occur together, for collocations and networks of words."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from korpus.records import Record
from korpus.spark.documents import Documents
from korpus.spark.sums import Sums, summed
from korpus.tokens.cooccurrences import Cooccurrences, check_window, kept_terms, matching_terms
from korpus.tokens.pairs import pairs_in_units, pairs_in_windows
from korpus.tokens.placed import WINDOW, PlacedPart, Term, log_unplaced, place_terms, placed_terms

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

# What a key is of: all documents; a term with its tag; a term's totals; a pair of terms.
_ALL, _TERM, _TOTALS, _PAIR = range(4)


def cooccurrences(
    documents: Documents,
    *,
    unit: str,
    window: int,
    direction: str,
    close_gaps: bool,
    tagged: bool,
    min_joint: int,
    min_frequency: int,
    max_terms: int | None,
    words: Iterable[str] | None,
) -> Cooccurrences:
    """The plan of `korpus.tokens.cooccurrences`.

    If few terms are kept, their frequencies are counted first, and only pairs of them after that.
    """
    import numpy

    check_window(unit, window, direction)
    place: dict[str, Any] = {"unit": unit, "close_gaps": close_gaps}
    chosen: frozenset[Term] | None = None
    if min_frequency > 1 or max_terms is not None:
        found = list(summed(partial(_count_terms, place), documents))
        terms, frequencies = _terms(found, tagged)
        is_kept = kept_terms(frequencies, min_frequency, max_terms)
        chosen = frozenset(terms[at] for at in numpy.flatnonzero(is_kept).tolist())
    names = None if words is None else list(words)
    stage = partial(_count_pairs, place, window, direction, tagged, _forms(chosen, tagged), names)
    # Only pairs may be left out by their sums.
    found = list(summed(stage, documents))
    terms, frequencies = _terms(found, tagged)
    number = {_name(term, tagged): at for at, term in enumerate(terms)}
    totals = numpy.zeros((2, len(terms)), numpy.int64)
    units = counted = unplaced = 0
    pairs: list[tuple[int, int, int]] = []
    for key, a, b, c in found:
        if key[0] == _ALL:
            units, counted, unplaced = a, b, c
        elif key[0] == _TOTALS:
            totals[:, number[tuple(key[1])]] = a, b
        elif key[0] == _PAIR and a >= min_joint:
            pairs.append((number[tuple(key[1])], number[tuple(key[2])], a))
    log_unplaced(unplaced, unit, close_gaps)
    pairs.sort()
    first, second, joint = numpy.array(pairs, numpy.int64).reshape(-1, 3).T
    return Cooccurrences(
        first.astype(numpy.int32),
        second.astype(numpy.int32),
        joint,
        totals[0],
        totals[1],
        int(totals[0].sum()) if unit == WINDOW else units,
        is_symmetric=unit != WINDOW or direction == "both",
        terms=terms,
        frequencies=frequencies,
        documents=counted,
        is_window=unit == WINDOW,
    )


def _name(term: Term, tagged: bool) -> tuple[str, ...]:
    return term if tagged else term[:1]


def _forms(chosen: frozenset[Term] | None, tagged: bool) -> frozenset[tuple[str, ...]] | None:
    return None if chosen is None else frozenset(_name(term, tagged) for term in chosen)


def _terms(found: list[Any], tagged: bool) -> "tuple[list[Term], Array]":
    """The terms in order with their frequencies; untagged ones with their most frequent tag."""
    import numpy

    best: dict[tuple[str, ...], tuple[int, Term]] = {}
    sums: dict[tuple[str, ...], int] = {}
    for key, frequency, _b, _c in found:  # in order, so that the first tag wins ties
        if key[0] != _TERM:
            continue
        term = key[1], key[2]
        name = _name(term, tagged)
        sums[name] = sums.get(name, 0) + frequency
        if name not in best or frequency > best[name][0]:
            best[name] = frequency, term
    names = sorted(best)
    frequencies = numpy.fromiter(map(sums.__getitem__, names), numpy.int64, len(names))
    return [best[name][1] for name in names], frequencies


def _count_terms(
    place: dict[str, Any], documents: Iterable[Record], *, counts: Sums | None = None
) -> Iterator[Record]:
    """Count terms; yields nothing."""
    counts = Sums() if counts is None else counts
    for part in place_terms(documents, **place):
        _add_terms(part, counts)
    yield from ()


def _add_terms(part: PlacedPart, counts: Sums) -> None:
    import numpy

    frequencies = numpy.bincount(part.numbers, minlength=len(part.terms)).tolist()
    for term, frequency in zip(part.terms, frequencies, strict=True):
        counts.add((_TERM, *term), frequency)


def _count_pairs(
    place: dict[str, Any],
    window: int,
    direction: str,
    tagged: bool,
    chosen: frozenset[tuple[str, ...]] | None,
    words: list[str] | None,
    documents: Iterable[Record],
    *,
    counts: Sums | None = None,
) -> Iterator[Record]:
    """Count terms, their totals and pairs; yields nothing."""
    import numpy

    counts = Sums() if counts is None else counts
    for part in place_terms(documents, **place):
        _add_terms(part, counts)
        counts.add((_ALL,), part.units, part.documents, part.unplaced)
        placed = placed_terms([part], tagged=tagged, **place)
        names = [_name(term, tagged) for term in placed.terms]
        is_kept = numpy.array([chosen is None or name in chosen for name in names], bool)
        # By form alone, a word with a tag is one of those of the whole input.
        wanted = None if words is None else matching_terms(placed.terms, words)
        if place["unit"] == WINDOW:
            found = pairs_in_windows(placed, window, direction, is_kept, wanted, 1)
        else:
            found = pairs_in_units(placed, is_kept, wanted, 1)
        sides = found.first_totals.tolist(), found.second_totals.tolist()
        for name, one, other in zip(names, *sides, strict=True):
            counts.add((_TOTALS, name), one, other)
        rows = found.first.tolist(), found.second.tolist(), found.joint.tolist()
        for first, second, joint in zip(*rows, strict=True):
            counts.add((_PAIR, names[first], names[second]), joint)
    yield from ()
