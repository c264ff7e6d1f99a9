"""The documents of an index: compressed in blocks, of which only those of the hits are read."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import orjson

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray

_BLOCK = 1 << 15  # bytes of documents that are compressed together
_LEVEL = 3
_KEPT_BLOCKS = 256
# The most that a damaged block may claim to unpack to: this, or so many times its size.
_LARGEST, _RATIO = 256 << 20, 1000
# Columns that say how tokens were made: they are not kept.
LEFT_OUT = frozenset({"positions", "readings", "analyzer", "analysis"})


def packed(records: Iterable[Record]) -> list[tuple[int, bytes]]:
    """Documents in compressed blocks, each with its number of documents."""
    from zstandard import ZstdCompressor

    compress = ZstdCompressor(level=_LEVEL).compress
    blocks: list[tuple[int, bytes]] = []
    lines: list[bytes] = []
    size = 0
    for record in records:
        lines.append(_line(record))
        size += len(lines[-1])
        if size >= _BLOCK:
            blocks.append((len(lines), compress(b"\n".join(lines))))
            lines, size = [], 0
    if lines:
        blocks.append((len(lines), compress(b"\n".join(lines))))
    return blocks


def _line(record: Record) -> bytes:
    kept = {name: value for name, value in record.items() if name not in LEFT_OUT}
    try:
        return orjson.dumps(kept, default=str)
    except TypeError:  # lists that are nested too deeply for it
        return json.dumps(kept, default=str).encode()


class Store:
    """Gives the documents by their number.

    `blocks`: uint8, all blocks. `ends`: int64, where each block ends in `blocks`. `lasts`: int64,
    the number of documents in each block and those before it. Raises ValueError if they do not fit.
    """

    def __init__(self, blocks: "Array", ends: "Array", lasts: "Array") -> None:
        for places, least in ((ends, 0), (lasts, 0)):
            if len(places) and (places[0] < least or (places[1:] < places[:-1]).any()):
                raise ValueError(_("its blocks of documents are out of order"))
        if len(ends) != len(lasts) or (ends[-1] if len(ends) else 0) != len(blocks):
            raise ValueError(_("its blocks of documents are incomplete"))
        self._blocks, self._ends, self._lasts = blocks, ends, lasts
        self._lines = lru_cache(_KEPT_BLOCKS)(self._unpacked)

    def __len__(self) -> int:
        return int(self._lasts[-1]) if len(self._lasts) else 0

    def __getitem__(self, number: int) -> Record:
        block = int(self._lasts.searchsorted(number, side="right"))
        first = int(self._lasts[block - 1]) if block else 0
        line = self._lines(block)[number - first]
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            record = _parsed(line)
        if not isinstance(record, dict):
            raise _damaged()
        return record

    def _unpacked(self, block: int) -> Sequence[bytes]:
        from zstandard import ZstdDecompressor, ZstdError, frame_content_size

        start = int(self._ends[block - 1]) if block else 0
        data = self._blocks[start : int(self._ends[block])].tobytes()
        first = int(self._lasts[block - 1]) if block else 0
        try:
            if not 0 <= frame_content_size(data) <= max(_LARGEST, _RATIO * len(data)):
                raise _damaged()
            lines = ZstdDecompressor().decompress(data).split(b"\n")
        except ZstdError:
            raise _damaged() from None
        if len(lines) != int(self._lasts[block]) - first:
            raise _damaged()
        return lines


def _parsed(line: bytes) -> Record:
    try:
        record: Record = json.loads(line)
    except (ValueError, RecursionError):
        raise _damaged() from None
    return record


def _damaged() -> KorpusError:
    return KorpusError(
        _("the index is damaged: a block of its documents cannot be read"),
        _("make it again: korpus index"),
    )
