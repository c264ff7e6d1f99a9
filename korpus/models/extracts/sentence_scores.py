"""Scores of the sentences of a document or group, by three methods."""

from typing import TYPE_CHECKING

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.models.blas import one_blas_thread
from korpus.statistics.pagerank import pagerank

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

# LexRank's least similarity of two sentences, as in the paper.
THRESHOLD = 0.1
# Sentences that are compared in pairs: 10,000 take about a gigabyte.
_MOST = 10_000


def textrank(counts: "Array | csr_matrix") -> "Array":
    """TextRank of sentences (Mihalcea & Tarau 2004), by their counts of words.

    PageRank with the number of words that two sentences share / (ln of the length of one + ln of
    the other) for weights. Two sentences of one word each, which would divide by 0, have no edge.
    """
    import numpy
    from scipy.sparse import coo_matrix

    size = _checked_size(counts)
    has = (counts > 0).astype(float)
    links = coo_matrix(has @ has.T)
    lengths = numpy.log(numpy.maximum(1, numpy.asarray(counts.sum(axis=1)).ravel()))
    divisor = lengths[links.row] + lengths[links.col]
    linked = (links.row != links.col) & (divisor > 0)
    weights = links.data[linked] / divisor[linked]
    return pagerank(size, links.row[linked].tolist(), links.col[linked].tolist(), weights.tolist())


@one_blas_thread
def lexrank(weights: "Array | csr_matrix") -> "Array":
    """LexRank (Erkan & Radev 2004): PageRank among sentences whose cosine is above 0.1.

    `weights`: rows of length 1. Links have no weights; each sentence with words links to itself.
    """
    from scipy.sparse import coo_matrix

    size = _checked_size(weights)
    links = coo_matrix(weights @ weights.T)
    linked = links.data.round(12) > THRESHOLD
    ones = [1.0] * int(linked.sum())
    return pagerank(size, links.row[linked].tolist(), links.col[linked].tolist(), ones)


def centroid(vectors: "Array | csr_matrix") -> "Array":
    """The cosine of each sentence with the mean of all (Radev et al. 2004, Rossiello et al. 2017).

    `vectors`: rows of length 1, or zero.
    """
    import numpy

    middle = numpy.asarray(vectors.mean(axis=0)).ravel()
    length = numpy.linalg.norm(middle)
    found: Array = numpy.asarray(vectors @ (middle / length if length else middle)).ravel()
    return found


def _checked_size(rows: "Array | csr_matrix") -> int:
    sentences = int(rows.shape[0])
    if sentences > _MOST:
        raise KorpusError(
            _("{count} sentences in one group are too many to compare in pairs").format(
                count=f"{sentences:,}"
            ),
            _("--method centroid has no limit; or take a sample, or smaller groups"),
        )
    return sentences
