"""Digests that tell whether a source or a batch is the same as before."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from korpus.files.batches import Batch
from korpus.files.readers import Chunk
from korpus.files.sources import source_errors
from korpus.files.writers import json_line


def source_digest(sources: list[str]) -> str:
    """The digest of files; "" for sources that cannot be read twice, such as standard input."""
    if not all(Path(source).is_file() for source in sources):
        return ""
    found = [_file_digest(source) for source in sources]
    return found[0] if len(found) == 1 else _digest(digest.encode() for digest in found)


def _file_digest(source: str) -> str:
    with source_errors(source), Path(source).open("rb") as stream:
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
