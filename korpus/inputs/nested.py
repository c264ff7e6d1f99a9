"""Lists and objects in the place of a text: the error that shows the paths to the texts inside."""

from collections import Counter, deque
from collections.abc import Mapping
from itertools import islice
from typing import Any

from korpus.errors import KorpusError
from korpus.messages import _

ITEMS = "[]"  # stands for each item of a list, where texts are named inside JSON
_PLAIN = frozenset((str, int, float, type(None)))
_LOOKED_AT, _ITEMS, _PATHS = 10_000, 100, 4  # in all and per list, for strings; paths to show


def is_nested(value: object) -> bool:
    """Whether a value is a list or an object, which is no text."""
    if type(value) in _PLAIN:  # the usual types first: asking for a Mapping takes ten times as long
        return False
    return isinstance(value, list | tuple | Mapping | set) or type(value).__name__ == "ndarray"


def no_text(document: str, column: str, record: Mapping[str, Any]) -> KorpusError:
    """The error for a record whose text is a list or an object; `document` names it."""
    message = _("{document}: column {column!r} is a list, not text")
    if isinstance(record[column], Mapping):
        message = _("{document}: column {column!r} is an object, not text")
    # The other fields of a record that was picked by a path are no longer where they were.
    inside = {column.removesuffix(ITEMS): record[column]} if ITEMS in column else record
    return KorpusError(message.format(document=document, column=column), path_hint(inside))


def path_hint(value: Any) -> str | None:
    """The hint that names the paths of the longest strings inside a value; None without any."""
    lengths: Counter[str] = Counter()
    waiting: deque[tuple[str, Any]] = deque([("", value)])
    for _number in range(_LOOKED_AT):
        if not waiting:
            break
        path, inner = waiting.popleft()
        if isinstance(inner, str) and path:
            # Hangul has three bytes a syllable: so texts come before ids and dates.
            lengths[path] += len(inner.encode("utf-8", "replace")) * 10 - len(inner) * 9
        elif isinstance(inner, Mapping):
            keys = islice(inner, _LOOKED_AT)
            waiting += [(f"{path}.{key}" if path else str(key), inner[key]) for key in keys]
        elif isinstance(inner, list | tuple):
            waiting += [(f"{path}[]", item) for item in inner[:_ITEMS]]
    if not lengths:
        return None
    paths = (path for path, _length in lengths.most_common(_PATHS))
    return _("its texts are at {paths}").format(paths=", ".join(f"-c {path}" for path in paths))
