"""Count ids that occur more than once among the documents that are written."""

import re
from array import array
from collections.abc import Iterable, Iterator
from typing import TypeVar

from korpus.files.writers.jsonl import json_line
from korpus.records import Record, log_repeated

_ID = rb'{"id":"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_FIRST, _OTHERS = re.compile(_ID), re.compile(b"\n" + _ID)
_MOST = 1 << 20  # ids that are remembered, which bounds the memory

Item = TypeVar("Item", bound=Record | bytes)


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
        if len(self.hashes) >= _MOST:
            return
        if isinstance(item, dict):
            item = json_line({"id": str(item.get("id"))})
        if first := _FIRST.match(item):
            self.hashes.append(hash(first[1]))
            if item.find(b"\n", first.end()) < len(item) - 1:
                self.hashes.extend(map(hash, _OTHERS.findall(item, first.end())))

    def log_repeated(self) -> None:
        """Log how many documents have the id of an earlier one."""
        log_repeated(self.hashes)
