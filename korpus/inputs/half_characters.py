"""Half characters (unpaired surrogates, as of half an emoji), which UTF-8 cannot hold.

The rule at reading and for what a stage is given: outside the text they become U+FFFD. A document
with one in its text is set aside when it is analysed.
"""

import contextlib
import logging
import re
from collections.abc import Container, Mapping
from typing import Any

from korpus.messages import _, plural

logger = logging.getLogger("korpus")

_HALF = re.compile("[\ud800-\udfff]")


def mended(value: object, texts: Container[str] = ()) -> Any:
    """A value without half characters, but for those in the columns `texts`."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list | tuple):
        return [mended(item, texts) for item in value]
    if isinstance(value, dict):
        return {
            mended(key): item if key in texts and isinstance(item, str) else mended(item)
            for key, item in value.items()
        }
    return value


def has_half(record: Mapping[str, Any], text: str) -> bool:
    """Whether a record has half characters outside its column `text`."""
    import orjson

    try:
        orjson.dumps(record, default=_nothing)  # the fastest look at all strings
    except TypeError:  # or it has something else that JSON cannot hold
        with contextlib.suppress(RecursionError):
            return any(_is_half(key) or (key != text and _is_half(record[key])) for key in record)
    return False


def _nothing(_value: object) -> None:
    """What stands for a value that JSON has no type for."""


def _is_half(value: object) -> bool:
    if isinstance(value, str):
        return bool(_HALF.search(value))
    if isinstance(value, Mapping):
        return any(_is_half(key) or _is_half(item) for key, item in value.items())
    return isinstance(value, list | tuple) and any(map(_is_half, value))


def log_mended(count: int, name: str | None = None) -> None:
    """Log how many documents, of a source with this name, had half characters."""
    if not count:
        return
    documents = plural(count, "document")
    if name is None:
        logger.warning(
            _("half characters (unpaired surrogates) outside the text replaced in %s"), documents
        )
    else:
        logger.warning(
            _("%s: half characters (unpaired surrogates) outside the text replaced in %s"),
            name,
            documents,
        )
