"""Digests that tell whether a source or a batch is the same as before."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from korpus.files.batches import Batch
from korpus.files.readers import Chunk
from korpus.files.sources import source_errors
from korpus.files.writers import json_line


def source_digest(source: str) -> str:
    """The digest of a file; "" for sources that cannot be read twice, such as standard input."""
    path = Path(source)
    if not path.is_file():
        return ""
    with source_errors(source), path.open("rb") as stream:
        return _digest(iter(lambda: stream.read(1 << 20), b""))


def batch_digest(batch: Batch) -> str:
    """The digest of the documents of a batch and of how they are parsed."""
    if not isinstance(batch, Chunk):
        return _digest(map(json_line, batch))
    parsing = {"shape": batch.shape, "columns": batch.columns, "before": batch.before}
    return _digest([json_line(parsing), batch.data])


def _digest(pieces: Iterable[bytes]) -> str:
    found = sha256()  # fast: processors have instructions for it
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()
