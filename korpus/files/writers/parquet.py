"""Parquet."""

import io
from typing import BinaryIO

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Table


def write(stream: BinaryIO, table: Table) -> None:
    """Write a table, which is held in memory. Raises KorpusError for a column of mixed types."""
    import pyarrow
    import pyarrow.parquet

    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    try:
        arrow = pyarrow.table(dict(zip(table.columns, map(list, columns), strict=True)))
        buffer = io.BytesIO()  # the writer seeks, which a pipe cannot
        pyarrow.parquet.write_table(arrow, buffer)
    except (TypeError, ValueError, OverflowError, NotImplementedError) as error:
        raise KorpusError(
            _("cannot write as parquet: {reason}").format(reason=str(error).splitlines()[0]),
            _("write .jsonl instead"),
        ) from None
    stream.write(buffer.getbuffer())
