"""The stage lexical (어휘 다양도): tokens → measures of vocabulary, or of the spread of terms."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from korpus.checks import check_least
from korpus.documents.cuts import order_of
from korpus.documents.groups import heading, log_missing, names_in_order
from korpus.documents.groups import shown as shown_name
from korpus.messages import _
from korpus.records import DocumentSource, Row, Table
from korpus.statistics import lexical as measures
from korpus.tagsets import group_named
from korpus.tokens.placed import SENTENCE, START, PlacedPart, PlacedTerms, Term, placed_terms

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_COLUMNS = [
    *("documents", "tokens", "types", "ttr", "mattr", "mattr_low", "mattr_high"),
    *("mtld", "hdd", "yule_k", "entropy", "density", "density_low", "density_high"),
    *("sentence_length", "sentence_length_low", "sentence_length_high"),
]
_RESAMPLED = ("ttr", "mtld", "hdd", "yule_k", "entropy")  # with an interval by the bootstrap
_FEWEST = 10  # documents of a bootstrap
_OF_TERMS = ["term", "tag", "count", "df", "juilland_d", "dp"]
_CONTENT = {"noun", "propernoun", "verb", "adjective", "adverb", "root", "foreign"}
_SIGNS = {"punctuation", "symbol"}


def lexical(
    documents: "DocumentSource | Iterable[PlacedPart]",
    *,
    by: str | None = None,
    window: int = 50,
    dispersion: bool = False,
    min_count: int = 1,
    top: int | None = None,
    order: str | Sequence[str] = (),
    replicates: int = 0,
    seed: int = 0,
) -> Table:
    """Measure vocabulary: diversity, density, sentence length. Needs the whole input.

    Parameters: `by`, a column that groups documents; `window`, tokens of a window of MATTR;
    `dispersion`, measure instead how evenly each term occurs in the documents, or in the groups of
    `by`, of which `min_count` and `top` choose the frequent ones; `order`, of the groups, see
    `korpus.freq`. Of thousands of documents
    Juilland's D is near 1 for all frequent terms; DP is not. `documents` may be parts of
    `placed.place_terms` with unit `sentence` and the same `by`.

    Types are tokens with their tags. Measures are defined in `korpus.statistics.lexical`. MATTR,
    MTLD and HD-D do not depend on the number of tokens, as TTR and entropy do. Intervals (`_low`,
    `_high`) are of 95 %, where documents were drawn at random; those of TTR, MTLD, HD-D, Yule's K
    and entropy by a bootstrap over documents with so many `replicates` and a `seed`, if a group has
    10 documents or more, see `korpus.statistics.lexical.bootstrap_intervals`. `density` is the
    share of nouns, verbs, adjectives, adverbs, roots and foreign words in all tokens but signs (Ure
    1971).
    `sentence_length` is in tokens, and none without places (`morph --spans`).

    Columns in: `tokens`, `tags`, `spans`, `positions`, `sentence_starts`, `by`. Out: the group,
    `documents`, `tokens`, `types`, `ttr`, `mattr`, `mtld`, `hdd`, `yule_k`, `entropy`, `density`,
    `sentence_length`; or `term`, `tag`, `count`, `df`, `juilland_d`, `dp`.
    """
    check_lexical(window, min_count, top, replicates)
    placed = placed_terms(documents, unit=SENTENCE, by=by)
    if by:
        log_missing(by, placed.groups.count(""))
    if dispersion:
        return Table(_OF_TERMS, lambda: _dispersion(placed, min_count, top))
    shown = [*_COLUMNS]
    for name in _RESAMPLED if replicates else ():
        place = shown.index(name) + 1
        shown[place:place] = f"{name}_low", f"{name}_high"
    columns = [heading(by, shown), *shown] if by else shown
    first = names_in_order(order, placed.groups)
    groups: list[str | None] = [None]
    if by:
        groups = [*sorted(set(placed.groups), key=order_of(by, first))]
    return Table(columns, lambda: _rows(placed, groups, window, shown, replicates, seed))


def check_lexical(window: int, min_count: int, top: int | None, replicates: int) -> None:
    """Raises UsageError for options that `lexical` does not take."""
    check_least("--window", window, 1)
    check_least("--min-count", min_count, 1)
    check_least("--top", top, 1)
    check_least("--replicates", replicates, 0)


def _rows(
    placed: PlacedTerms, names: list[str | None], window: int, columns: list[str], *bootstrap: int
) -> Iterator[Row]:
    import numpy

    kinds = numpy.array([_kind(term) for term in placed.terms], dtype=numpy.int8)
    groups = numpy.array(placed.groups, dtype=object)
    few = []
    for name in names:
        chosen = placed.lengths >= 0 if name is None else groups == name
        row = dict(_measured(placed, chosen, kinds, window))
        if bootstrap[0] and row["documents"] >= _FEWEST:
            row |= _intervals(placed, chosen, *bootstrap)
        elif bootstrap[0]:
            few.append(_("all documents") if name is None else shown_name(name))
        yield (*([] if name is None else [name]), *map(row.get, columns))
    if few:
        logger.info(
            _("fewer than %d documents, no interval by --replicates: %s"), _FEWEST, ", ".join(few)
        )


def _intervals(
    placed: PlacedTerms, chosen: "Array", replicates: int, seed: int
) -> dict[str, float | None]:
    import numpy

    types = placed.numbers[numpy.repeat(chosen, placed.lengths)]
    found = measures.bootstrap_intervals(
        types, placed.lengths[chosen], replicates=replicates, seed=seed
    )
    ends = ("low", "high")
    return {f"{n}_{e}": v for n, pair in found.items() for e, v in zip(ends, pair, strict=True)}


def _kind(term: Term) -> int:
    """1 for a content word, -1 for a sign, 0 for others."""
    group = group_named(term[1]) if term[1] else None
    return 1 if group in _CONTENT else -1 if group in _SIGNS else 0


def _measured(
    placed: PlacedTerms, chosen: "Array", kinds: "Array", window: int
) -> Iterator[tuple[str, Any]]:
    """The measures of the chosen documents (bool per document), by their names."""
    import numpy

    is_in = numpy.repeat(chosen, placed.lengths)
    types, lengths = placed.numbers[is_in], placed.lengths[chosen]
    document = numpy.repeat(numpy.arange(len(lengths)), lengths)

    def per_document(values: "Array") -> "Array":
        return numpy.bincount(document, values, len(lengths))

    counts = numpy.bincount(types, minlength=1)
    counts = counts[counts > 0]
    yield "documents", len(lengths)
    yield "tokens", len(types)
    yield "types", len(counts)
    yield "ttr", measures.ttr(counts)
    average = measures.mattr(types, window)
    yield "mattr", average
    if average is not None:
        added = per_document(measures.window_types(types, window))
        windows = per_document(measures.windows_with(len(types), window))
        _value, low, high = measures.ratio(added, windows)
        if low is not None and high is not None:
            yield "mattr_low", max(low, 0.0)
            yield "mattr_high", min(high, 1.0)
    yield "mtld", measures.mtld(types)
    yield "hdd", measures.hdd(counts)
    yield "yule_k", measures.yule_k(counts)
    yield "entropy", measures.entropy(counts)
    of_tokens = kinds[types]
    if (of_tokens > 0).any():  # there are tags
        content, words = per_document(of_tokens > 0), per_document(of_tokens >= 0)
        yield from _with_ends("density", measures.ratio(content, words))
    if not placed.unplaced:
        sentences = per_document(placed.gaps[is_in] == START)
        yield from _with_ends("sentence_length", measures.ratio(lengths, sentences))


def _with_ends(name: str, values: tuple[float | None, ...]) -> Iterator[tuple[str, float | None]]:
    return zip((name, f"{name}_low", f"{name}_high"), values, strict=True)


def _dispersion(placed: PlacedTerms, min_count: int, top: int | None) -> Iterator[Row]:
    import numpy
    import scipy.sparse

    document = numpy.repeat(numpy.arange(placed.documents), placed.lengths)
    shape = (len(placed.terms), placed.documents)
    ones = numpy.ones(len(document), dtype=numpy.int64)
    counts = scipy.sparse.csr_matrix((ones, (placed.numbers, document)), shape=shape)
    df = numpy.diff(counts.indptr)
    if placed.groups:
        part = numpy.unique(placed.groups, return_inverse=True)[1]
        size = (placed.documents, int(part.max()) + 1)
        rows = numpy.arange(placed.documents)
        counts = counts @ scipy.sparse.csr_matrix((numpy.ones(len(part)), (rows, part)), shape=size)
    sizes = numpy.asarray(counts.sum(axis=0)).ravel()
    counts, sizes = counts.tocsc()[:, sizes > 0].tocsr(), sizes[sizes > 0]
    even = measures.juilland_d(counts, sizes)
    deviation = measures.deviation_of_proportions(counts, sizes)
    for at in numpy.argsort(-placed.frequencies, kind="stable")[:top].tolist():
        if placed.frequencies[at] >= min_count:
            d = float(even[at]) if len(sizes) > 1 else None
            numbers = int(placed.frequencies[at]), int(df[at])
            yield (*placed.terms[at], *numbers, d, float(deviation[at]))
