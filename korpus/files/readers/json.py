"""A JSON array of objects, or one object. Read whole."""

from collections.abc import Iterator
from typing import BinaryIO

import orjson

from korpus.errors import KorpusError
from korpus.files.readers.jsonl import as_row
from korpus.files.readers.reading import Reading
from korpus.files.readers.whole import whole_text
from korpus.messages import _
from korpus.records import Record


def read(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Record]:
    """The rows of a stream, which is read whole. Raises KorpusError for broken JSON."""
    text = whole_text(stream, name, reading.encoding)
    try:
        rows = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise KorpusError(
            _("{name}: line {line}: broken JSON ({reason})").format(
                name=name, line=error.lineno, reason=error.msg
            ),
            _("one object per line is read with --input-format jsonl"),
        ) from None
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        if not isinstance(row, dict):
            message = _("{name}: item {number}: not a JSON object").format(name=name, number=number)
            row = as_row(row, message)
        yield row
