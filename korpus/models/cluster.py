"""The stage cluster: documents or words in groups that are alike."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from korpus.checks import check_choice, check_least
from korpus.errors import KorpusError, UsageError
from korpus.messages import _, plural
from korpus.models.cluster_methods import METHODS, assigned, possible_number, silhouettes
from korpus.models.embeddings import DocumentEmbeddings
from korpus.models.features import DOCUMENTS, FEATURES, ITEMS, VECTORS, WORDS, Features
from korpus.models.features import features as make_features
from korpus.models.vector_model import VectorModel
from korpus.records import Record, Row, Table, log_repeated
from korpus.tokens import Part

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

_TERMS, _EXAMPLES = 10, 3
NOISE = 0


@dataclass
class Clusters:
    """Items in clusters. Iterating gives the rows of `table`.

    `table`: `cluster`, `size`, `share`, `silhouette`, `terms`, `examples`; cluster 0 holds what
    HDBSCAN takes for noise. `members`: `id` or `term`, `cluster`, `silhouette`. `features`: of the
    items; `labels`: the cluster of each, -1 for one without features.
    """

    table: Table
    members: Table
    features: Features
    labels: "Array"

    def __iter__(self) -> Iterator[Record]:
        return iter(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_() + self.members._repr_html_()


def cluster(
    documents: Iterable[Record] | Iterable[Part],
    *,
    k: int = 5,
    items: str = DOCUMENTS,
    method: str = "kmeans",
    features: str = "lsa",
    dimensions: int = 50,
    vectors: VectorModel | DocumentEmbeddings | None = None,
    min_size: int = 5,
    top: int = _TERMS,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    max_features: int | None = None,
    seed: int = 0,
) -> Clusters:
    """Put documents, or words, into clusters of those that are alike. Needs the whole input.

    `k`: the number of clusters of `kmeans` (Lloyd 1982, by k-means++, the best of five runs) and
    `ward` (Ward 1963, agglomerative); `hdbscan` (Campello, Moulavi & Sander 2013) finds the number
    itself, from clusters of `min_size` items, and calls the rest noise. `items`: `documents` or
    `words` (by default the 300 most frequent). `features`: `tfidf`; `lsa`, its first `dimensions`
    latent dimensions; `vectors`, of a word2vec model, for documents the mean of their words', or
    of `tf_embed`, by the documents' ids. All rows have length 1, so that distances are those of the
    cosine.
    `top`: terms per cluster. `min_df`, `max_df`, `max_features`: see `document_term_matrix`.

    The terms of a cluster of documents are those whose mean TF-IDF is highest above that of the
    other documents; of a cluster of words its most frequent words. Silhouettes (Rousseeuw 1987)
    are from -1 to 1; of more than 5,000 items, those of a random sample of 5,000.
    Columns in: `id`, `tokens`. Out: see `Clusters`. Documents without words get no cluster, which
    is logged. Items that are all the same are in one cluster; if there are fewer different ones
    than `k`, there are fewer clusters, which is logged. Raises UsageError for wrong options,
    KorpusError for fewer items than clusters.
    """
    check_cluster(k, items, method, features, dimensions, vectors, min_size, top)
    made = make_features(
        documents,
        items=items,
        kind=features,
        dimensions=dimensions,
        vectors=vectors,
        min_df=min_df,
        max_df=max_df,
        max_features=max_features,
        seed=seed,
    )
    import numpy

    if items == DOCUMENTS:
        log_repeated(made.names)
    known = made.known()
    if unknown := int((~known).sum()):
        logger.info(_("%s without features: no cluster"), _counted(unknown, items))
    count = int(known.sum())
    rows = made.rows[numpy.flatnonzero(known)]
    if method != "hdbscan":
        k = _possible(rows, k, _counted(count, items))
    found = assigned(rows, method, k=k, min_size=min_size, seed=seed)
    widths = silhouettes(rows, found, seed)
    labels = numpy.full(len(made.names), -1)
    labels[known] = found
    all_widths = numpy.full(len(made.names), numpy.nan)
    all_widths[known] = widths
    _log(found, widths, method)
    members: list[Row] = [
        (name, None if label < 0 else label, None if width != width else width)
        for name, label, width in zip(made.names, labels.tolist(), all_widths.tolist(), strict=True)
    ]
    name = "term" if items == WORDS else "id"
    table = _cluster_table(made, labels, all_widths, items, top)
    return Clusters(table, Table([name, "cluster", "silhouette"], lambda: members), made, labels)


def check_cluster(
    k: int,
    items: str,
    method: str,
    features: str,
    dimensions: int,
    vectors: VectorModel | DocumentEmbeddings | None,
    min_size: int,
    top: int,
) -> None:
    """Raises UsageError for options that `cluster` does not take."""
    check_choice("--items", items, ITEMS)
    check_choice("--method", method, METHODS)
    check_choice("--features", features, FEATURES)
    for option, value, least in (
        ("-k", k, 2),
        ("--dimensions", dimensions, 1),
        ("--min-size", min_size, 2),
        ("--top", top, 1),
    ):
        check_least(option, value, least)
    if (features == VECTORS) != (vectors is not None):
        raise UsageError(
            _("--features vectors and --vectors belong together"),
            _("such as: {example}").format(
                example="korpus cluster tokens.jsonl --features vectors --vectors w2v.safetensors"
            ),
        )


def _counted(count: int, items: str) -> str:
    return plural(count, "word" if items == WORDS else "document")


def _possible(rows: "Array | csr_matrix", k: int, items: str) -> int:
    """The number of clusters: k, or fewer if fewer items are different.

    Raises KorpusError for fewer items than clusters. `items`: how many there are, in words.
    """
    count = rows.shape[0]
    if count < k:
        raise KorpusError(
            _("{count} cannot make {k} clusters").format(count=items, k=k),
            _("lower it: -k {count}").format(count=count)
            if count > 1
            else _("clusters need two or more"),
        )
    return possible_number(rows, k, items)


def _log(labels: "Array", widths: "Array", method: str) -> None:
    import numpy

    known = widths[~numpy.isnan(widths)]
    shown = [
        plural(len(set(labels.tolist()) - {NOISE}), "cluster"),
        f"{len(labels):,}",
        f"{known.mean():.3f}" if len(known) else _("none"),
    ]
    if method == "hdbscan":
        noise = f"{int((labels == NOISE).sum()):,}"
        logger.info(_("%s of %s, noise: %s, mean silhouette %s"), *shown[:2], noise, shown[2])
    else:
        logger.info(_("%s of %s, mean silhouette %s"), *shown)


def _cluster_table(made: Features, labels: "Array", widths: "Array", items: str, top: int) -> Table:
    import numpy

    rows: list[Row] = []
    for label in sorted(set(labels.tolist()) - {-1}):
        inside = labels == label
        width = widths[inside & ~numpy.isnan(widths)]
        terms = _terms(made, inside, top) if items == DOCUMENTS else _frequent(made, inside, top)
        rows.append(
            (
                label,
                int(inside.sum()),
                float(inside.sum() / len(labels)),
                float(width.mean()) if len(width) else None,
                " ".join(terms),
                " ".join(_central(made, inside)),
            )
        )
    return Table(["cluster", "size", "share", "silhouette", "terms", "examples"], lambda: rows)


def _terms(made: Features, inside: "Array", top: int) -> list[str]:
    """The terms whose mean TF-IDF is highest above that of the other documents."""
    import numpy

    total = numpy.asarray(made.weights.sum(axis=0)).ravel()
    ours = numpy.asarray(made.weights[numpy.flatnonzero(inside)].sum(axis=0)).ravel()
    rest = max(int((~inside).sum()), 1)
    above = ours / inside.sum() - (total - ours) / rest
    order = numpy.argsort(-above, kind="stable")[:top]
    return [made.terms[number] for number in order if ours[number] > 0]


def _frequent(made: Features, inside: "Array", top: int) -> list[str]:
    import numpy

    numbers = numpy.flatnonzero(inside)
    order = numbers[numpy.argsort(-made.frequencies[numbers], kind="stable")][:top]
    return [made.names[number] for number in order]


def _central(made: Features, inside: "Array") -> list[str]:
    """The items nearest to the mean of their cluster."""
    import numpy

    numbers = numpy.flatnonzero(inside)
    rows = made.rows[numbers]
    centre = numpy.asarray(rows.mean(axis=0)).ravel()
    near = numpy.asarray(rows @ centre).ravel()
    return [
        made.names[number] for number in numbers[numpy.argsort(-near, kind="stable")][:_EXAMPLES]
    ]
