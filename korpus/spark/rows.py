"""What workers send back: rows of a kind and bytes."""

from collections.abc import Iterator
from typing import Any

from korpus.workers.sending import packed

# Encoded items; items as they are; documents that were set aside; counts; an error; how many
# documents a task has read.
ENCODED, ITEMS, REJECTS, COUNTS, ERROR, SEEN = range(6)
SCHEMA = "kind int, data binary"


def row(kind: int, data: bytes) -> Any:
    """A batch of one row."""
    import pyarrow

    return pyarrow.RecordBatch.from_arrays(
        [pyarrow.array([kind], pyarrow.int32()), pyarrow.array([data], pyarrow.binary())],
        ["kind", "data"],
    )


def item_rows(found: list[Any], *, encoded: bool) -> Iterator[Any]:
    """The items of a batch; those that are encoded as one piece, without its last line end."""
    if encoded:
        if data := b"".join(found):
            yield row(ENCODED, data.removesuffix(b"\n"))
    elif found:
        yield packed_row(ITEMS, found)


def packed_row(kind: int, value: object) -> Any:
    """A row with a value of Python."""
    return row(kind, bytes(packed(value)))


def lines_in(batch: Any) -> int:
    """How many lines a row of encoded items has."""
    if batch.column(0)[0].as_py() != ENCODED:
        return 0
    data: bytes = batch.column(1)[0].as_buffer().to_pybytes()
    return 1 + data.count(b"\n")
