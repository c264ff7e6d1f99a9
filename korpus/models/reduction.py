"""Rows of numbers in fewer dimensions."""

import warnings
from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.messages import _

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

REDUCTIONS = ("pca", "umap", "none")
_FEWEST = 4  # rows that UMAP can place


def reduced(rows: "Array", method: str, dimensions: int, seed: int) -> "Array":
    """Rows in at most so many dimensions, by one of `REDUCTIONS`.

    pca: the directions of the largest variance, by scikit-learn. umap (McInnes, Healy & Melville
    2018): by cosine, for which the package umap-learn is needed; raises KorpusError without it.
    """
    dimensions = min(dimensions, *rows.shape)
    if method == "none" or len(rows) < 2 or dimensions == rows.shape[1]:
        return rows
    if method == "umap" and len(rows) >= _FEWEST:
        return _umap(rows, dimensions, seed)
    from sklearn.decomposition import PCA

    # Signs are fixed by scikit-learn; the full decomposition is of d × d where rows are many.
    found: Array = PCA(dimensions, svd_solver="covariance_eigh").fit_transform(rows)
    return found


def _umap(rows: "Array", dimensions: int, seed: int) -> "Array":
    try:
        with warnings.catch_warnings(action="ignore"):
            from umap import UMAP
    except ImportError:
        raise KorpusError(
            _("umap needs the package umap-learn"),
            _("install it: {command}").format(command="pip install 'korpus[umap]'"),
        ) from None
    engine = UMAP(
        n_components=min(dimensions, len(rows) - 2),
        n_neighbors=min(15, len(rows) - 1),
        min_dist=0.0,
        metric="cosine",
        random_state=seed,
        n_jobs=1,
        init="pca" if len(rows) < 50 else "spectral",
    )
    with warnings.catch_warnings(action="ignore"):
        found: Array = engine.fit_transform(rows).astype(float)
    return found
