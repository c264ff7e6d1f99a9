"""Records and tables to files, pipes and terminals."""

import csv
import io
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from korpus.errors import KorpusError, UsageError
from korpus.files.align import aligned, markdown, printable
from korpus.files.atomic import STDOUT, open_output
from korpus.files.formats import suffix_format
from korpus.records import Record, Table

logger = logging.getLogger("korpus")

RECORD_FORMATS = ("jsonl", "json", "tagged", "plain", "csv", "tsv", "parquet", "xlsx")
TABLE_FORMATS = ("csv", "tsv", "jsonl", "json", "parquet", "xlsx", "md", "table")
_BINARY = ("parquet", "xlsx")
_EXCEL_ROWS, _EXCEL_CELL = 1 << 20, 32_767


def write_records(
    records: Iterable[Record],
    output: str = STDOUT,
    format: str | None = None,
    excel: bool = False,
) -> None:
    """Write records to a file or standard output. jsonl, json, tagged and plain stream.

    `format` is jsonl, json (an array), tagged (`나/NP 는/JX`), plain (tokens joined by spaces, or
    the text), csv, tsv, parquet or xlsx; by default the suffix decides, else jsonl, and tagged on
    a terminal. Lists become JSON in csv, tsv and xlsx. `excel` writes a BOM and disarms formula
    cells.
    Raises KorpusError where the output cannot be written.
    """
    format = _choose(output, format, RECORD_FORMATS, terminal="tagged", piped="jsonl")
    encode = _LINE.get(format)
    if encode or format == "json":
        write_lines(map(encode, records) if encode else _json_array(records), output)
        return
    with _spooled(records) as (columns, spooled):
        cell = _as_is if format == "parquet" else _flat
        rows = (tuple(cell(record.get(column)) for column in columns) for record in spooled)
        write_table(Table(columns, lambda: rows), output, format, excel)


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
        plain = table
        table = Table(plain.columns, lambda: (tuple(map(_disarmed, row)) for row in plain.rows))
    with open_output(output) as stream:
        if format == "parquet":
            _write_parquet(stream, table)
        elif format == "xlsx":
            _write_xlsx(stream, table)
        elif format in ("csv", "tsv"):
            _write_delimited(stream, table, format, excel)
        elif format in ("json", "jsonl"):
            _write_lines(stream, _json_array(table) if format == "json" else map(json_line, table))
        else:
            lines = (aligned if format == "table" else markdown)(table.columns, table.rows)
            _write_lines(stream, (line.encode() + b"\n" for line in lines))


def write_lines(lines: Iterable[bytes], output: str = STDOUT) -> None:
    """Write lines that are already what they shall be, or pieces of several lines. Streams.

    Raises KorpusError where the output cannot be written.
    """
    with open_output(output) as stream:
        _write_lines(stream, lines)


def line_encoder(output: str, format: str | None = None) -> Callable[[Record], bytes] | None:
    """What turns a record into its line of the output; None where that is not line by line."""
    chosen = _choose(output, format, RECORD_FORMATS, terminal="tagged", piped="jsonl")
    return _LINE.get(chosen)


def json_line(record: Record) -> bytes:
    """A record as one line of JSON; values that JSON has not (dates, decimals) as strings."""
    return orjson.dumps(record, default=str, option=orjson.OPT_APPEND_NEWLINE)


def _json_array(records: Iterable[Record]) -> Iterator[bytes]:
    before = b"["
    for record in records:
        yield before + b"\n" + json_line(record).rstrip()
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
    return line.encode("utf-8", "replace") + b"\n"


def _tagged(tokens: list[str], tags: list[str]) -> bytes:
    pairs = (f"{token}/{tag}" if tag else token for token, tag in zip(tokens, tags, strict=True))
    return " ".join(pairs).encode("utf-8", "replace") + b"\n"


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
    if stream is sys.stdout.buffer and sys.stdout.isatty():
        for line in lines:  # each at once, and without escape sequences
            stream.write(printable(line.decode("utf-8", "replace")).encode())
            stream.flush()
    else:
        for line in lines:
            stream.write(line)


def _write_delimited(stream: BinaryIO, table: Table, format: str, excel: bool) -> None:
    text = io.TextIOWrapper(stream, "utf-8-sig" if excel else "utf-8", newline="")
    try:
        if format == "csv":
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(table.columns)
            writer.writerows(table.rows)
        else:
            for row in chain([table.columns], table.rows):
                text.write("\t".join(_tsv_cell(cell) for cell in row) + "\n")
    finally:
        text.detach()


def _tsv_cell(cell: object) -> str:
    """TSV has no quoting, so tabs and line ends inside a cell become spaces."""
    return "" if cell is None else " ".join(str(cell).replace("\t", " ").splitlines())


def _write_parquet(stream: BinaryIO, table: Table) -> None:
    import pyarrow
    import pyarrow.parquet

    columns = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    try:
        arrow = pyarrow.table(dict(zip(table.columns, map(list, columns), strict=True)))
        buffer = io.BytesIO()  # the writer seeks, which a pipe cannot
        pyarrow.parquet.write_table(arrow, buffer)
    except (TypeError, ValueError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise KorpusError(f"cannot write as parquet: {reason}", "write .jsonl instead") from None
    stream.write(buffer.getbuffer())


def _write_xlsx(stream: BinaryIO, table: Table) -> None:
    """One sheet; text is never a formula or a link, and no time makes two files differ."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    buffer = io.BytesIO()
    with Workbook(buffer, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, table.columns, book.add_format({"bold": True}))
        for number, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and len(cell) > _EXCEL_CELL:
                    raise KorpusError(
                        f"row {number}: {len(cell):,} characters do not fit an Excel cell "
                        f"({_EXCEL_CELL:,})",
                        "write .csv or .parquet, or leave the text out with --drop-text",
                    )
                if isinstance(cell, str) or cell is None or not isinstance(cell, int | float):
                    sheet.write_string(number, column, "" if cell is None else str(cell))
                else:
                    sheet.write_number(number, column, cell)
            if number >= _EXCEL_ROWS:
                raise KorpusError(
                    f"more than {_EXCEL_ROWS - 1:,} rows do not fit an Excel sheet",
                    "write .csv or .parquet, or fewer rows with --top",
                )
    stream.write(buffer.getbuffer())


def _disarmed(cell: Any) -> Any:
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + cell
    return cell


def _flat(value: Any) -> Any:
    """A cell of a table: lists and objects as JSON."""
    if isinstance(value, list | dict):
        return orjson.dumps(value, default=str).decode()
    # The csv module leaves a lone CR unquoted, and then cannot read it back.
    return value.replace("\r", "\n") if isinstance(value, str) and "\r" in value else value


def _as_is(value: Any) -> Any:
    return value


@contextmanager
def _spooled(records: Iterable[Record]) -> Iterator[tuple[list[str], Iterator[Record]]]:
    """All columns of a stream of records, and the records again from a temporary file.

    A table's header comes first, but the last record may be the one with another column.
    """
    columns: dict[str, None] = {}
    with tempfile.TemporaryFile() as spool:
        for record in records:
            columns.update(dict.fromkeys(record))
            spool.write(json_line(record))
        spool.seek(0)
        yield list(columns) or ["id", "text"], map(orjson.loads, spool)
