"""What workers send back: rows of a kind and bytes."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from korpus import files
from korpus.workers.sending import packed

# Encoded items; items as they are; documents that a stage set aside; rows that could not be read;
# what was logged; counts; an error; how many documents a task has read; digests of the ids of a
# task's documents.
ENCODED, ITEMS, REJECTS, BAD, LOGS, COUNTS, ERROR, SEEN, IDS = range(9)
SCHEMA = "kind int, data binary"
ID_SIZE = 8  # bytes of a digest


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


class Written:
    """The encoded lines of a task. `lines`: how many; `ids`: digests of those that have ids."""

    def __init__(self) -> None:
        self.lines = 0
        self.ids = bytearray()

    def add(self, batch: Any) -> None:
        """Add a row, if it has encoded items."""
        if batch.column(0)[0].as_py() != ENCODED:
            return
        data: bytes = batch.column(1)[0].as_buffer().to_pybytes()
        self.lines += 1 + data.count(b"\n")
        if len(self.ids) < ID_SIZE * files.MOST_IDS:
            for one in files.ids_in(data):
                self.ids += blake2b(one, digest_size=ID_SIZE).digest()
