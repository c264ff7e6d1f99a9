"""Linear regression of several outcomes that are known as draws, and bases of splines."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_DEGREE = 3
_ROUNDING = 1e-12  # of outcomes, relative to the largest: effects below it count as 0
_RANK = 1e-9  # of a column, relative to its length: what else is left of it is rounding


class Pooled(NamedTuple):
    """Coefficients (outcomes × columns), their covariances (outcomes × columns × columns), and the
    degrees of freedom of the residuals."""

    coefficients: "Array"
    covariances: "Array"
    freedom: int

    def intervals(self, rows: "Array") -> "tuple[Array, Array, Array]":
        """Values of the outcomes at some rows (outcomes × rows), and their 95 % intervals."""
        import numpy
        from scipy.stats import t

        values = self.coefficients @ rows.T
        variances = numpy.einsum("ri,oij,rj->or", rows, self.covariances, rows)
        half = t.ppf(0.975, self.freedom) * numpy.sqrt(numpy.maximum(variances, 0))
        return values, values - half, values + half

    def wald(self, columns: slice) -> "tuple[Array, Array]":
        """F, per outcome, of the test that the coefficients of some columns are 0, and its p.

        F = b' V⁻¹ b / m for m coefficients b with covariance V.
        """
        import numpy
        from scipy.special import fdtrc

        some = self.coefficients[:, columns]
        inverses = numpy.linalg.pinv(self.covariances[:, columns, columns], hermitian=True)
        f = numpy.einsum("oi,oij,oj->o", some, inverses, some) / some.shape[1]
        return f, fdtrc(some.shape[1], self.freedom, f)


def pooled_regression(design: "Array", draws: "Iterable[Array]") -> Pooled:
    """Least squares of outcomes on a design, for each draw of the outcomes, pooled.

    `design`: rows × columns, of full rank. `draws`: rows × outcomes each; at least one. The method
    of composition (Tanner 1996; Treier & Jackman 2008): the coefficients are a mixture over draws
    of normal distributions. Its mean is that of the draws, and its variance W + (1 + 1/m) B (Rubin
    1987), of the mean W of the m covariances, and the covariance B of the m coefficients.
    """
    import numpy
    from scipy.linalg import solve_triangular

    q, r = numpy.linalg.qr(design)
    inverse = solve_triangular(r, numpy.eye(len(r)))
    freedom = len(design) - len(r)
    coefficients, variances = [], []
    for outcomes in draws:
        least = _ROUNDING * abs(outcomes).max(axis=0)
        projected = q.T @ outcomes
        some = (inverse @ projected).T
        some[abs(some) * abs(design).max(axis=0) < least[:, None]] = 0
        coefficients.append(some)
        variance = ((outcomes - q @ projected) ** 2).sum(axis=0) / freedom
        variances.append(numpy.where(numpy.sqrt(variance) < least, 0, variance))
    found = numpy.array(coefficients)
    mean = found.mean(axis=0)
    within = numpy.mean(variances, axis=0)[:, None, None] * (inverse @ inverse.T)
    if len(found) == 1:
        return Pooled(mean, within, freedom)
    apart = found - mean
    between = numpy.einsum("doi,doj->oij", apart, apart) / (len(found) - 1)
    return Pooled(mean, within + (1 + 1 / len(found)) * between, freedom)


def dependent_column(design: "Array") -> int | None:
    """The first column that is a sum of multiples of those before it; None if there is none."""
    import numpy

    lengths = numpy.linalg.norm(design, axis=0)
    if not lengths.all():
        return int(numpy.flatnonzero(lengths == 0)[0])
    r = numpy.linalg.qr(design / lengths, mode="r")
    small = numpy.flatnonzero(numpy.abs(numpy.diag(r)) < _RANK)
    return int(small[0]) if len(small) else None


def spline_knots(values: "Array", df: int) -> "Array":
    """The knots of a cubic B-spline with `df` columns: the range, and quantiles within it.

    As R's splines::bs places them. Equal quantiles count once, which leaves fewer columns.
    """
    import numpy

    low, high = values.min(), values.max()
    shares = numpy.linspace(0, 1, df - _DEGREE + 2)[1:-1]
    inner = numpy.unique(numpy.quantile(values, shares))
    inner = inner[(inner > low) & (inner < high)]
    ends = numpy.ones(_DEGREE + 1)
    return numpy.concatenate([low * ends, inner, high * ends])


def spline_basis(values: "Array", knots: "Array") -> "Array":
    """The columns of a cubic B-spline without its constant, as R's splines::bs gives them."""
    from scipy.interpolate import BSpline

    found: Array = BSpline.design_matrix(values, knots, _DEGREE).toarray()[:, 1:]
    return found
