"""Read sources twice: for stages that have to see all documents before the first leaves."""

from collections.abc import Callable, Iterator

from korpus.cli.options import STDIN
from korpus.cli.rejects import current
from korpus.records import Record, Records


def read_twice(read: Callable[[], Iterator[Record]], sources: list[str]) -> Records:
    """Documents that may be read again. The rows that are set aside are those of the last time."""

    def started() -> Iterator[Record]:
        from korpus.files import traffic

        current().rows.clear()
        for flow in traffic.inputs.values():
            flow.records = None
        return read()

    return Records(started, again=STDIN not in sources)
