"""A JSON array of objects, one per line."""

from collections.abc import Iterable, Iterator

from korpus.files.writers.jsonl import json_bytes
from korpus.records import Record


def json_array(records: Iterable[Record]) -> Iterator[bytes]:
    """The pieces of a JSON array. Streams."""
    before = b"["
    for record in records:
        yield before + b"\n" + json_bytes(record)
        before = b","
    yield b"[]\n" if before == b"[" else b"\n]\n"
