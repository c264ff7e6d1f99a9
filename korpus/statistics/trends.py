"""Trends and bursts in series of numbers: arrays of series × periods."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_HIGHEST = 0.99999  # probability in a burst
_LEAST_PERIODS = 3  # of a test
_LEVEL = 0.05  # of q, for a trend


class MannKendall(NamedTuple):
    """The results of the test, one per series."""

    z: "Array"
    p: "Array"
    tau: "Array"


def mann_kendall(values: "Array") -> MannKendall:
    """Test series for a monotonic trend. Mann (1945), Kendall (1975).

    S = Σ sign(x_j - x_i) over i < j, with the variance n(n-1)(2n+5)/18 corrected for ties, and a
    continuity correction of 1; p is two-sided. τ is τ-b, which is corrected for ties too, Kendall
    (1945): S / √(N (N - T)), of N pairs T with equal values; NaN if all are equal.
    """
    import numpy
    from scipy.special import ndtr

    series, periods = values.shape
    s = numpy.zeros(series)
    for lag in range(1, periods):
        s += numpy.sign(values[:, lag:] - values[:, :-lag]).sum(axis=1)
    pairs = periods * (periods - 1) / 2
    ties, corrections = _ties(values)
    variance = 2 * pairs * (2 * periods + 5) - corrections
    with numpy.errstate(divide="ignore", invalid="ignore"):
        z = numpy.where(s == 0, 0.0, (s - numpy.sign(s)) / numpy.sqrt(variance / 18))
        tau = s / numpy.sqrt(pairs * (pairs - ties))
    return MannKendall(z, 2 * ndtr(-numpy.abs(z)), tau)


def monotonic(values: "Array", times: "Array") -> "tuple[Array, Array, Array, Array]":
    """z, p and τ of `mann_kendall`, and `sen_slope`; NaN for fewer than three times."""
    import numpy

    if len(times) < _LEAST_PERIODS:
        nothing = numpy.full(len(values), numpy.nan)
        return nothing, nothing, nothing, nothing
    return (*mann_kendall(values), sen_slope(values, times))


def direction(z: float | None, q: float | None) -> str | None:
    """hot or cold, if there is a trend."""
    if not z or q is None or q >= _LEVEL:
        return None
    return "hot" if z > 0 else "cold"


def _ties(values: "Array") -> "tuple[Array, Array]":
    """Σ t(t-1)/2 and Σ t(t-1)(2t+5) of each series, over its groups of t equal values."""
    import numpy

    ordered = numpy.sort(values, axis=1)
    starts = numpy.ones(values.shape, dtype=bool)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    places = numpy.flatnonzero(starts)
    sizes = numpy.diff(numpy.append(places, values.size))
    ordered_pairs = sizes * (sizes - 1)
    ties, corrections = (
        numpy.bincount(places // values.shape[1], found, minlength=len(values))
        for found in (ordered_pairs / 2, ordered_pairs * (2 * sizes + 5))
    )
    return ties, corrections


def sen_slope(values: "Array", times: "Array") -> "Array":
    """The median of the slopes between all pairs of points. Theil (1950), Sen (1968)."""
    import numpy

    first, second = numpy.triu_indices(len(times), 1)
    steps = (times[second] - times[first]).astype(float)
    return numpy.array([numpy.median((row[second] - row[first]) / steps) for row in values])


class Bursts(NamedTuple):
    """Per series and period: whether it is in a burst, and how much cheaper the burst state is."""

    states: "Array"
    gains: "Array"


def bursts(counts: "Array", totals: "Array", scaling: float = 2.0, gamma: float = 1.0) -> Bursts:
    """Find bursts: periods in which a share is `scaling` times what it is in all. Kleinberg (2002).

    The automaton of two states for events in batches (section 4): in state 0 a unit is relevant
    with probability p₀ = R / D, in state 1 with s · p₀. Going up costs γ ln n for n batches, going
    down nothing, and a batch with r of d relevant -ln of its binomial probability. Of equal
    sequences of states, the one without a burst. `gains` is the cost of state 0 less that of state
    1; its sum over a burst is the weight of the burst.
    """
    import numpy
    from scipy.special import xlog1py, xlogy

    everything = numpy.maximum(totals.sum(), 1)
    base = (counts.sum(axis=1) / everything)[:, None]
    raised = numpy.minimum(base * scaling, _HIGHEST)
    rest = totals - counts
    low, high = (-(xlogy(counts, p) + xlog1py(rest, -p)) for p in (base, raised))
    batches = max(int((totals > 0).sum()), 1)
    up = gamma * numpy.log(batches)
    cost = numpy.stack([numpy.zeros(len(counts)), numpy.full(len(counts), numpy.inf)])
    came_from = numpy.zeros((2, *counts.shape), dtype=numpy.int8)
    for period in range(counts.shape[1]):
        falls, stays = cost[1] < cost[0], cost[1] < cost[0] + up
        came_from[0, :, period], came_from[1, :, period] = falls, stays
        cost = numpy.stack(
            [
                numpy.where(falls, cost[1], cost[0]) + low[:, period],
                numpy.where(stays, cost[1], cost[0] + up) + high[:, period],
            ]
        )
    state = (cost[1] < cost[0]).astype(numpy.int8)
    states = numpy.zeros(counts.shape, dtype=numpy.int8)
    for period in reversed(range(counts.shape[1])):
        states[:, period] = state
        state = came_from[state, numpy.arange(len(counts)), period]
    return Bursts(states, low - high)
