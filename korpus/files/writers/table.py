"""The table of output formats. To add one: its file beside this one, and one line here."""

from collections.abc import Callable, Iterable
from typing import BinaryIO, NamedTuple

from korpus.files.sources import plain_suffix
from korpus.files.writers import aligned, csv, markdown, parquet, tsv, xlsx
from korpus.files.writers.conllu import conllu_lines
from korpus.files.writers.json import json_array
from korpus.files.writers.jsonl import json_line
from korpus.files.writers.networks import dl, gexf, graphml, pajek
from korpus.files.writers.networks.matrix import matrix_table, write_workbook
from korpus.files.writers.plain import plain_line
from korpus.files.writers.tagged import tagged_line
from korpus.files.writers.tree import tree_lines
from korpus.records import Network, Record, Table

RECORDS, TABLES, NETWORKS = "records", "tables", "networks"
_ALL = (RECORDS, TABLES, NETWORKS)


class OutputFormat(NamedTuple):
    """A format that records, tables or networks are written in.

    `name`: for --format and messages. `writes`: RECORDS, TABLES, NETWORKS. `suffixes`: in lower
    case. One of the writers is given: `line(record)` encodes each record alone, `lines(records)`
    encodes all of them, `table(stream, table)` writes a table with a header, `network(stream,
    network)` a network. Of a network, a format without that writes the table of edges, or the one
    that `table_of` makes. `is_binary`: would garble a terminal. `is_nested`: cells of the table may
    be lists. `is_spreadsheet`: programs that open it run some cells as formulas.
    """

    name: str
    writes: tuple[str, ...]
    suffixes: tuple[str, ...] = ()
    line: Callable[[Record], bytes] | None = None
    lines: Callable[[Iterable[Record]], Iterable[bytes]] | None = None
    table: Callable[[BinaryIO, Table], None] | None = None
    network: Callable[[BinaryIO, Network], None] | None = None
    table_of: Callable[[Network], Table] | None = None
    is_binary: bool = False
    is_nested: bool = False
    is_spreadsheet: bool = False


OUTPUT_FORMATS = [
    OutputFormat("jsonl", _ALL, (".jsonl", ".ndjson"), line=json_line),
    OutputFormat("json", _ALL, (".json",), lines=json_array),
    OutputFormat("tagged", (RECORDS,), line=tagged_line),
    OutputFormat("plain", (RECORDS,), (".txt",), line=plain_line),
    OutputFormat("conllu", (RECORDS,), (".conllu", ".conll"), lines=conllu_lines),
    OutputFormat("tree", (RECORDS,), lines=tree_lines),
    OutputFormat("csv", _ALL, (".csv",), table=csv.write, is_spreadsheet=True),
    OutputFormat("tsv", _ALL, (".tsv", ".tab"), table=tsv.write, is_spreadsheet=True),
    OutputFormat(
        "parquet", _ALL, (".parquet",), table=parquet.write, is_binary=True, is_nested=True
    ),
    OutputFormat(
        "xlsx",
        _ALL,
        (".xlsx",),
        table=xlsx.write,
        network=write_workbook,
        is_binary=True,
        is_spreadsheet=True,
    ),
    OutputFormat("md", (TABLES, NETWORKS), (".md",), table=markdown.write),
    OutputFormat("table", (TABLES, NETWORKS), (".txt",), table=aligned.write),
    OutputFormat("graphml", (NETWORKS,), (".graphml",), network=graphml.write),
    OutputFormat("gexf", (NETWORKS,), (".gexf",), network=gexf.write),
    OutputFormat("pajek", (NETWORKS,), (".net",), network=pajek.write),
    OutputFormat("dl", (NETWORKS,), (".dl",), network=dl.write),
    OutputFormat(
        "matrix",
        (NETWORKS,),
        (".csv",),
        table=csv.write,
        table_of=matrix_table,
        is_spreadsheet=True,
    ),
]


def output_formats(kind: str) -> list[str]:
    """The names of the formats of `kind`, such as TABLES, for --format."""
    return [format.name for format in OUTPUT_FORMATS if kind in format.writes]


def find_output_format(name: str) -> OutputFormat:
    """A format by its name. Raises KeyError."""
    found = next((format for format in OUTPUT_FORMATS if format.name == name), None)
    if found is None:
        raise KeyError(name)
    return found


def output_format_of(path: str, kind: str | None = None) -> str | None:
    """The name of the format that a path's suffix stands for, looking through .gz and .zst.

    `kind`: only formats of RECORDS, TABLES or NETWORKS.
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
