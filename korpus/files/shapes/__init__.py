"""Shapes: files of known sources, such as BigKinds and KakaoTalk, and the table of them."""

import contextlib
import csv
import logging
from collections.abc import Iterator
from itertools import chain
from typing import Any

import orjson

from korpus.checks import check_choice
from korpus.errors import KorpusError
from korpus.files.readers import PARSE_ERRORS, Reading
from korpus.files.shapes.corpora import CORPORA
from korpus.files.shapes.kakao import KAKAO
from korpus.files.shapes.names import masked
from korpus.files.shapes.shape import Shape
from korpus.files.shapes.tables import table_shapes
from korpus.files.sources import decoded_start, delimiter_of
from korpus.messages import _
from korpus.records import BadRow, Record

logger = logging.getLogger("korpus")

NONE = "none"
SHAPES = [*table_shapes(), KAKAO, *CORPORA]


def shape_names() -> list[str]:
    """The names of the shapes, for --as."""
    return [shape.name for shape in SHAPES]


def check_shape(name: str | None) -> None:
    """Raises UsageError for an unknown shape."""
    if name is not None:
        check_choice("--as", name, [*shape_names(), NONE])


def find_shape(name: str) -> Shape:
    """A shape by its name."""
    return next(shape for shape in SHAPES if shape.name == name)


def is_lines(start: bytes, reading: Reading) -> bool:
    """Whether a text file is of a shape whose rows are its lines, whatever its suffix says."""
    text = decoded_start(start, reading.encoding)
    if reading.shape is not None:
        shape = None if reading.shape == NONE else find_shape(reading.shape)
        return shape is not None and shape.is_text(text)
    return any(shape.is_text(text) for shape in SHAPES)


def shape_of_start(start: bytes, format: str, reading: Reading) -> Shape | None:
    """The shape of a text file by its first bytes: its lines, its header, its first object."""
    if reading.shape is not None:
        return None if reading.shape == NONE else find_shape(reading.shape)
    if format not in ("txt", "csv", "tsv", "jsonl") or start.lstrip().startswith(b'{"id":'):
        return None
    text = decoded_start(start, reading.encoding).lstrip("\ufeff")
    if format == "txt":
        return next((shape for shape in SHAPES if shape.is_text(text)), None)
    line = text.split("\n", 1)[0].split("\r", 1)[0]
    row: Any = None
    with contextlib.suppress(csv.Error, *PARSE_ERRORS):  # the reader will say what is broken
        if format == "jsonl":
            row = orjson.loads(line)
        elif not reading.header_row or reading.header_row == 1:
            cells = next(csv.reader([line], delimiter=delimiter_of(line)), [])
            row = dict.fromkeys((cell.strip() for cell in cells), "")
    return shape_of_row(row) if isinstance(row, dict) else None


def shape_of_row(row: Record) -> Shape | None:
    """The shape that a first row is unmistakably of."""
    return next((shape for shape in SHAPES if shape.is_row(row)), None)


def no_speakers(name: str) -> KorpusError:
    """The error for a source whose names of people cannot be masked, as nobody knows where."""
    return KorpusError(
        _("{name}: --mask-names knows no speakers in this file").format(name=name),
        _("it masks {shapes}; --as SHAPE says that a file is one").format(
            shapes=", ".join(shape.name for shape in SHAPES if shape.speaker)
        ),
    )


def shaped(
    rows: Iterator[Record], name: str, reading: Reading, shape: Shape | None
) -> Iterator[Record]:
    """Rows as documents of their shape; without one, as they are. Streams.

    `shape`: what `shape_of_start` found; otherwise the first row tells. Raises KorpusError if names
    are to be masked, and the shape has none.
    """
    if reading.shape not in (None, NONE):
        shape = find_shape(reading.shape)
    elif shape is None and reading.shape is None:
        bad: list[Record] = []
        for first in rows:
            if type(first) is not BadRow:
                shape = shape_of_row(first)
                rows = chain(bad, [first], rows)
                break
            bad.append(first)
        else:
            return iter(bad)
    if reading.mask_names and not (shape and shape.speaker):
        raise no_speakers(name)
    if shape is not None:
        if reading.shape is None:
            logger.info(_("%s: read as %s; --as none overrides"), name, shape.name)
        rows = shape.rows(rows, name, reading)
        if reading.mask_names and shape.speaker:
            rows = masked(rows, shape.speaker, reading)
    if reading.tokens is not None:
        rows = _with_tokens(rows, name, reading.tokens)
    return rows


def _with_tokens(rows: Iterator[Record], name: str, column: str) -> Iterator[Record]:
    """Documents whose tokens are in a column, with commas between them."""
    for row in rows:
        if type(row) is BadRow:
            yield row
            continue
        found = next((key for key in row if key == column or key.startswith(f"{column}(")), None)
        if found is None:
            raise KorpusError(
                _("{name} has no column {column!r}").format(name=name, column=column),
                _("its columns are {columns}").format(columns=", ".join(row)),
            )
        value = row[found]
        words = value if isinstance(value, list) else str(value or "").split(",")
        tokens = [word for word in (str(word).strip() for word in words) if word]
        yield {**row, "tokens": tokens, "tags": [""] * len(tokens), "analyzer": column}
