"""Turn a stream of records into a table, by way of a temporary file."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import orjson

from korpus.files.readers import json_lines
from korpus.files.sources import spool_errors
from korpus.files.writers.jsonl import json_bytes, json_line, too_deep
from korpus.records import Record, Row, Table

_REPLACEMENT = "\ufffd"  # for an unpaired surrogate, which only JSON can express


@contextmanager
def spooled(records: Iterable[Record], cell: Callable[[Any], Any]) -> Iterator[Table]:
    """A stream of records as a table. `cell` turns a value into a cell.

    A temporary file is needed because the header comes first, but the last record may be the one
    with another column. Raises KorpusError if that file cannot be written.
    """
    columns: dict[str, None] = {}
    with spool_errors():
        spool = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        for record in records:
            columns.update(dict.fromkeys(record))
            line = json_line(record)
            with spool_errors():
                spool.write(line)
        with spool_errors():
            spool.flush()
        names = list(columns) or ["id", "text"]

        def rows() -> Iterator[Row]:
            spool.seek(0)
            for record in json_lines(spool, ""):
                try:
                    row = tuple(cell(record.get(column)) for column in names)
                except RecursionError:
                    raise too_deep() from None
                yield row

        yield Table([whole(name) for name in names], rows)
    finally:
        with suppress(OSError):  # closing flushes once more
            spool.close()


def flat(value: Any) -> Any:
    """A value as a cell of a flat table: lists and objects as JSON."""
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
    """A value with unpaired surrogates replaced in all its text."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return "".join(_REPLACEMENT if "\ud800" <= c <= "\udfff" else c for c in value)
    elif isinstance(value, list):
        return [whole(item) for item in value]
    elif isinstance(value, dict):
        return {whole(key): whole(item) for key, item in value.items()}
    return value
