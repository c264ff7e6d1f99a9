"""Lexical diversity (어휘 다양도) and dispersion, from numbers of types and counts."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

_SAMPLE = 42  # tokens of HD-D
_FACTOR = 0.72  # type-token ratio at which a factor of MTLD ends
_SHARES = ("ttr", "hdd")  # measures from 0 to 1
_NORMAL = 1.959963984540054  # of a 95 % interval


def window_types(types: "Array", window: int) -> "Array":
    """How much each token adds to the types of all windows: its windows that begin after the
    occurrence before it. The sum is that of the numbers of types of all windows."""
    import numpy

    places = numpy.arange(len(types))
    order = numpy.argsort(types, kind="stable")
    is_again = numpy.diff(types[order], prepend=-1) == 0
    before = numpy.full(len(types), -1)
    before[order[is_again]] = order[numpy.flatnonzero(is_again) - 1]
    found: Array = numpy.minimum(places, len(types) - window) - numpy.maximum(
        before, places - window
    )
    return found.clip(0)


def windows_with(length: int, window: int) -> "Array":
    """How many windows each of so many tokens is in: fewer at both ends."""
    import numpy

    places = numpy.arange(length)
    found: Array = numpy.minimum(places, length - window) - numpy.maximum(-1, places - window)
    return found


def mattr(types: "Array", window: int = 50) -> float | None:
    """Moving-average type-token ratio: its mean over all windows. Covington & McFall (2010).

    None for fewer tokens than a window has.
    """
    if len(types) < window:
        return None
    return float(window_types(types, window).sum() / (window * (len(types) - window + 1)))


def ttr(counts: "Array") -> float | None:
    """Type-token ratio. `counts`: occurrences of each type."""
    return len(counts) / int(counts.sum()) if len(counts) else None


def mtld(types: "Array") -> float | None:
    """Measure of textual lexical diversity: the mean length of stretches with a type-token ratio of
    more than 0.72, forwards and backwards. McCarthy & Jarvis (2010). None without a repetition."""
    found = [_stretch(values) for values in (types.tolist(), types[::-1].tolist())]
    lengths = [length for length in found if length is not None]
    return sum(lengths) / len(lengths) if lengths else None


def _stretch(types: list[int]) -> float | None:
    """Tokens divided by factors; what is left at the end counts in part."""
    factors, tokens = 0.0, 0
    seen: set[int] = set()
    for type_ in types:
        tokens += 1
        seen.add(type_)
        if len(seen) / tokens < _FACTOR:
            factors += 1
            tokens = 0
            seen.clear()
    if tokens:
        factors += (1 - len(seen) / tokens) / (1 - _FACTOR)
    return len(types) / factors if factors else None


def hdd(counts: "Array") -> float | None:
    """HD-D: the mean type-token ratio of all samples of 42 tokens. McCarthy & Jarvis (2007).

    `counts`: occurrences of each type. None for fewer tokens.
    """
    import numpy
    from scipy.stats import hypergeom

    total = int(counts.sum())
    if total < _SAMPLE:
        return None
    values, numbers = numpy.unique(counts, return_counts=True)
    absent = hypergeom.pmf(0, total, values, _SAMPLE)
    return float((numbers * (1 - absent)).sum() / _SAMPLE)


def yule_k(counts: "Array") -> float | None:
    """Yule's K = 10,000 · (Σ f² - N) / N²: higher where types are repeated. Yule (1944)."""
    total = float(counts.sum())
    return 1e4 * ((counts.astype(float) ** 2).sum() - total) / total**2 if total else None


def entropy(counts: "Array") -> float | None:
    """Entropy of the types in bits: -Σ p log2 p. Shannon (1948)."""
    from scipy.stats import entropy as library

    return float(library(counts, base=2)) if counts.sum() else None


def bootstrap_intervals(
    types: "Array", lengths: "Array", *, replicates: int, seed: int = 0
) -> dict[str, tuple[float | None, float | None]]:
    """95 % intervals of `ttr`, `mtld`, `hdd`, `yule_k`, `entropy` by a bootstrap over documents.

    Draws as many documents as there are, with replacement, `replicates` times, and joins them as
    drawn. The interval is the value ± 1.96 standard deviations of the resamples, the standard
    interval of Efron & Tibshirani (1993, 13.1), not their percentiles: a document drawn twice
    repeats its types, so that resamples are less diverse than the documents. `types`: of all
    tokens; `lengths`: tokens of each document. None where a measure has no value, or none in some
    resample.
    """
    import numpy

    dice = numpy.random.default_rng(seed)
    starts = numpy.cumsum(lengths) - lengths
    found = []
    for _replicate in range(replicates):
        drawn = dice.integers(0, len(lengths), len(lengths))
        sizes = lengths[drawn]
        shifts = numpy.repeat(starts[drawn] - (numpy.cumsum(sizes) - sizes), sizes)
        found.append(_sampled(types[shifts + numpy.arange(len(shifts))]))
    intervals: dict[str, tuple[float | None, float | None]] = {}
    for name, value in _sampled(types).items():
        values = [sample[name] for sample in found]
        if value is None or None in values or replicates < 2:
            intervals[name] = None, None
            continue
        error = _NORMAL * float(numpy.std(numpy.array(values, float), ddof=1))
        high = value + error
        intervals[name] = max(value - error, 0.0), min(high, 1.0) if name in _SHARES else high
    return intervals


def _sampled(types: "Array") -> dict[str, float | None]:
    import numpy

    counts = numpy.bincount(types, minlength=1)
    counts = counts[counts > 0]
    return {
        "ttr": ttr(counts),
        "mtld": mtld(types),
        "hdd": hdd(counts),
        "yule_k": yule_k(counts),
        "entropy": entropy(counts),
    }


def ratio(above: "Array", below: "Array") -> tuple[float | None, float | None, float | None]:
    """Σ above / Σ below with its 95 % interval, where documents were drawn at random.

    The variance of a ratio: D / (D - 1) · Σ (above - ratio · below)² / (Σ below)². Cochran (1977,
    2.11). None for the interval of fewer than two documents.
    """
    import numpy

    total = float(below.sum())
    if not total:
        return None, None, None
    value = float(above.sum() / total)
    if len(below) < 2:
        return value, None, None
    rest = float(((above - value * below) ** 2).sum())
    error = float(numpy.sqrt(len(below) / (len(below) - 1) * rest)) / total
    return value, value - _NORMAL * error, value + _NORMAL * error


def juilland_d(counts: "csr_matrix", sizes: "Array") -> "Array":
    """Juilland's D of each term: 1 - V / √(n - 1), with V the coefficient of variation of its
    relative frequency in the n parts; 1: spread evenly, 0: in one part. Juilland & Chang-Rodríguez
    (1964). `counts`: terms × parts; `sizes`: tokens per part, none 0."""
    import numpy

    parts = len(sizes)
    if parts < 2:
        return numpy.full(counts.shape[0], numpy.nan)
    shares = counts.multiply(1 / sizes).tocsr()
    mean = numpy.asarray(shares.mean(axis=1)).ravel()
    square = numpy.asarray(shares.multiply(shares).mean(axis=1)).ravel()
    deviation = numpy.sqrt((square - mean**2).clip(0))
    found: Array = 1 - deviation / mean / numpy.sqrt(parts - 1)
    return found


def deviation_of_proportions(counts: "csr_matrix", sizes: "Array") -> "Array":
    """DP of each term: half the sum of |its share in a part - the part's share of all tokens|.

    0: spread as the tokens are, near 1: in a small part. Gries (2008). For the parameters see
    `juilland_d`.
    """
    import numpy

    expected = sizes / sizes.sum()
    totals = numpy.asarray(counts.sum(axis=1)).ravel()
    cells = counts.tocoo()
    of_cells = expected[cells.col]
    observed = cells.data / totals[cells.row]
    # Parts without the term differ by their whole share.
    changes = numpy.abs(observed - of_cells) - of_cells
    found: Array = (numpy.bincount(cells.row, changes, len(totals)) + 1) / 2
    return found
