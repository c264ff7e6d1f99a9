"""Parquet, in batches of rows with a limit on the decompressed size."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from korpus.errors import KorpusError
from korpus.files.readers.reading import Reading
from korpus.files.sources import ALWAYS_ALLOWED, USUAL_RATIO, check_size
from korpus.messages import _
from korpus.records import Record

_FEWEST_ROWS, _MOST_ROWS = 256, 4096  # per batch


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The rows of a Parquet file. Streams. Raises KorpusError if it is broken or too large."""
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(stream)
        for batch in _batches(file, stream.seek(0, io.SEEK_END), name):
            yield from batch.to_pylist()
    except (pyarrow.ArrowInvalid, OSError) as error:
        reason = str(error).splitlines()[0]
        raise KorpusError(
            _("{name}: broken Parquet file ({reason})").format(name=name, reason=reason)
        ) from None


def _batches(file: Any, size: int, name: str) -> Iterator[Any]:
    """The batches of rows of a pyarrow ParquetFile of `size` bytes. Streams.

    Raises KorpusError if they are too large: as the file says, or when each row gets its own copy
    of a text that the file stores once for many rows.
    """
    import pyarrow

    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    check_size(name, size, sum(group.total_byte_size for group in groups))
    # No row is larger than the row group it is in; large batches are only a little faster.
    largest = max((group.total_byte_size for group in groups), default=0)
    fewest = 1 if size * USUAL_RATIO < ALWAYS_ALLOWED else _FEWEST_ROWS
    rows = min(_MOST_ROWS, max(fewest, (ALWAYS_ALLOWED >> 2) // max(largest, 1)))
    count = 0
    for batch in file.iter_batches(batch_size=rows):
        for column in batch.columns:
            is_dictionary = pyarrow.types.is_dictionary(column.type)
            count += (column.dictionary_decode() if is_dictionary else column).nbytes
        check_size(name, size, count)
        yield batch
