"""Sources to document records: which files, which columns, which ids."""

import logging
import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from korpus.errors import KorpusError, UsageError
from korpus.files import rows
from korpus.files.columns import as_documents, pick_columns
from korpus.files.corpora import corpus_files
from korpus.files.formats import INPUT_FORMATS, sniff_format, suffix_format
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
                partial(pick_columns, name=source_name(file), column=column, id_column=id_column),
                number,
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
        format = format_of(stream, source, input_format, column, encoding)
        yield from rows_of(stream, name, format, encoding)


def format_of(
    stream: BinaryIO,
    source: str,
    input_format: str | None = None,
    column: str | None = None,
    encoding: str | None = None,
) -> str:
    """The format of an open source: as said, by its suffix or by how it starts.

    Raises KorpusError where that is no format of documents.
    """
    name = source_name(source)
    format = input_format or (source != STDIN and suffix_format(source)) or None
    if format is None:
        format = sniff_format(peek(stream), column, encoding)
        if format in ("csv", "tsv"):
            logger.info("%s: read as %s; --input-format overrides", name, format)
    if format not in INPUT_FORMATS:
        raise KorpusError(
            f"{name}: a .{format} file holds no documents", f"korpus reads {_SUFFIXES}"
        )
    return format


def rows_of(stream: BinaryIO, name: str, format: str, encoding: str | None) -> Iterator[Record]:
    """The rows of an open source. Streams. Raises KorpusError where it is broken."""
    try:
        yield from rows.read_rows(stream, name, format, encoding)
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
        _say_unreadable(path)
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


def _say_unreadable(folder: Path) -> None:
    """What is in folders that one may not enter is left out, which must be said."""

    def say(error: OSError) -> None:
        name = source_name(os.fsdecode(error.filename))
        logger.warning("%s: left out, it cannot be read (%s)", name, error.strerror)

    for _ in os.walk(folder, onerror=say):
        pass


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _is_text(file: str, input_format: str | None) -> bool:
    return (input_format or suffix_format(file) or "txt") == "txt"


def _whole_file(file: str, name: str, encoding: str | None) -> Iterator[Record]:
    with open_source(file) as stream:
        text = rows.whole_text(stream, source_name(file), encoding)
    yield {"id": name, "text": text}


def _with_source(record: Record, name: str) -> Record:
    record = dict(record)
    key = "source"
    while key in record:
        key += "_"
    if key != "source":
        record[key] = record.pop("source")
    return {"id": record.pop("id"), "source": name, **record}
