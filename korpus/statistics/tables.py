"""Contingency tables of two variables: tests, residuals, correspondence analysis."""

from typing import TYPE_CHECKING, NamedTuple

from korpus.statistics.significance import chi2_p

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


class Independence(NamedTuple):
    """Pearson's test of a table. `residuals`: adjusted, of each cell. NaN where undefined."""

    chi2: float
    df: int
    p: float
    cramers_v: float
    expected: "Array"
    residuals: "Array"


def independence(table: "Array") -> Independence:
    """Test whether rows and columns are independent: χ² = Σ (O - E)² / E. Pearson (1900).

    Residuals are adjusted, (O - E) / √(E (1 - row share) (1 - column share)), about normal where
    there is no association: Haberman (1973). Cramér's V = √(χ² / (n · min(rows - 1, columns - 1))),
    Cramér (1946). Rows and columns without counts take no part. No correction for continuity.
    """
    import numpy

    table = numpy.asarray(table, dtype=float)
    total = table.sum()
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    filled = int((rows > 0).sum()), int((columns > 0).sum())
    with numpy.errstate(divide="ignore", invalid="ignore"):
        expected = numpy.outer(rows, columns) / total
        rest = numpy.outer(1 - rows / total, 1 - columns / total)
        residuals = (table - expected) / numpy.sqrt(expected * rest)
        parts = numpy.where(expected > 0, (table - expected) ** 2 / expected, 0.0)
    residuals[~numpy.isfinite(residuals)] = numpy.nan
    df = (filled[0] - 1) * (filled[1] - 1)
    if df < 1:
        nothing = float("nan")
        return Independence(nothing, 0, nothing, nothing, expected, residuals)
    chi2 = float(parts.sum())
    cramers_v = float(numpy.sqrt(chi2 / (total * (min(filled) - 1))))
    return Independence(chi2, df, float(chi2_p(chi2, df)), cramers_v, expected, residuals)


class Points(NamedTuple):
    """Rows or columns of a table in correspondence analysis.

    `coordinates`: principal, per dimension. `masses`: shares of the total. `inertias`: parts of the
    total inertia. `cos2`: how much of a point each dimension shows. `contributions`: how much of a
    dimension each point makes.
    """

    coordinates: "Array"
    masses: "Array"
    inertias: "Array"
    cos2: "Array"
    contributions: "Array"


class Correspondence(NamedTuple):
    """A correspondence analysis. `eigenvalues`: the inertia of every dimension."""

    rows: Points
    columns: Points
    eigenvalues: "Array"


def correspondence(table: "Array", dimensions: int) -> Correspondence:
    """Correspondence analysis of a table without empty rows and columns. Benzécri (1973).

    The singular value decomposition U Σ Vᵀ of (P - r cᵀ) / √(r cᵀ), as in Greenacre (2017, App. A):
    principal coordinates are U Σ / √r and V Σ / √c. Each dimension points so that the row with the
    largest coordinate is positive. Gives min(rows, columns) - 1 dimensions at most.
    """
    import numpy

    shares = numpy.asarray(table, dtype=float) / table.sum()
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    expected = numpy.outer(rows, columns)
    left, values, right = numpy.linalg.svd((shares - expected) / numpy.sqrt(expected), False)
    most = min(table.shape) - 1
    kept = slice(min(dimensions, most))
    biggest = numpy.abs(left / numpy.sqrt(rows)[:, None]).argmax(axis=0)
    signs = numpy.where(left[biggest, numpy.arange(left.shape[1])] < 0, -1.0, 1.0)
    left, right = left * signs, right * signs[:, None]
    return Correspondence(
        _points(left, values, rows, kept),
        _points(right.T, values, columns, kept),
        values[:most] ** 2,
    )


def _points(vectors: "Array", values: "Array", masses: "Array", kept: slice) -> Points:
    import numpy

    all_coordinates = vectors * values / numpy.sqrt(masses)[:, None]
    distances = (all_coordinates**2).sum(axis=1)
    coordinates = all_coordinates[:, kept]
    with numpy.errstate(divide="ignore", invalid="ignore"):
        cos2 = numpy.where(distances[:, None] > 0, coordinates**2 / distances[:, None], numpy.nan)
    return Points(coordinates, masses, masses * distances, cos2, vectors[:, kept] ** 2)
