"""Parquet, in batches of rows with a limit on the decompressed size."""

import contextlib
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from korpus.errors import KorpusError
from korpus.files.readers.bad_rows import bad_row
from korpus.files.readers.header import checked_header
from korpus.files.readers.reading import Reading
from korpus.files.sources import ALWAYS_ALLOWED, USUAL_RATIO, check_size
from korpus.messages import _
from korpus.records import Record

_VALUE = 8  # bytes that a value of a list takes at least
_FEWEST_ROWS, _MOST_ROWS = 256, 4096  # per batch


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The rows of a Parquet file. Streams. Raises KorpusError if it is broken or too large."""
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(stream)
        checked_header(file.schema_arrow.names, name)
        number = 1
        for batch in _batches(file, stream.seek(0, io.SEEK_END), name):
            try:
                yield from batch.to_pylist()
            except (ValueError, OverflowError):  # a time, or text, that Python cannot hold
                yield from _rows(batch, name, number, reading.strict)
            number += batch.num_rows
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
    check_size(name, size, sum(map(_extra_values, groups)) * _VALUE)
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


def _extra_values(group: Any) -> int:
    """How many values the lists of a row group have beyond one per row."""
    columns = [group.column(number) for number in range(group.num_columns)]
    return sum(max(0, int(column.num_values) - int(group.num_rows)) for column in columns)


def _rows(batch: Any, name: str, number: int, strict: bool) -> Iterator[Record]:
    """The rows of a batch one by one; `number` is that of the first."""
    for at in range(batch.num_rows):
        row = batch.slice(at, 1)
        try:
            yield row.to_pylist()[0]
        except (ValueError, OverflowError) as error:
            refused = KorpusError(
                _("{name}: row {row}: a value cannot be read ({reason})").format(
                    name=name, row=number + at, reason=error
                )
            )
            if strict:
                raise refused from None
            yield bad_row(
                "value",
                refused,
                number + at,
                str(dict(zip(row.schema.names, map(_shown, row.columns), strict=True))),
            )


def _shown(column: Any) -> str:
    """A column of one row as text, also if Python cannot hold its value."""
    import pyarrow

    for type in (column.type, pyarrow.int64(), pyarrow.binary()):
        with contextlib.suppress(ValueError, OverflowError, pyarrow.ArrowException):
            value = column.cast(type).to_pylist()[0]
            is_bytes = isinstance(value, bytes)
            return value.decode("utf-8", "backslashreplace") if is_bytes else str(value)
    return str(column.type)
