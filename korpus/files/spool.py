"""A stream of records as a table, and a record as a line of JSON."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import orjson

from korpus.errors import KorpusError
from korpus.files.rows import json_lines
from korpus.files.streams import spooling
from korpus.records import Record, Row, Table

_HALF = "\ufffd"  # stands for half a character, which JSON alone can write


def json_line(record: Record) -> bytes:
    """A record as one line of JSON; values that JSON has not (dates, decimals) as strings."""
    return json_bytes(record) + b"\n"


def json_bytes(value: Any) -> bytes:
    """A value as JSON. Raises KorpusError where lists in lists are too deep."""
    try:
        return orjson.dumps(value, default=str)
    except TypeError:  # half a character, which only escapes can write, or what is too deep
        try:
            line = json.dumps(value, default=str, separators=(",", ":"), ensure_ascii=False)
        except RecursionError:
            raise _too_deep() from None
        return line.encode("utf-8", "backslashreplace")


@contextmanager
def spooled(records: Iterable[Record], cell: Callable[[Any], Any]) -> Iterator[Table]:
    """A stream of records as a table, from a temporary file. `cell` makes cells of its values.

    A table's header comes first, but the last record may be the one with another column.
    Raises KorpusError where there is no place for that file.
    """
    columns: dict[str, None] = {}
    with spooling():
        spool = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        for record in records:
            columns.update(dict.fromkeys(record))
            line = json_line(record)
            with spooling():
                spool.write(line)
        with spooling():
            spool.flush()
        names = list(columns) or ["id", "text"]

        def rows() -> Iterator[Row]:
            spool.seek(0)
            for record in json_lines(spool, ""):
                try:
                    row = tuple(cell(record.get(column)) for column in names)
                except RecursionError:
                    raise _too_deep() from None
                yield row

        yield Table([whole(name) for name in names], rows)
    finally:
        with suppress(OSError):  # it would be written to once more
            spool.close()


def flat(value: Any) -> Any:
    """A cell of a table: lists and objects as JSON."""
    if isinstance(value, list | dict):
        try:
            return orjson.dumps(value, default=str).decode()
        except TypeError:
            return json_bytes(whole(value)).decode()
    if not isinstance(value, str):
        return value
    # The csv module leaves a lone CR unquoted, and then cannot read it back.
    return whole(value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value)


def whole(value: Any) -> Any:
    """A value whose text has no half characters."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return "".join(_HALF if "\ud800" <= mark <= "\udfff" else mark for mark in value)
    elif isinstance(value, list):
        return [whole(item) for item in value]
    elif isinstance(value, dict):
        return {whole(key): whole(item) for key, item in value.items()}
    return value


def _too_deep() -> KorpusError:
    return KorpusError(
        "lists in lists are too deep to be written", "flatten them first, or drop them"
    )
