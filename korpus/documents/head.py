"""The stage head: the first records."""

from itertools import islice

from korpus.errors import UsageError
from korpus.messages import _
from korpus.records import DocumentSource, Records, as_tokens, lazily


def head(documents: DocumentSource, *, rows: int = 10) -> Records:
    """Take the first records. Streams, and reads no further.

    Parameters: `rows`, their number.

    Columns in: any. Out: all columns, unchanged. Raises UsageError for a number below 0.
    """
    if rows < 0:
        raise UsageError(_("{option} {value} is less than 0").format(option="--rows", value=rows))
    return lazily(as_tokens(documents), lambda found: islice(found, rows))
