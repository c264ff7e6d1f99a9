"""JSON Lines: one object per line."""

import json
from typing import Any

import orjson

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Record


def json_line(record: Record) -> bytes:
    """A record as one line of JSON; values that JSON lacks (dates, decimals) become strings."""
    try:
        return orjson.dumps(record, default=str, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json_bytes(record) + b"\n"


def json_bytes(value: Any) -> bytes:
    """A value as JSON. Raises KorpusError if lists are nested too deeply."""
    try:
        return orjson.dumps(value, default=str)
    except TypeError:  # an unpaired surrogate, which only escapes can express, or deep nesting
        try:
            line = json.dumps(value, default=str, separators=(",", ":"), ensure_ascii=False)
        except RecursionError:
            raise too_deep() from None
        return line.encode("utf-8", "backslashreplace")


def too_deep() -> KorpusError:
    """The error for lists that are nested too deeply."""
    return KorpusError(
        _("lists are nested too deeply to be written"), _("flatten them first, or drop them")
    )
