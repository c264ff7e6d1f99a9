"""Sources to document records: which files, which columns, which ids."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from korpus.errors import KorpusError, UsageError
from korpus.files import rows
from korpus.files.corpora import corpus_files
from korpus.files.formats import INPUT_FORMATS, TEXT_COLUMNS, sniff_format, suffix_format
from korpus.files.streams import STDIN, open_source, peek, reading, source_name
from korpus.records import Record

logger = logging.getLogger("korpus")


def read(
    sources: str | Path | Iterable[str | Path],
    *,
    column: str | None = None,
    id_column: str | None = None,
    encoding: str | None = None,
    input_format: str | None = None,
    whole_file: bool = False,
    corpus: str | None = None,
) -> Iterator[Record]:
    """Read files, folders and standard input as document records. Streams (json is read whole).

    Parameters: `sources`, one or several paths; a folder stands for its files, "-" for standard
    input. `column` is the text column (default: the first of `text`, `document`, `content`,
    `본문`, `내용`, `리뷰` … that is there), `id_column` the id column (default: `id`, else the row
    number). `encoding` is strict; without it the rule of `korpus.files.encodings` holds.
    `input_format` is txt, csv, tsv, jsonl, json, parquet or xlsx (default: by suffix, else by how
    the input starts). `whole_file` makes a .txt file one document with its name as id. `corpus`
    adds one of konlpy's public-domain corpora, `kobill` or `kolaw`.

    Columns in: any. Out: `id`, `text`, `source` where there are several files, then every other
    column. A column that would hide another is kept under its name with an underscore behind.
    Raises KorpusError for a missing or broken file or column, UsageError for a bad option.
    """
    if input_format is not None and input_format not in INPUT_FORMATS:
        raise UsageError(f"unknown format {input_format!r}", f"one of: {', '.join(INPUT_FORMATS)}")
    if isinstance(sources, str | Path):
        sources = [sources]
    files, several = _files([str(source) for source in sources], whole_file)
    ours = corpus_files(corpus) if corpus else []
    several = several or len(files) + len(ours) > 1
    number = 0
    for file, name in files:
        if whole_file and _is_text(file, input_format):
            found: Iterator[Record] = _whole_file(file, name, encoding)
        else:
            found = as_documents(
                read_rows(file, encoding=encoding, input_format=input_format, column=column),
                source_name(file),
                column=column,
                id_column=id_column,
                number=number,
            )
        for record in found:
            number += 1
            yield _with_source(record, name) if several else record
    for file, name in ours:
        for record in _whole_file(file, name, None):
            yield _with_source(record, name) if several else record


def read_rows(
    source: str,
    *,
    encoding: str | None = None,
    input_format: str | None = None,
    column: str | None = None,
) -> Iterator[Record]:
    """The rows of one file or of standard input as they are, without choosing columns. Streams.

    Raises KorpusError for a missing or broken file.
    """
    name = source_name(source)
    with open_source(source) as stream:
        format = input_format or (source != STDIN and suffix_format(source)) or None
        if format is None:
            format = sniff_format(peek(stream), column, encoding)
            if format in ("csv", "tsv"):
                logger.info("%s: read as %s; --input-format overrides", name, format)
        if format not in INPUT_FORMATS:
            raise KorpusError(
                f"{name}: a .{format} file holds no documents", f"korpus reads {_SUFFIXES}"
            )
        try:
            found = rows.read_rows(stream, name, format, encoding)
            yield from map(_with_lists, found) if format in ("csv", "tsv") else found
        except OSError as error:
            raise KorpusError(f"{name}: cannot be read ({error.strerror or error})") from None


def read_text(path: str) -> str:
    """The text of one small file, such as a word list, in UTF-8 or CP949.

    Raises KorpusError where it cannot be read.
    """
    with open_source(path) as stream:
        return rows.whole_text(stream, source_name(path), None)


_SUFFIXES = ", ".join(f".{name}" for name in INPUT_FORMATS) + ", each also .gz or .zst"


def _files(sources: list[str], whole_file: bool) -> tuple[list[tuple[str, str]], bool]:
    """(path, name) of each file, folders opened; and whether there can be several."""
    files = []
    several = len(sources) > 1
    for source in sources:
        path = Path(source)
        with reading(source):
            is_folder = source != STDIN and path.is_dir()
        if not is_folder:
            files.append((source, "-" if source == STDIN else source_name(str(path))))
            continue
        several = True
        inside = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p, path))
        readable = [p for p in inside if suffix_format(str(p)) in INPUT_FORMATS]
        if len(readable) < len(inside):
            skipped = [str(p) for p in inside if p not in set(readable)]
            logger.info(
                "%s: %d files of other kinds left out (%s …)", source, len(skipped), skipped[0]
            )
        if not readable:
            raise KorpusError(
                f"{source}: no file in this folder can be read", f"korpus reads {_SUFFIXES}"
            )
        files += [(str(p), source_name(str(p.relative_to(path)))) for p in readable]
        if not whole_file and any(suffix_format(str(p)) == "txt" for p in readable):
            logger.info("%s: each line of a .txt is a document; --whole-file: each file", source)
    return files, several


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _is_text(file: str, input_format: str | None) -> bool:
    return (input_format or suffix_format(file) or "txt") == "txt"


def _whole_file(file: str, name: str, encoding: str | None) -> Iterator[Record]:
    with open_source(file) as stream:
        text = rows.whole_text(stream, source_name(file), encoding)
    yield {"id": name, "text": text}


def as_documents(
    found: Iterator[Record],
    name: str,
    *,
    column: str | None = None,
    id_column: str | None = None,
    number: int = 0,
) -> Iterator[Record]:
    """Rows as documents: the text and id columns picked, row numbers going on from `number`.

    Streams. `name` stands in messages. Raises KorpusError for a missing column.
    """
    first = next(found, None)
    if first is None:
        logger.info("%s is empty: no documents", name)
        return
    text_key = _text_column(first, column, name)
    id_key = id_column or "id"
    if id_column and id_column not in first:
        raise _no_column(name, id_column, first)
    row: Record | None = first
    while row is not None:
        number += 1
        yield _document(row, text_key, id_key, number, name)
        row = next(found, None)


def _document(row: Record, text_key: str | None, id_key: str, number: int, name: str) -> Record:
    if text_key is not None and text_key not in row:
        raise KorpusError(
            f"{name}: document {number} has no column {text_key!r}",
            f"its columns are {', '.join(row)}",
        )
    record: Record = {"id": _string(row[id_key]) if row.get(id_key) is not None else str(number)}
    if text_key is not None:
        record["text"] = _string(row[text_key])
    for key, value in row.items():
        if key in (id_key, text_key):
            continue
        while key in record:
            key += "_"
        record[key] = value
    return record


def _text_column(row: Record, column: str | None, name: str) -> str | None:
    """The column that holds the text; None for a token file without text."""
    if column is not None:
        if column not in row:
            raise _no_column(name, column, row)
        return column
    if isinstance(row.get("tokens"), list):
        return "text" if "text" in row else None
    usual = next((usual for usual in TEXT_COLUMNS if usual in row), None)
    if usual is None and len(row) == 1 and "tokens" not in row:
        usual = next(iter(row))
    if usual is None and "tokens" not in row:
        raise KorpusError(
            f"{name} has no column that is usual for text",
            f"choose one with -c: its columns are {', '.join(row)}",
        )
    if usual not in ("text", None):
        logger.info("%s: text is column %r; -c COLUMN overrides", name, usual)
    return usual


def _with_lists(row: Record) -> Record:
    """Tokens and tags are JSON lists in the cells of a table."""
    for key in ("tokens", "tags"):
        if key in row and row[key].startswith("["):
            with contextlib.suppress(orjson.JSONDecodeError):
                row[key] = orjson.loads(row[key])
    return row


def _no_column(name: str, column: str, row: Record) -> KorpusError:
    return KorpusError(f"{name} has no column {column!r}", f"its columns are {', '.join(row)}")


def _string(value: Any) -> str:
    if type(value) is str:
        return value
    return "" if value is None else str(value)


def _with_source(record: Record, name: str) -> Record:
    record = dict(record)
    key = "source"
    while key in record:
        key += "_"
    if key != "source":
        record[key] = record.pop("source")
    return {"id": record.pop("id"), "source": name, **record}
