"""Boilerplate: lines and sentences that recur in many documents."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from korpus.errors import UsageError
from korpus.messages import _
from korpus.records import Counts, Record

if TYPE_CHECKING:
    import numpy

_BOUNDARY = re.compile(
    r"(?<=\n)|(?<=[.!?…]\s)|(?<=[.!?…][\"'”’)\]]\s)|(?=[▶■◆●☞※ⓒ©<\[【〈])|(?<=[>\]】〉])(?![.,])"
)
_SPACE = re.compile(r"\s+")
_TIMES = re.compile(
    r"(?<!\d)\d{4}\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?"
)
_LETTERS = re.compile(r"[^\W_]")
_FEWEST_LETTERS = 4  # 네., [앵커] and the like stay
_FEWEST = 3  # documents
_BATCH = 5000  # documents
_PENDING = 1 << 20
_HASH = 8  # bytes


@dataclass(frozen=True)
class Boilerplate:
    """Lines and sentences that recur: hashes of their keys, see `key_of`."""

    hashes: frozenset[bytes]


def units(text: str) -> list[str]:
    """Lines and sentences of a text; joined they are the text. Notes in brackets are units too."""
    return [unit for unit in _BOUNDARY.split(text) if unit]


def key_of(unit: str) -> str:
    """What makes units the same: their text in one case, with any date and time; empty if short."""
    key = _TIMES.sub("0", _SPACE.sub(" ", unit)).strip().casefold()
    return key if len(_LETTERS.findall(key)) >= _FEWEST_LETTERS else ""


def check_share(share: float) -> None:
    """Raises UsageError unless 0 < share <= 1."""
    if not 0 < share <= 1:
        raise UsageError(
            _("{option} {value} is not a share above 0, up to 1").format(
                option="--boilerplate", value=f"{share:g}"
            ),
            _("0.05: what is in at least 5 of 100 documents"),
        )


def hashes_of(
    documents: Iterable[Record], *, prepare: Callable[[str], str], counts: Counts | None = None
) -> Iterator[tuple[int, bytes]]:
    """For batches of documents: their number, and the hashes of the units of each. Streams.

    A document of a single unit has no boilerplate. `counts` is not used.
    """
    number, found = 0, bytearray()
    for record in documents:
        number += 1
        parts = units(prepare(record["text"]))
        if len(parts) > 1:
            found += b"".join({_hash(key) for key in map(key_of, parts) if key})
        if number == _BATCH:
            yield number, bytes(found)
            number, found = 0, bytearray()
    if number:
        yield number, bytes(found)


def recurring(batches: Iterable[tuple[int, bytes]], share: float) -> Boilerplate:
    """The units that are in at least this share of the documents, and in three documents.

    Holds 16 bytes per distinct unit.
    """
    import numpy as np

    documents = pending = 0
    hashes = [np.empty(0, "<u8")]
    counts = [np.empty(0, np.int64)]
    for number, found in batches:
        documents += number
        hashes.append(np.frombuffer(found, "<u8"))
        counts.append(np.ones(len(hashes[-1]), np.int64))
        pending += len(hashes[-1])
        if pending > _PENDING:
            hashes, counts = _merged(hashes, counts)
            pending = 0
    (all_hashes,), (all_counts,) = _merged(hashes, counts)
    often = all_hashes[all_counts >= max(_FEWEST, share * documents)]
    return Boilerplate(frozenset(int(one).to_bytes(_HASH, "little") for one in often))


def rule(boilerplate: Boilerplate, removed: Counts) -> Callable[[str], tuple[str, int]]:
    """The function that removes boilerplate, and counts it: in `removed` by its text."""

    def without(text: str) -> tuple[str, int]:
        parts = units(text)
        if len(parts) < 2:
            return text, 0
        number = 0
        for at, part in enumerate(parts):
            key = key_of(part)
            if key and _hash(key) in boilerplate.hashes:
                removed[part.strip()] += 1
                number += 1
                parts[at] = "\n" if part.endswith("\n") else " "
        return ("".join(parts), number) if number else (text, 0)

    return without


def _hash(key: str) -> bytes:
    return blake2b(key.encode(errors="replace"), digest_size=_HASH).digest()


def _merged(
    hashes: "list[numpy.ndarray]", counts: "list[numpy.ndarray]"
) -> "tuple[list[numpy.ndarray], list[numpy.ndarray]]":
    import numpy as np

    found, at = np.unique(np.concatenate(hashes), return_inverse=True)
    summed = np.bincount(at, np.concatenate(counts), len(found)).astype(np.int64)
    return [found], [summed]
