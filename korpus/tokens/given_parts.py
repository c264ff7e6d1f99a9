"""What a stage of parts was given: records, or the parts that worker processes made of them."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeVar, cast

from korpus.records import DocumentSource, Record, as_tokens

Part = TypeVar("Part")


def as_parts(
    documents: "DocumentSource | Iterable[Part]",
    kind: type[Part],
    make: Callable[[Iterator[Record]], Iterable[Part]],
) -> Iterator[Part]:
    """Parts of documents, given as parts of this kind, or as records, of which `make` makes them.

    Streams.
    """
    items: Iterator[Record | Part] = iter(as_tokens(cast("DocumentSource", documents)))
    first = next(items, None)
    if first is None:
        return
    everything = chain([first], items)
    if isinstance(first, kind):
        yield from cast("Iterator[Part]", everything)
    else:
        yield from make(cast("Iterator[Record]", everything))
