"""What this process has read and written: for the line at the end of a run, and for --log."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")


@dataclass
class Flow:
    """One input or output.

    `path`: as given; "-" is a standard stream. `records`: rows or documents; None for what has
    none, such as a model.
    """

    path: str
    records: int | None = None

    def add(self, number: int) -> None:
        """Count records."""
        self.records = (self.records or 0) + number


inputs: dict[str, Flow] = {}
outputs: dict[str, Flow] = {}
encodings: dict[str, str] = {}  # of the sources that are text, by their names in messages


def flow(flows: dict[str, Flow], path: str) -> Flow:
    """The flow of a path, a new one at first."""
    return flows.setdefault(path, Flow(path))


def total(flows: dict[str, Flow]) -> int | None:
    """The number of records of all flows; None if none has records."""
    found = [flow.records for flow in flows.values() if flow.records is not None]
    return sum(found) if found else None


def counted(items: Iterable[Item], flow: Flow) -> Iterator[Item]:
    """Pass on items and count them."""
    number = 0
    try:
        for number, item in enumerate(items, 1):  # noqa: B007
            yield item
    finally:
        flow.add(number)


def counted_again(items: Iterable[Item], flow: Flow) -> Iterator[Item]:
    """Pass on and count what may be passed more than once, as by a format of two passes."""
    flow.records = None
    yield from counted(items, flow)


def counted_lines(pieces: Iterable[bytes], flow: Flow) -> Iterator[bytes]:
    """Pass on pieces of whole lines, and count the lines."""
    for piece in pieces:
        flow.add(piece.count(b"\n"))
        yield piece
