"""A JSON array of objects, one object, or a table of pandas. Read whole."""

import logging
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from korpus.errors import KorpusError
from korpus.files.readers.bad_rows import bad_row, raw_json
from korpus.files.readers.jsonl import as_row, with_lone_surrogates
from korpus.files.readers.parse_errors import PARSE_ERRORS, broken_json
from korpus.files.readers.reading import Reading
from korpus.files.readers.whole import whole_text
from korpus.files.sources import check_parsed, compressed_size
from korpus.inputs import TEXT_COLUMNS, log_mended
from korpus.messages import _
from korpus.records import Record, rename_clashes

logger = logging.getLogger("korpus")


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The rows of a stream, which is read whole. Raises KorpusError for broken JSON."""
    compressed = compressed_size(stream)
    data = whole_text(stream, name, reading.encoding).encode("utf-8", "surrogatepass")
    check_parsed(name, data, compressed)
    try:
        rows = orjson.loads(data)
    except PARSE_ERRORS as raised:
        error = broken_json(raised)
        parsed = with_lone_surrogates(data, reading.columns or TEXT_COLUMNS)
        if parsed is None:
            raise KorpusError(
                _("{name}: line {line}: broken JSON ({reason})").format(
                    name=name, line=error.lineno, reason=error.msg
                ),
                _("one object per line is read with --input-format jsonl"),
            ) from None
        rows, changed = parsed
        log_mended(changed, name)
    if table := _table(rows, reading):
        logger.info(_("%s: read as a table that pandas wrote (orient=%r)"), name, table[0])
        rows = table[1]
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        if not isinstance(row, dict):
            message = _("{name}: item {number}: not a JSON object").format(name=name, number=number)
            try:
                row = as_row(row, message)
            except KorpusError as error:
                if reading.strict:
                    raise
                row = bad_row("json", error, None, raw_json(row))
        yield row


def _table(value: Any, reading: Reading) -> tuple[str, list[Record]] | None:
    """The rows of a table as pandas' `to_json` writes it, with the name of its orientation.

    None if the value is not such a table. An index other than 0, 1 … becomes a column `index`.
    """
    if not isinstance(value, dict) or reading.records:
        return None
    if value.keys() == {"columns", "index", "data"}:
        columns, index, data = value["columns"], value["index"], value["data"]
        if not all(isinstance(part, list) for part in (columns, index, data, *data)):
            return None
        if len(index) != len(data) or any(len(cells) != len(columns) for cells in data):
            return None
        rows = [dict(zip(map(str, columns), cells, strict=True)) for cells in data]
        return "split", _with_index(rows, index)
    if value.keys() == {"schema", "data"} and isinstance(value["data"], list):
        return "table", value["data"]
    parts = list(value.values())
    if not parts or not all(isinstance(part, dict) and part for part in parts):
        return None
    if any(part.keys() != parts[0].keys() for part in parts):
        return None
    labels, inner = list(value), list(parts[0])
    usual = {*TEXT_COLUMNS, *reading.columns, "tokens", "term"}
    if all(map(str.isdecimal, inner)):
        columns = zip(*(part.values() for part in parts), strict=True)
        rows = [dict(zip(labels, cells, strict=True)) for cells in columns]
        return "columns", _with_index(rows, inner)
    if all(map(str.isdecimal, labels)) or usual.intersection(inner):
        return "index", _with_index(parts, labels)
    return None


def _with_index(rows: list[Record], index: list[Any]) -> list[Record]:
    if [str(label) for label in index] == [str(number) for number in range(len(index))]:
        return rows
    return [
        {**rename_clashes(row, ("index",)), "index": label}
        for row, label in zip(rows, index, strict=True)
    ]
