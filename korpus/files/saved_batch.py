"""A finished batch of a run that can be resumed, and the checksum of its row."""

import json
from hashlib import sha256
from typing import NamedTuple

from korpus.records import Counts


class SavedBatch(NamedTuple):
    """A finished batch: its number in the input, the digest of its input, and its results.

    `records` and `rejects` are JSON Lines.
    """

    number: int
    input: str
    counts: Counts
    rejects: bytes
    records: bytes

    @property
    def documents(self) -> int:
        """How many documents it has, with those that were set aside."""
        return self.records.count(b"\n") + self.rejects.count(b"\n")


def checked(values: list[object]) -> SavedBatch | None:
    """The batch in the values of a row; None if they do not match their checksum."""
    number, input, counts, rejects, records, checksum = values
    if not (
        isinstance(number, int)
        and isinstance(input, bytes)
        and isinstance(counts, bytes)
        and isinstance(rejects, bytes)
        and isinstance(records, bytes)
        and checksum == checksum_of((number, input, counts, rejects, records))
    ):
        return None
    return SavedBatch(number, input.decode(), Counts(json.loads(counts)), rejects, records)


def checksum_of(values: tuple[int, bytes, bytes, bytes, bytes]) -> bytes:
    """The checksum of number, input, counts, rejects and records of a batch."""
    number, *pieces = values
    found = sha256(f"{number} {' '.join(str(len(piece)) for piece in pieces)} ".encode())
    for piece in pieces:
        found.update(piece)
    return found.digest()
