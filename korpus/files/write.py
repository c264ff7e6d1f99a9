"""Records and tables to files, pipes and terminals."""

import io
import logging
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from korpus.errors import UsageError
from korpus.files.align import aligned, markdown
from korpus.files.atomic import STDOUT, open_output
from korpus.files.earlier import check_new, start_of
from korpus.files.formats import suffix_format
from korpus.files.rows import json_lines
from korpus.files.sheets import (
    counted,
    disarmed,
    table_start,
    write_csv,
    write_parquet,
    write_tsv,
    write_xlsx,
)
from korpus.files.spool import flat, json_bytes, json_line, spooled, whole
from korpus.files.streams import COMPRESSED
from korpus.messages import printable
from korpus.records import Record, Table

logger = logging.getLogger("korpus")

RECORD_FORMATS = ("jsonl", "json", "tagged", "plain", "csv", "tsv", "parquet", "xlsx")
TABLE_FORMATS = ("csv", "tsv", "jsonl", "json", "parquet", "xlsx", "md", "table")
_BINARY = ("parquet", "xlsx")
_NO_NUL = "\ufffd"  # a text file that holds a NUL would be taken for binary
_SPREADSHEETS = ("csv", "tsv", "xlsx")


def write_records(
    records: Iterable[Record],
    output: str = STDOUT,
    format: str | None = None,
    excel: bool = False,
    force: bool = True,
) -> None:
    """Write records to a file or standard output. jsonl, json, tagged and plain stream.

    `format` is jsonl, json (an array), tagged (`나/NP 는/JX`), plain (tokens joined by spaces, or
    the text), csv, tsv, parquet or xlsx; by default the suffix decides, else jsonl, and tagged on
    a terminal. Lists become JSON in csv, tsv and xlsx. `excel` writes a BOM and disarms formula
    cells. Without `force` a file is written over only where `check_new` lets it.
    Raises KorpusError where the output cannot be written.
    """
    format = _choose(output, format, RECORD_FORMATS, terminal="tagged", piped="jsonl")
    encode = _LINE.get(format)
    if encode or format == "json":
        lines = map(encode, records) if encode else _json_array(records)
        write_lines(lines, output, force)
        return
    with spooled(records, whole if format == "parquet" else flat) as table:
        if not force:
            check_new(output, (), False, *table_start(table, format, excel))
        write_table(table, output, format, excel)


def write_table(
    table: Table, output: str = STDOUT, format: str | None = None, excel: bool = False
) -> None:
    """Write a table to a file or standard output. All but parquet and xlsx stream.

    `format` is csv, tsv, jsonl, json (an array), parquet, xlsx, md or table (aligned); by default
    the suffix decides, else csv, and an aligned table on a terminal. `excel` writes a UTF-8 BOM
    and puts an apostrophe before cells that a spreadsheet would run as a formula.
    Raises KorpusError where the output cannot be written.
    """
    format = _choose(output, format, TABLE_FORMATS, terminal="table", piped="csv")
    if format in _BINARY and output == STDOUT and sys.stdout.isatty():
        raise UsageError(f"{format} is binary and would garble the terminal", "give -o FILE")
    if excel:
        table = disarmed(table)
    elif format in _SPREADSHEETS and not _is_for_programs(output):
        table = counted(table)
    with open_output(output) as stream:
        if format == "parquet":
            write_parquet(stream, table)
        elif format == "xlsx":
            write_xlsx(stream, table)
        elif format in ("csv", "tsv"):
            _write_delimited(stream, table, format, excel)
        elif format in ("json", "jsonl"):
            _write_lines(stream, _json_array(table) if format == "json" else map(json_line, table))
        else:
            lines = (aligned if format == "table" else markdown)(table.columns, table.rows)
            _write_lines(stream, (line.encode() + b"\n" for line in lines))


def write_lines(lines: Iterable[bytes], output: str = STDOUT, force: bool = True) -> None:
    """Write lines that are already what they shall be, or pieces of several lines. Streams.

    `force` is that of `write_records`. Raises KorpusError where the output cannot be written.
    """
    if not force and Path(output).is_file():  # else nothing is held back
        lines = iter(lines)
        start, first, is_all = start_of(lines)
        check_new(output, (), False, first, is_all)
        lines = chain(start, lines)
    with open_output(output) as stream:
        _write_lines(stream, lines)


def line_encoder(output: str, format: str | None = None) -> Callable[[Record], bytes] | None:
    """What turns a record into its line of the output; None where that is not line by line."""
    chosen = _choose(output, format, RECORD_FORMATS, terminal="tagged", piped="jsonl")
    return _LINE.get(chosen)


def is_json_lines(output: str, format: str | None = None) -> bool:
    """Whether a file of records is what `json_line` makes of them, one behind the other."""
    chosen = _choose(output, format, RECORD_FORMATS, terminal="tagged", piped="jsonl")
    return chosen == "jsonl" and not output.lower().endswith(COMPRESSED)


def check_start(
    start: Iterable[bytes], output: str, format: str | None, excel: bool, force: bool
) -> None:
    """Raises KorpusError where records that begin so, as JSON Lines, may not be written there.

    Parameters are those of `write_records`.
    """
    if force:
        return
    encode = line_encoder(output, format)
    records = json_lines(io.BytesIO(b"".join(start)), "")
    first = start_of(map(encode, records))[1] if encode else b""
    check_new(output, (), False, first, encode is None)


def _json_array(records: Iterable[Record]) -> Iterator[bytes]:
    before = b"["
    for record in records:
        yield before + b"\n" + json_bytes(record)
        before = b","
    yield b"[]\n" if before == b"[" else b"\n]\n"


def tagged_line(record: Record) -> bytes:
    """`나/NP 는/JX 학교/NNG`; each reading on its own line; the text where there are no tokens."""
    if "readings" in record:
        readings = record["readings"] or [{"tokens": [], "tags": []}]
        return b"".join(_tagged(r["tokens"], r["tags"]) for r in readings)
    if "tokens" not in record:
        return plain_line(record)
    return _tagged(record["tokens"], record["tags"])


def plain_line(record: Record) -> bytes:
    """Tokens joined by spaces (a space inside a token becomes `_`), else the text on one line."""
    if "tokens" in record:
        line = " ".join("_".join(token.split()) for token in record["tokens"])
    else:
        line = " ".join(str(record.get("text", "")).splitlines())
    return line.replace("\0", _NO_NUL).encode("utf-8", "replace") + b"\n"


def _tagged(tokens: list[str], tags: list[str]) -> bytes:
    pairs = (f"{token}/{tag}" if tag else token for token, tag in zip(tokens, tags, strict=True))
    return " ".join(pairs).replace("\0", _NO_NUL).encode("utf-8", "replace") + b"\n"


_LINE = {"jsonl": json_line, "tagged": tagged_line, "plain": plain_line}


def _choose(
    output: str, format: str | None, formats: tuple[str, ...], *, terminal: str, piped: str
) -> str:
    if format is not None:
        if format not in formats:
            raise UsageError(f"unknown format {format!r}", f"one of: {', '.join(formats)}")
        return format
    if output == STDOUT:
        return terminal if sys.stdout.isatty() else piped
    suffix = suffix_format(output)
    if suffix == "txt":
        return "plain" if "plain" in formats else "table"
    if suffix is not None and suffix not in formats:
        raise UsageError(
            f"{output}: this command does not write .{suffix}", f"it writes {', '.join(formats)}"
        )
    if suffix is None and Path(output).suffix:
        logger.info("%s: no format has that suffix; written as %s (-f FORMAT)", output, piped)
    return suffix or piped


def check_table(output: str, format: str | None) -> None:
    """Raises UsageError where write_table would not know the format."""
    _choose(output, format, TABLE_FORMATS, terminal="table", piped="csv")


def _write_lines(stream: BinaryIO, lines: Iterable[bytes]) -> None:
    if _is_terminal(stream):
        for line in lines:  # each at once, and without escape sequences
            stream.write(printable(line.decode("utf-8", "replace")).encode())
            stream.flush()
    else:
        for line in lines:
            stream.write(line)


def _write_delimited(stream: BinaryIO, table: Table, format: str, excel: bool) -> None:
    write = write_csv if format == "csv" else write_tsv
    if _is_terminal(stream):
        write(_Terminal(stream), table)
        return
    text = _Text(stream, "utf-8-sig" if excel else "utf-8", "replace", newline="")
    try:
        write(text, table)
    finally:
        text.detach()


class _Text(io.TextIOWrapper):
    def write(self, text: str) -> int:
        return super().write(text.replace("\0", _NO_NUL) if "\0" in text else text)


class _Terminal:
    """Text without escape sequences, to the terminal."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def write(self, text: str) -> None:
        self.stream.write(printable(text).encode("utf-8", "replace"))


def _is_terminal(stream: BinaryIO) -> bool:
    return stream is sys.stdout.buffer and sys.stdout.isatty()


def _is_for_programs(output: str) -> bool:
    """Whether what is written goes on through a pipe, or to the terminal."""
    return output == STDOUT and not stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
