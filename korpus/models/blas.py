"""Linear algebra that gives the same bytes with any number of cores."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")


def one_blas_thread(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Run a function with one thread of BLAS.

    With several, sums are split by the number of threads, and so are rounding errors.
    """

    @wraps(function)
    def limited(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        import numpy  # noqa: F401
        import scipy.linalg  # noqa: F401  # only libraries that are loaded can be limited
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, "blas"):
            return function(*args, **kwargs)

    return limited
