"""Ids that come again: counted by eight bytes of each, and said."""

import logging
import re
from array import array
from collections.abc import Iterable, Iterator

from korpus.files.write import json_line
from korpus.records import Record, plural

logger = logging.getLogger("korpus")

_ID = re.compile(rb'{"id":"((?:[^"\\]|\\.)*+)"')
_FEW = 100_000


class Ids:
    """The ids of documents that went by."""

    def __init__(self) -> None:
        self.hashes = array("q")

    def add_lines(self, lines: bytes) -> None:
        """Take the ids of records as JSON Lines in the form that korpus writes, the id first."""
        self.hashes.extend([hash(_id(line)) for line in lines.split(b"\n") if line])

    def watch(self, records: Iterable[Record]) -> Iterator[Record]:
        """The same records, whose ids are taken as they go by. Streams."""
        for record in records:
            self.add(record)
            yield record

    def add(self, record: Record) -> None:
        """Take the id of a record."""
        self.hashes.append(hash(_id(json_line({"id": str(record.get("id"))}))))

    def say(self) -> None:
        """Say how many documents have the id of another before them."""
        if repeated := self._repeated():
            logger.info("%s with the id of another before: kept", plural(repeated, "document"))

    def _repeated(self) -> int:
        if len(self.hashes) < _FEW:
            return len(self.hashes) - len(set(self.hashes))
        import numpy  # a set would take eight times as much

        return len(self.hashes) - len(numpy.unique(numpy.frombuffer(self.hashes, dtype="int64")))


def _id(line: bytes) -> bytes:
    found = line.split(b'"', 4)[3]
    if found.endswith(b"\\") and (match := _ID.match(line)):  # a quote inside
        return match[1]
    return found
