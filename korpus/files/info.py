"""Describe a file: documents, tokens, a table or a model."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from korpus.files.formats import suffix_format
from korpus.files.found import is_many
from korpus.files.model_reading import load_model
from korpus.files.read import read, read_rows
from korpus.files.readers import Reading, as_documents, has_text, pick_columns
from korpus.files.sources import STDIN, source_name
from korpus.messages import _
from korpus.records import Record, Row, Table, tokenized

logger = logging.getLogger("korpus")


def info(
    path: str,
    *,
    column: str | Sequence[str] | None = None,
    encoding: str | None = None,
    input_format: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    records: str | None = None,
    rows: int = 3,
    rejects: Callable[[Record], None] | None = None,
) -> Table:
    """Describe a file: its kind, columns or header, counts and first rows. Reads it whole.

    Kinds: `documents`, `tokens` (documents with tokens), `table` (rows with a `term` or `topic`, or
    without a column that usually holds the text), `model`. `rows`: how many first rows to show.
    `rejects`: as in `read`. As in `freq`, a type is a term with its tag.
    Columns out: `property`, `value`.
    Raises KorpusError for a missing or broken file.
    """
    name = "standard input" if path == STDIN else source_name(path)
    properties: list[Row] = [("file", name)]
    if path != STDIN and Path(path).is_file() and suffix_format(path) == "safetensors":
        properties += _model(path)
    else:
        decoding: dict[str, Any] = {"encoding": encoding, "input_format": input_format}
        decoding |= {"sheet": sheet, "header_row": header_row, "records": records}
        decoding["rejects"] = rejects
        properties += _rows(path, column, decoding, rows)
    return Table(["property", "value"], lambda: properties)


def _model(path: str) -> list[Row]:
    header, arrays = load_model(path)
    vocabulary = header.pop("vocabulary", None)
    properties: list[Row] = [("kind", f"model ({header.pop('kind')})")]
    properties += [(key, _text(value)) for key, value in header.items()]
    properties += [
        (f"array {name}", f"{array.dtype} {'×'.join(map(str, array.shape))}")
        for name, array in sorted(arrays.items())
    ]
    if vocabulary is not None:
        properties.append(("terms", len(vocabulary)))
        properties.append(("first terms", " ".join(vocabulary[:20])))
    return properties


def _rows(
    path: str, column: str | Sequence[str] | None, decoding: dict[str, Any], count: int
) -> list[Row]:
    if is_many(path):
        records = read(path, column=column, **decoding)
        return _documents(records, count)
    rows = read_rows(path, column=column, **decoding)
    first = next(rows, None)
    everything: Iterator[Record] = chain([first] if first is not None else [], rows)
    if first is not None and "text" not in first and {"term", "topic"} & set(first):
        return _table(everything, count)
    name = source_name(path)
    if first is not None and column is None and not has_text(first):
        logger.info(_("%s: no column usually holds the text; -c COLUMN names it"), name)
        return _table(everything, count)
    pick = partial(pick_columns, name=name, reading=Reading.of(column=column))
    return _documents(as_documents(everything, name, pick), count)


def _table(rows: Iterable[Record], count: int) -> list[Row]:
    first: list[Record] = []
    columns: dict[str, None] = {}
    total = 0
    for row in rows:
        total += 1
        columns.update(dict.fromkeys(row))
        if len(first) < count:
            first.append(row)
    return [
        ("kind", "table"),
        ("rows", total),
        ("columns", ", ".join(columns)),
        *((f"row {number}", _text(row)) for number, row in enumerate(first, 1)),
    ]


def _documents(records: Iterable[Record], count: int) -> list[Row]:
    first: list[Record] = []
    columns: dict[str, None] = {}
    ids: set[str] = set()
    analyzers: Counter[str] = Counter()
    types: set[tuple[str, str]] = set()
    documents = characters = blank = tokens = 0
    for record in records:
        documents += 1
        columns.update(dict.fromkeys(record))
        ids.add(str(record.get("id")))
        text = record.get("text") or ""
        characters += len(text)
        if isinstance(record.get("tokens"), list):
            record = next(iter(tokenized([record])))
            analyzers[f"{record.get('analyzer', '?')} {record.get('analysis', '')}".strip()] += 1
            tokens += len(record["tokens"])
            types.update(zip(record["tokens"], record["tags"], strict=True))
            blank += not record["tokens"]
        else:
            blank += not text.strip()
        if len(first) < count:
            first.append(record)
    properties: list[Row] = [
        ("kind", "tokens" if analyzers else "documents"),
        ("documents", documents),
        ("blank documents", blank),
        ("duplicate ids", documents - len(ids)),
        ("characters", characters),
        ("columns", ", ".join(columns)),
    ]
    if analyzers:
        properties += [
            ("tokens", tokens),
            ("types", len(types)),
            ("analyzer", ", ".join(analyzers)),
        ]
    return properties + [
        (f"document {number}", _text(record)) for number, record in enumerate(first, 1)
    ]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
