"""The table of output formats. To add one: its file beside this one, and one line here."""

from collections.abc import Callable, Iterable
from typing import BinaryIO, NamedTuple

from korpus.files.sources import plain_suffix
from korpus.files.writers import aligned, csv, markdown, parquet, tsv, xlsx
from korpus.files.writers.json import json_array
from korpus.files.writers.jsonl import json_line
from korpus.files.writers.plain import plain_line
from korpus.files.writers.tagged import tagged_line
from korpus.records import Record, Table

RECORDS, TABLES = "records", "tables"
_BOTH = (RECORDS, TABLES)


class OutputFormat(NamedTuple):
    """A format that records, tables or both are written in.

    `name`: for --format and messages. `writes`: RECORDS, TABLES. `suffixes`: in lower case. One of
    the three writers is given: `line(record)` encodes each record alone, `lines(records)` encodes
    all of them, `table(stream, table)` writes a table with a header. `is_binary`: would garble a
    terminal. `is_nested`: cells of the table may be lists. `is_spreadsheet`: programs that open it
    run some cells as formulas.
    """

    name: str
    writes: tuple[str, ...]
    suffixes: tuple[str, ...] = ()
    line: Callable[[Record], bytes] | None = None
    lines: Callable[[Iterable[Record]], Iterable[bytes]] | None = None
    table: Callable[[BinaryIO, Table], None] | None = None
    is_binary: bool = False
    is_nested: bool = False
    is_spreadsheet: bool = False


OUTPUT_FORMATS = [
    OutputFormat("jsonl", _BOTH, (".jsonl", ".ndjson"), line=json_line),
    OutputFormat("json", _BOTH, (".json",), lines=json_array),
    OutputFormat("tagged", (RECORDS,), line=tagged_line),
    OutputFormat("plain", (RECORDS,), (".txt",), line=plain_line),
    OutputFormat("csv", _BOTH, (".csv",), table=csv.write, is_spreadsheet=True),
    OutputFormat("tsv", _BOTH, (".tsv", ".tab"), table=tsv.write, is_spreadsheet=True),
    OutputFormat(
        "parquet", _BOTH, (".parquet",), table=parquet.write, is_binary=True, is_nested=True
    ),
    OutputFormat("xlsx", _BOTH, (".xlsx",), table=xlsx.write, is_binary=True, is_spreadsheet=True),
    OutputFormat("md", (TABLES,), (".md",), table=markdown.write),
    OutputFormat("table", (TABLES,), (".txt",), table=aligned.write),
]


def output_formats(kind: str) -> list[str]:
    """The names of the formats of `kind`, RECORDS or TABLES, for --format."""
    return [format.name for format in OUTPUT_FORMATS if kind in format.writes]


def find_output_format(name: str) -> OutputFormat:
    """A format by its name. Raises KeyError."""
    found = next((format for format in OUTPUT_FORMATS if format.name == name), None)
    if found is None:
        raise KeyError(name)
    return found


def output_format_of(path: str, kind: str | None = None) -> str | None:
    """The name of the format that a path's suffix stands for, looking through .gz and .zst.

    `kind`: only formats of RECORDS or of TABLES.
    """
    suffix = plain_suffix(path)
    return next(
        (
            format.name
            for format in OUTPUT_FORMATS
            if suffix in format.suffixes and (kind is None or kind in format.writes)
        ),
        None,
    )
