"""Digests that tell whether a source, a batch or a piece of a file is what it was."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from korpus.files.batches import Batch
from korpus.files.readers import Chunk
from korpus.files.sources import source_errors
from korpus.files.writers import json_line


def source_digest(source: str) -> str:
    """Of the bytes of a file; "" for what cannot be read twice, as standard input."""
    path = Path(source)
    if not path.is_file():
        return ""
    with source_errors(source), path.open("rb") as stream:
        return _of_pieces(iter(lambda: stream.read(1 << 20), b""))


def batch_digest(batch: Batch) -> str:
    """Of the documents of a batch, and of what it takes to read them."""
    if not isinstance(batch, Chunk):
        return _of_pieces(map(json_line, batch))
    reading = json_line({"shape": batch.shape, "columns": batch.columns, "before": batch.before})
    return _of_pieces([reading, batch.data])


def digest(data: bytes) -> str:
    """Of some bytes."""
    return _of_pieces([data])


def _of_pieces(pieces: Iterable[bytes]) -> str:
    found = sha256()  # which processors have instructions for
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()
