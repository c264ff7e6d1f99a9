"""Which terms a document-term matrix keeps: limits of their frequencies."""

from typing import TYPE_CHECKING

from korpus.checks import check_least
from korpus.errors import KorpusError, UsageError
from korpus.messages import _

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray


def chosen_terms(
    df: "Array",
    frequency: "Array",
    documents: int,
    min_df: int | float,
    max_df: int | float,
    max_features: int | None,
) -> "Array":
    """Which terms are kept (bool per term); see `document_term_matrix`.

    `df`, `frequency`: documents with each term, and its occurrences; `documents`: their number.
    Raises KorpusError if none is left.
    """
    import numpy

    if not len(df):
        raise KorpusError(
            _("there are no tokens to count"),
            _("the input is empty, or an earlier step removed all tokens"),
        )
    least = min_df if isinstance(min_df, int) else min_df * documents
    most = max_df if isinstance(max_df, int) else max_df * documents
    kept: Array = (df >= least) & (df <= most)
    if max_features is not None and kept.sum() > max_features:
        order = numpy.argsort(-frequency[kept], kind="stable")[:max_features]
        chosen = numpy.flatnonzero(kept)[order]
        kept = numpy.zeros_like(kept)
        kept[chosen] = True
    if not kept.any():
        raise KorpusError(
            _(
                "no term is left: none of {count} has a document frequency from {least} to {most}"
            ).format(count=f"{len(kept):,}", least=f"{least:g}", most=f"{most:g}"),
            _("lower --min-df or raise --max-df"),
        )
    return kept


def check_limits(min_df: int | float, max_df: int | float, max_features: int | None) -> None:
    """Raises UsageError for limits that `document_term_matrix` does not take."""
    for option, value in (("--min-df", min_df), ("--max-df", max_df)):
        if value < 0 or (isinstance(value, float) and value > 1):
            raise UsageError(
                _("{option} {value} is neither a number of documents nor a share of them").format(
                    option=option, value=value
                ),
                _("5 means five documents, 0.05 means five per cent of them"),
            )
    check_least("--max-features", max_features, 1)
