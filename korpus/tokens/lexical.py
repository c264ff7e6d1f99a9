"""The stage lexical (어휘 다양도): tokens → measures of vocabulary, or of the spread of terms."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from korpus.checks import check_least
from korpus.documents.cuts import order_of
from korpus.documents.groups import heading, log_missing, names_in_order
from korpus.records import DocumentSource, Row, Table
from korpus.statistics import lexical as measures
from korpus.tagsets import group_named
from korpus.tokens.placed import SENTENCE, START, PlacedPart, PlacedTerms, Term, placed_terms

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_COLUMNS = [
    *("documents", "tokens", "types", "ttr", "mattr", "mattr_low", "mattr_high"),
    *("mtld", "hdd", "yule_k", "entropy", "density", "density_low", "density_high"),
    *("sentence_length", "sentence_length_low", "sentence_length_high"),
]
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
    `_high`) are of 95 %, where documents were drawn at random. `density` is the share of nouns,
    verbs, adjectives, adverbs, roots and foreign words in all tokens but signs (Ure 1971).
    `sentence_length` is in tokens, and none without places (`morph --spans`).

    Columns in: `tokens`, `tags`, `spans`, `positions`, `sentence_starts`, `by`. Out: the group,
    `documents`, `tokens`, `types`, `ttr`, `mattr`, `mtld`, `hdd`, `yule_k`, `entropy`, `density`,
    `sentence_length`; or `term`, `tag`, `count`, `df`, `juilland_d`, `dp`.
    """
    check_lexical(window, min_count, top)
    placed = placed_terms(documents, unit=SENTENCE, by=by)
    if by:
        log_missing(by, placed.groups.count(""))
    if dispersion:
        return Table(_OF_TERMS, lambda: _dispersion(placed, min_count, top))
    columns = [heading(by, _COLUMNS), *_COLUMNS] if by else _COLUMNS
    first = names_in_order(order, placed.groups)
    groups = sorted(set(placed.groups), key=order_of(by, first)) if by else []
    return Table(columns, lambda: _rows(placed, groups, window))


def check_lexical(window: int, min_count: int, top: int | None) -> None:
    """Raises UsageError for options that `lexical` does not take."""
    check_least("--window", window, 1)
    check_least("--min-count", min_count, 1)
    check_least("--top", top, 1)


def _rows(placed: PlacedTerms, names: list[str], window: int) -> Iterator[Row]:
    import numpy

    kinds = numpy.array([_kind(term) for term in placed.terms], dtype=numpy.int8)
    if not names:
        yield tuple(_measured(placed, placed.lengths >= 0, kinds, window))
        return
    groups = numpy.array(placed.groups, dtype=object)
    for name in names:
        yield (name, *_measured(placed, groups == name, kinds, window))


def _kind(term: Term) -> int:
    """1 for a content word, -1 for a sign, 0 for others."""
    group = group_named(term[1]) if term[1] else None
    return 1 if group in _CONTENT else -1 if group in _SIGNS else 0


def _measured(placed: PlacedTerms, chosen: "Array", kinds: "Array", window: int) -> Iterator[Any]:
    """The measures of the chosen documents (bool per document)."""
    import numpy

    is_in = numpy.repeat(chosen, placed.lengths)
    types, lengths = placed.numbers[is_in], placed.lengths[chosen]
    document = numpy.repeat(numpy.arange(len(lengths)), lengths)

    def per_document(values: "Array") -> "Array":
        return numpy.bincount(document, values, len(lengths))

    counts = numpy.bincount(types, minlength=1)
    counts = counts[counts > 0]
    yield len(lengths)
    yield len(types)
    yield len(counts)
    yield len(counts) / len(types) if len(types) else None
    average = measures.mattr(types, window)
    yield average
    if average is None:
        yield from (None, None)
    else:
        added = per_document(measures.window_types(types, window))
        windows = per_document(measures.windows_with(len(types), window))
        _value, low, high = measures.ratio(added, windows)
        yield from (None, None) if low is None or high is None else (max(low, 0.0), min(high, 1.0))
    yield measures.mtld(types)
    yield measures.hdd(counts)
    yield measures.yule_k(counts)
    yield measures.entropy(counts)
    of_tokens = kinds[types]
    has_tags = bool((of_tokens > 0).any())
    content, words = per_document(of_tokens > 0), per_document(of_tokens >= 0)
    yield from measures.ratio(content, words) if has_tags else (None, None, None)
    sentences = per_document(placed.gaps[is_in] == START)
    yield from (None, None, None) if placed.unplaced else measures.ratio(lengths, sentences)


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
