"""Algorithms that put rows of numbers into clusters, by scikit-learn; always the same bytes."""

import logging
from typing import TYPE_CHECKING, Any

from korpus.errors import UsageError
from korpus.messages import _, plural

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

METHODS = ("kmeans", "ward", "hdbscan")
_RUNS = 5
_MOST = {"kmeans": 10_000_000, "ward": 10_000, "hdbscan": 50_000}  # items
_MOST_CELLS = 50_000_000  # of a dense matrix
_SAMPLE = 5000  # items whose silhouettes are computed, and that are drawn


def assigned(
    rows: "Array | csr_matrix", method: str, *, k: int, min_size: int, seed: int
) -> "Array":
    """The cluster of each row, from 1, the largest first; 0 for noise.

    Raises UsageError where the method would need too much memory or time.
    """
    import numpy
    from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans
    from threadpoolctl import threadpool_limits

    count = rows.shape[0]
    if count > _MOST[method]:
        raise UsageError(
            _("--method {method} takes at most {limit} items, and there are {count}").format(
                method=method, limit=f"{_MOST[method]:,}", count=f"{count:,}"
            ),
            _("use --method kmeans, or korpus sample"),
        )
    if not count:
        return numpy.empty(0, int)
    engine: Any
    if method == "kmeans":
        engine = KMeans(k, n_init=_RUNS, random_state=seed)
    elif method == "ward":
        engine = AgglomerativeClustering(k, linkage="ward")
    else:
        size = min(min_size, count)
        engine = HDBSCAN(min_cluster_size=max(size, 2), n_jobs=1, copy=True)
    with threadpool_limits(1):  # sums do not depend on the number of cores
        few = method == "hdbscan" and count < 2
        found = numpy.full(count, -1) if few else engine.fit_predict(_for(method, rows))
    return numbered(found)


def distinct(rows: "Array | csr_matrix", most: int) -> int:
    """How many rows differ, at most `most`."""
    import numpy

    found: set[bytes] = set()
    for row in rows:
        values = row if isinstance(row, numpy.ndarray) else row.toarray()
        found.add((values.round(9) + 0.0).tobytes())  # -0.0 is 0.0
        if len(found) == most:
            break
    return len(found)


def possible_number(rows: "Array | csr_matrix", k: int, items: str) -> int:
    """The number of clusters: k, or fewer if fewer rows differ, which is logged.

    `items`: how many rows there are, in words.
    """
    different = distinct(rows, k)
    if different < k:
        logger.info(
            _("only %d of %s are distinct: %s instead of %d"),
            different,
            items,
            plural(different, "cluster"),
            k,
        )
    return different


def numbered(found: "Array") -> "Array":
    """Labels as numbers from 1, the largest cluster first; those below 0 become 0."""
    import numpy

    labels, first, sizes = numpy.unique(found, return_index=True, return_counts=True)
    order = [
        label
        for _size, _first, label in sorted(zip(-sizes, first, labels, strict=True))
        if label >= 0
    ]
    number = {label: place for place, label in enumerate(order, 1)}
    return numpy.array([number.get(label, 0) for label in found.tolist()], int)


def _for(method: str, rows: "Array | csr_matrix") -> "Array | csr_matrix":
    """Rows as the method takes them: only k-means takes sparse ones."""
    import numpy

    if method == "kmeans" or isinstance(rows, numpy.ndarray):
        return rows
    if rows.shape[0] * rows.shape[1] > _MOST_CELLS:
        raise UsageError(
            _("--method {method} with --features tfidf needs too much memory here").format(
                method=method
            ),
            _("use --features lsa, or fewer terms: --min-df, --max-features"),
        )
    dense: Array = rows.toarray()
    return dense


def silhouettes(rows: "Array | csr_matrix", labels: "Array", seed: int) -> "Array":
    """The silhouette of each row, NaN for noise and for rows outside the sample."""
    import numpy
    from sklearn.metrics import silhouette_samples
    from threadpoolctl import threadpool_limits

    found = numpy.full(len(labels), numpy.nan)
    chosen = sample(numpy.flatnonzero(labels > 0), seed)
    kinds = len(set(labels[chosen].tolist()))
    if 1 < kinds < len(chosen):
        with threadpool_limits(1):
            found[chosen] = silhouette_samples(rows[chosen], labels[chosen])
    return found


def sample(numbers: "Array", seed: int, most: int = _SAMPLE) -> "Array":
    """At most so many of the numbers, at random, in order."""
    import numpy

    if len(numbers) <= most:
        return numbers
    chosen = numpy.random.default_rng(seed).choice(numbers, most, replace=False)
    return numpy.sort(chosen)


def flat_map(rows: "Array | csr_matrix", seed: int) -> "Array":
    """Places of rows in two dimensions by t-SNE (van der Maaten & Hinton 2008): float, rows × 2.

    Rows that are all the same are in one place.
    """
    import numpy
    from sklearn.decomposition import TruncatedSVD
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    count = rows.shape[0]
    if distinct(rows, 2) < 2:
        return numpy.zeros((count, 2))
    with threadpool_limits(1):
        if min(rows.shape) > 50:
            rows = TruncatedSVD(50, random_state=seed).fit_transform(rows)
        elif not isinstance(rows, numpy.ndarray):
            rows = rows.toarray()
        if count < 5 or rows.shape[1] < 2:
            places = numpy.zeros((count, 2))
            places[:, : min(rows.shape[1], 2)] = rows[:, :2]
            return places
        engine = TSNE(
            perplexity=min(30.0, (count - 1) / 3), init="pca", random_state=seed, n_jobs=1
        )
        found: Array = engine.fit_transform(rows).astype(float)
    return found
