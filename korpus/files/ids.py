"""Ids that come again: counted by eight bytes of each, and said."""

import logging
import re
from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from korpus.files.spool import json_line
from korpus.messages import plural
from korpus.records import Record

logger = logging.getLogger("korpus")

_IDS = re.compile(rb'\n{"id":"([^"\\]*+(?:\\.[^"\\]*+)*+)"')
_MOST = 1 << 20  # ids that are remembered, for no input to fill the memory


class Ids:
    """The ids of documents that went by."""

    def __init__(self) -> None:
        self.hashes = array("q")

    def watch(self, found: Iterable[Any]) -> Iterator[Any]:
        """The same records or lines, whose ids are taken as they go by. Streams."""
        for item in found:
            self.add(item)
            yield item

    def add(self, found: Record | bytes) -> None:
        """Take the id of a record, or those of records as `json_line` writes them, the id first."""
        if len(self.hashes) >= _MOST:
            return
        if isinstance(found, dict):
            found = json_line({"id": str(found.get("id"))})
        if found.startswith(b'{"id":"'):
            self.hashes.extend(map(hash, _IDS.findall(b"\n" + found)))

    def say(self) -> None:
        """Say how many documents have the id of another before them."""
        if repeated := len(self.hashes) - len(set(self.hashes)):
            logger.info("%s with the id of another before: kept", plural(repeated, "document"))
