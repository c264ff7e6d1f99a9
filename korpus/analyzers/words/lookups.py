"""What word tables look up again and again, found out once."""

from collections.abc import Container, Iterable
from itertools import islice

from korpus.analyzers.spans import Span
from korpus.tagsets import group_of

HEAD = 2  # characters by which words are looked up
_MOST_HEADS = 1 << 16


class InGroups(dict[str, bool]):
    """For each tag, whether its group is one of some."""

    def __init__(self, groups: Container[str], analyzer: str) -> None:
        self._groups, self._analyzer = groups, analyzer

    def __missing__(self, tag: str) -> bool:
        self[tag] = found = group_of(tag, self._analyzer) in self._groups
        return found


class Lengths(dict[str, list[int]]):
    """For the first characters of a text, the lengths of the forms that begin so."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._known: dict[str, set[int]] = {}
        for form in forms:
            self._known.setdefault(form[:HEAD], set()).add(len(form))

    def __missing__(self, head: str) -> list[int]:
        if len(self) >= _MOST_HEADS:
            self.clear()
        lengths = self._known.get(head, set()) | self._known.get(head[:1], set())
        self[head] = found = sorted(lengths, reverse=True)
        return found


def until(spans: list[Span | None], first: int, end: int) -> tuple[int, bool]:
    """The first token that ends beyond a place, and whether those before it end there.

    They do not if the next one begins before, as the 았 of 가+았 does.
    """
    after, reached = first, 0
    for span in islice(spans, first, None):
        if span is None or span[1] > end:
            if span is not None and span[0] < end:
                reached = 0
            break
        reached = span[1]
        after += 1
    return after, reached == end
