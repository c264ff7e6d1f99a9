"""The stage head: the first records."""

from itertools import islice

from korpus.checks import check_least
from korpus.records import DocumentSource, Records, as_tokens, lazily


def head(documents: DocumentSource, *, rows: int = 10) -> Records:
    """Take the first records. Streams, and reads no further.

    Parameters: `rows`, their number.

    Columns in: any. Out: all columns, unchanged. Raises UsageError for a number below 0.
    """
    check_least("--rows", rows, 0)
    return lazily(as_tokens(documents), lambda found: islice(found, rows))
