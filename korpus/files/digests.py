"""Digests that tell whether a source, a batch or a piece of a file is what it was."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from korpus.files.blocks import Batch, Block
from korpus.files.spool import json_line
from korpus.files.streams import reading


def source_digest(source: str) -> str:
    """Of the bytes of a file; "" for what cannot be read twice, as standard input."""
    path = Path(source)
    if not path.is_file():
        return ""
    with reading(source), path.open("rb") as stream:
        return _of_pieces(iter(lambda: stream.read(1 << 20), b""))


def batch_digest(batch: Batch) -> str:
    """Of the documents of a batch."""
    return digest(batch.data) if isinstance(batch, Block) else _of_pieces(map(json_line, batch))


def digest(data: bytes) -> str:
    """Of some bytes."""
    return _of_pieces([data])


def _of_pieces(pieces: Iterable[bytes]) -> str:
    found = sha256()  # processors compute it faster than others
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()
