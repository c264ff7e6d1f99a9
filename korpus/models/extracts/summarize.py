"""The stage summarize (요약): tokens → the most important sentences of each document or group."""

import logging
import math
from typing import TYPE_CHECKING

from korpus.checks import check_choice, check_least
from korpus.documents.groups import heading
from korpus.errors import UsageError
from korpus.files.model_files import Model
from korpus.messages import _, plural
from korpus.models.extracts.sentence_scores import centroid, lexrank, textrank
from korpus.models.extracts.units import Sentence, Unit, units
from korpus.models.nearest import unit as of_length_one
from korpus.models.vector_model import VectorModel, word_vectors
from korpus.records import DocumentSource, Row, Table
from korpus.tokens import document_term_matrix

if TYPE_CHECKING:
    import numpy
    from scipy.sparse import csr_matrix

    Array = numpy.ndarray

logger = logging.getLogger("korpus")

TEXTRANK, LEXRANK, CENTROID = METHODS = ("textrank", "lexrank", "centroid")
_SUMMARY = ["sentences", "kept", "summary"]
_SENTENCE = ["document", "sentence", "rank", "score", "text"]
_DENSE = 200  # sentences of a unit
_DIGITS = 9  # of scores, as ties should not depend on rounding errors


def summarize(
    documents: DocumentSource,
    *,
    method: str = LEXRANK,
    by: str | None = None,
    count: int | None = None,
    ratio: float | None = None,
    redundancy: float = 0.7,
    vectors: Model | None = None,
    each: bool = False,
) -> Table:
    """Choose the most important sentences of each document, or of each group (요약).

    Needs the whole input; holds the texts.

    Parameters: `method`: `textrank` (Mihalcea & Tarau 2004), by shared words; `lexrank` (Erkan &
    Radev 2004), by the cosine of TF-IDF above 0.1, both with PageRank; `centroid` (Radev et al.
    2004), nearness to the mean of all sentences, by TF-IDF or (Rossiello et al. 2017) by a model
    of `vectors`. TF-IDF has idf = ln(N / n) of the N sentences of the whole input. `by`: a column;
    one summary per group. `count`: sentences to choose (default: 3); `ratio`: instead, a share of
    them, at least one. `redundancy`: leave out a sentence whose cosine of TF-IDF with one that is
    chosen is higher (1: only equal ones). `each`: a row per sentence.

    Columns in: `id`, `text`, `tokens`, and of `morph --spans` `spans` and `sentence_starts`;
    documents without these are single sentences. Out: `id` or the group, `sentences` (how many it
    has), `kept`, `summary`: the sentences in their order, one per line for a group; with `each`
    `id` or the group, `document`, `sentence` (from 1), `rank`, `score`, `text`, in their order.
    Raises UsageError for a bad option, KorpusError for an unknown column, or for a group of more
    than 10,000 sentences, but with centroid.
    """
    check_summarize(method, count, ratio, redundancy, vectors is not None)
    found = units(documents, by)
    _log(found, by)
    rows: list[Row] = []
    sentences = [sentence for unit in found for sentence in unit.sentences if sentence.tokens]
    if sentences:
        counts, weights = _matrices(sentences)
        middle_of = None if vectors is None else _vectors(found, word_vectors(vectors))
    start = 0
    for unit in found:
        ours = [sentence for sentence in unit.sentences if sentence.tokens]
        chosen: list[tuple[int, int, float]] = []
        if ours:
            here = slice(start, start + len(ours))
            start += len(ours)
            its_weights = _rows(weights, here)
            its_vectors = its_weights if middle_of is None else middle_of[here]
            scores = _scores(method, _rows(counts, here), its_weights, its_vectors)
            wanted = _wanted(len(unit.sentences), count, ratio)
            chosen = _chosen(scores, its_weights, wanted, redundancy)
        if each:
            rows += [
                (unit.name, ours[at].document, ours[at].number + 1, rank, score, ours[at].text)
                for at, rank, score in chosen
            ]
        else:
            summary = ("\n" if by else " ").join(ours[at].text for at, _rank, _score in chosen)
            rows.append((unit.name, len(unit.sentences), len(chosen), summary))
    columns = _SENTENCE if each else _SUMMARY
    return Table([heading(by, columns) if by else "id", *columns], lambda: rows)


def check_summarize(
    method: str, count: int | None, ratio: float | None, redundancy: float, has_vectors: bool
) -> None:
    """Raises UsageError for options that `summarize` does not take."""
    check_choice("--method", method, METHODS)
    check_least("--count", count, 1)
    if count is not None and ratio is not None:
        raise UsageError(_("--count cannot be combined with --ratio"))
    for option, value in (("--ratio", ratio), ("--redundancy", redundancy)):
        if value is not None and not 0 < value <= 1:
            raise UsageError(
                _("{option} {value} is not above 0 and at most 1").format(
                    option=option, value=value
                )
            )
    if has_vectors and method != CENTROID:
        raise UsageError(
            _("--vectors is for --method {method}").format(method=CENTROID),
            _("add --method {method}, or leave out --vectors").format(method=CENTROID),
        )


def _wanted(sentences: int, count: int | None, ratio: float | None) -> int:
    if ratio is None:
        return 3 if count is None else count
    return max(1, math.ceil(round(ratio * sentences, 9)))


def _matrices(sentences: list[Sentence]) -> "tuple[csr_matrix, csr_matrix]":
    """Counts of words per sentence, and TF-IDF with rows of length 1 or zero."""
    import numpy
    from scipy.sparse import csr_matrix, diags
    from sklearn.preprocessing import normalize

    counts = document_term_matrix({"id": "", "tokens": one.tokens} for one in sentences).counts
    df = numpy.bincount(counts.indices, minlength=counts.shape[1])
    weights = normalize(csr_matrix(counts @ diags(numpy.log(len(sentences) / df))))
    return counts, weights


def _rows(matrix: "csr_matrix", here: slice) -> "Array | csr_matrix":
    """Some rows; as an array without empty columns, which is faster, unless they are many."""
    import numpy

    ends = matrix.indptr[here.start : here.stop + 1]
    size = len(ends) - 1
    if size > _DENSE:
        found: csr_matrix = matrix[here]
        return found
    columns, places = numpy.unique(matrix.indices[ends[0] : ends[-1]], return_inverse=True)
    rows = numpy.zeros((size, len(columns)))
    rows[numpy.repeat(numpy.arange(size), numpy.diff(ends)), places] = matrix.data[
        ends[0] : ends[-1]
    ]
    return rows


def _vectors(found: list[Unit], model: VectorModel) -> "Array":
    """The vectors of all sentences with tokens, of length 1 or zero."""
    sentences = (
        unit.record([sentence]) for unit in found for sentence in unit.sentences if sentence.tokens
    )
    return of_length_one(model.document_vectors(sentences).vectors)


def _scores(
    method: str,
    counts: "Array | csr_matrix",
    weights: "Array | csr_matrix",
    vectors: "Array | csr_matrix",
) -> "Array":
    if method == TEXTRANK:
        return textrank(counts)
    return lexrank(weights) if method == LEXRANK else centroid(vectors)


def _chosen(
    scores: "Array", weights: "Array | csr_matrix", wanted: int, redundancy: float
) -> list[tuple[int, int, float]]:
    """Place, rank and score of the best sentences that do not repeat another, by place."""
    import numpy

    order = numpy.argsort(-scores.round(_DIGITS), kind="stable").tolist()
    chosen: list[tuple[int, int, float]] = []
    for at in order:
        if len(chosen) == wanted:
            break
        others = [other for other, _rank, _score in chosen]
        nearest = (weights[others] @ weights[[at]].T).max() if others else 0
        # A sentence of words that all sentences have is at no angle to others.
        if nearest <= (redundancy if redundancy < 1 else 1 - 1e-9):
            chosen.append((at, len(chosen) + 1, float(scores[at])))
    return sorted(chosen)


def _log(found: list[Unit], by: str | None) -> None:
    total = sum(len(unit.sentences) for unit in found)
    logger.info(
        _("%s of %s to choose from"),
        plural(total, "sentence"),
        plural(len(found), "group" if by else "document"),
    )
    if found and not by and total == len(found):
        logger.warning(
            _("each document is one sentence: tokens of morph --spans know their sentences")
        )
