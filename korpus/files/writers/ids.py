"""Count ids that occur more than once among the documents that are written."""

import re
from array import array
from collections.abc import Iterable, Iterator
from typing import TypeVar

from korpus.files.writers.jsonl import json_line
from korpus.records import Record, log_repeated

_ID = rb'{"id":"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_FIRST, _OTHERS = re.compile(_ID), re.compile(b"\n" + _ID)
MOST_IDS = 1 << 20  # that are remembered, which bounds the memory

Item = TypeVar("Item", bound=Record | bytes)


def ids_in(lines: bytes) -> list[bytes]:
    """The ids of the records in lines from `json_line`; none in lines of other formats."""
    first = _FIRST.match(lines)
    if not first:
        return []
    if 0 <= lines.find(b"\n", first.end()) < len(lines) - 1:
        return [first[1], *_OTHERS.findall(lines, first.end())]
    return [first[1]]


class Ids:
    """The ids of the documents so far, as a hash of eight bytes each."""

    def __init__(self) -> None:
        self.hashes = array("q")

    def watch(self, items: Iterable[Item]) -> Iterator[Item]:
        """Pass on records or encoded lines, adding their ids. Streams."""
        for item in items:
            self.add(item)
            yield item

    def add(self, item: Record | bytes) -> None:
        """Add the id of a record, or those of lines from `json_line`, where the id comes first."""
        if len(self.hashes) >= MOST_IDS:
            return
        if isinstance(item, dict):
            item = json_line({"id": str(item.get("id"))})
        self.hashes.extend(map(hash, ids_in(item)))

    def log_repeated(self) -> None:
        """Log how many documents have the id of an earlier one."""
        log_repeated(self.hashes)
