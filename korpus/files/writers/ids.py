"""Count ids that occur more than once among the documents that are written."""

import re
from array import array
from collections.abc import Iterable, Iterator
from typing import TypeVar

from korpus.files.writers.jsonl import json_line
from korpus.records import Record, log_repeated

_IDS = re.compile(rb'\n{"id":"([^"\\]*+(?:\\.[^"\\]*+)*+)"')
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
        if item.startswith(b'{"id":"'):
            self.hashes.extend(map(hash, _IDS.findall(b"\n" + item)))

    def log_repeated(self) -> None:
        """Log how many documents have the id of an earlier one."""
        log_repeated(self.hashes)
