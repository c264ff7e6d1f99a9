"""What a stage changes in text: before and after, word by word."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from korpus.records import Counts, Record

_WORD = re.compile(r"\s|\w+|[^\w\s]")
_MANY = 3000  # words; more are compared roughly, as the time grows with their square


class Change(NamedTuple):
    """A text that changed: pieces of it before and after, each with whether it changed."""

    id: str
    before: list[tuple[str, bool]]
    after: list[tuple[str, bool]]


def changes_by(
    stage: Callable[..., Iterable[Record]],
    documents: Iterable[Record],
    *,
    counts: Counts | None = None,
) -> Iterator[Change]:
    """The texts that a stage changes. Streams. `stage` gives each document or sets it aside."""
    waiting: deque[Record] = deque()

    def taken() -> Iterator[Record]:
        for record in documents:
            waiting.append(record)
            yield record

    return _changes(stage, taken(), waiting, Counts() if counts is None else counts)


def _changes(
    stage: Callable[..., Iterable[Record]],
    documents: Iterable[Record],
    waiting: deque[Record],
    counts: Any,
) -> Iterator[Change]:
    for record in stage(documents, counts=counts):
        before = waiting.popleft()
        while before["id"] != record["id"] and waiting:  # it was set aside
            before = waiting.popleft()
        if before["text"] != record["text"]:
            yield difference(record["id"], before["text"], record["text"])


def difference(id: str, before: str, after: str) -> Change:
    """Two texts as pieces that are the same in both, and pieces that are not."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) > _MANY)
    was: list[tuple[str, bool]] = []
    now: list[tuple[str, bool]] = []
    for kind, first, last, new_first, new_last in matcher.get_opcodes():
        for pieces, words in ((was, old[first:last]), (now, new[new_first:new_last])):
            if words:
                pieces.append(("".join(words), kind != "equal"))
    return Change(id, was, now)
