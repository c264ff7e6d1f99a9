"""Write records and tables to files, pipes and terminals."""

import codecs
import logging
import os
import stat
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

from korpus.errors import UsageError
from korpus.files import traffic
from korpus.files.atomic import STDOUT, open_output
from korpus.files.formats import suffix_format
from korpus.files.sources import COMPRESSED, is_pipe, plain_suffix, write_marked
from korpus.files.writers import (
    CHART_SUFFIXES,
    NETWORKS,
    RECORDS,
    TABLES,
    OutputFormat,
    counted,
    disarmed,
    find_output_format,
    flat,
    output_format_of,
    output_formats,
    spooled,
    whole,
)
from korpus.messages import _, printable
from korpus.records import Network, Record, Table

logger = logging.getLogger("korpus")

_ON_TERMINAL = {RECORDS: "tagged", TABLES: "table", NETWORKS: "table"}
_PIPED = {RECORDS: "jsonl", TABLES: "csv", NETWORKS: "csv"}


def write_records(
    records: Iterable[Record],
    output: str = STDOUT,
    format: str | None = None,
    excel: bool = False,
) -> None:
    """Write records to a file or standard output. jsonl, json, tagged and plain stream.

    `format` is jsonl, json (an array), tagged (`나/NP 는/JX`), plain (tokens joined by spaces, or
    the text), csv, tsv, parquet or xlsx; by default the suffix decides, else jsonl, and tagged on
    a terminal. Lists become JSON in csv, tsv and xlsx. `excel` writes a BOM and disarms cells that
    a spreadsheet could run as formulas. Raises KorpusError if the output cannot be written.
    """
    chosen = _choose(output, format, RECORDS)
    records = traffic.counted(records, traffic.flow(traffic.outputs, output))
    if chosen.table is None:
        with open_output(output) as stream:
            _write_pieces(stream, _lines(chosen, records), chosen.name)
        return
    with spooled(records, whole if chosen.is_nested else flat) as table:
        _write_table(table, output, chosen, excel)


def write_table(
    table: Table, output: str = STDOUT, format: str | None = None, excel: bool = False
) -> None:
    """Write a table to a file or standard output. All formats but parquet and xlsx stream.

    `format` is csv, tsv, jsonl, json (an array), parquet, xlsx, md or table (aligned); by default
    the suffix decides, else csv, and an aligned table on a terminal. `excel` writes a UTF-8 BOM
    and puts an apostrophe before cells that a spreadsheet could run as formulas.
    Raises KorpusError if the output cannot be written.
    """
    flow = traffic.flow(traffic.outputs, output)
    found = replace(table, make_rows=lambda: traffic.counted_again(table.rows, flow))
    _write_table(found, output, _choose(output, format, TABLES), excel)


def write_network(
    network: Network, output: str = STDOUT, format: str | None = None, excel: bool = False
) -> None:
    """Write a network to a file or standard output.

    `format` is graphml, gexf, pajek (.net), dl (UCINET), xlsx (sheets nodes, edges, matrix and
    network), matrix (CSV), or one of `write_table`, for the table of edges; by default as there.
    Raises KorpusError if the output cannot be written.
    """
    chosen = _choose(output, format, NETWORKS)
    flow = traffic.flow(traffic.outputs, output)
    table = chosen.table_of(network) if chosen.table_of else network.edges
    counted_rows = Table(table.columns, lambda: traffic.counted_again(table.rows, flow))
    if chosen.network is None:
        _write_table(counted_rows, output, chosen, excel)
        return
    with open_output(output) as stream:
        edges = replace(network, edges=counted_rows)
        chosen.network(_Terminal(stream) if _is_terminal(stream) else stream, edges)  # type: ignore[arg-type]


def _write_table(table: Table, output: str, format: OutputFormat, excel: bool) -> None:
    if excel:
        table = disarmed(table)
    elif format.is_spreadsheet and not format.is_binary and not _is_pipe_or_terminal(output):
        table = counted(table)
    with open_output(output) as stream:
        if format.table is None:
            _write_pieces(stream, _lines(format, table), format.name)
        elif _is_terminal(stream):
            format.table(cast(BinaryIO, _Terminal(stream)), table)
        else:
            if excel and format.is_spreadsheet and not format.is_binary:
                stream.write(codecs.BOM_UTF8)
            format.table(stream, table)


def _lines(format: OutputFormat, records: Iterable[Record]) -> Iterable[bytes]:
    if format.line is not None:
        return map(format.line, records)
    assert format.lines is not None
    return format.lines(records)


def write_lines(lines: Iterable[bytes], output: str = STDOUT, format: str | None = None) -> None:
    """Write lines that `line_encoder(output, format)` encoded, one or several per item. Streams.

    Raises KorpusError if the output cannot be written.
    """
    lines = traffic.counted_lines(lines, traffic.flow(traffic.outputs, output))
    with open_output(output) as stream:
        _write_pieces(stream, lines, format or _PIPED[RECORDS])


def write_text(output: str, text: str) -> None:
    """Write a text as UTF-8. Raises KorpusError where the file cannot be written."""
    with open_output(output) as stream:
        stream.write(text.encode())


def line_encoder(output: str, format: str | None = None) -> Callable[[Record], bytes] | None:
    """The function that encodes a record as a line of the output; None if the format has none."""
    return _choose(output, format, RECORDS).line


def format_of_output(output: str, format: str | None, kind: str) -> str:
    """The name of the format that records, tables or networks are written in."""
    return _choose(output, format, kind).name


def is_json_lines(output: str, format: str | None = None) -> bool:
    """Whether a file of records is the lines of `json_line` one after the other, uncompressed."""
    chosen = _choose(output, format, RECORDS)
    return chosen.name == "jsonl" and not output.lower().endswith(COMPRESSED)


def check_written(output: str, format: str | None, kind: str) -> None:
    """Raises UsageError if `write_records`, `write_table` or `write_network` has no such format.

    `kind`: RECORDS, TABLES or NETWORKS.
    """
    _choose(output, format, kind)


def _choose(output: str, format: str | None, kind: str) -> OutputFormat:
    """The format for records or for tables: the user's choice, else by suffix, else the default."""
    names = output_formats(kind)
    if format is not None:
        if format not in names:
            raise UsageError(
                _("unknown format {name!r}").format(name=format),
                _("one of: {names}").format(names=", ".join(names)),
            )
        chosen = find_output_format(format)
        if chosen.is_binary:
            check_terminal(output, chosen.name)
        if output_format_of(output, kind) and plain_suffix(output) not in chosen.suffixes:
            _log_other_suffix(output, format)
        return chosen
    if output == STDOUT:
        return find_output_format((_ON_TERMINAL if sys.stdout.isatty() else _PIPED)[kind])
    if found := output_format_of(output, kind):
        return find_output_format(found)
    suffix = Path(output).suffix.lower()
    if other := suffix_format(output) or (suffix in CHART_SUFFIXES and suffix[1:]):
        raise UsageError(
            _("{name}: this command does not write .{format}").format(name=output, format=other),
            _("it writes {names}").format(names=", ".join(names)),
        )
    default = _PIPED[kind]
    if suffix:
        _log_unknown_suffix(output, default)
    return find_output_format(default)


def check_terminal(output: str, format: str) -> None:
    """Raises UsageError if a binary output would go to the terminal."""
    if output == STDOUT and sys.stdout.isatty():
        raise UsageError(
            _("{format} is binary and would garble the terminal").format(format=format),
            _("give -o FILE"),
        )


@cache
def _log_other_suffix(output: str, format: str) -> None:
    logger.info(_("%s: written as %s, as -f says, not as its suffix"), output, format)


@cache
def _log_unknown_suffix(output: str, default: str) -> None:
    logger.info(_("%s: no format has that suffix; written as %s (-f FORMAT)"), output, default)


def _write_pieces(stream: BinaryIO, pieces: Iterable[bytes], format: str) -> None:
    if _is_terminal(stream):
        terminal = _Terminal(stream)
        for piece in pieces:
            terminal.write(piece)
    elif format == "jsonl" and stream is sys.stdout.buffer and is_pipe(stream):
        write_marked(stream, pieces)
    else:
        for piece in pieces:
            stream.write(piece)


class _Terminal:
    """Standard output as a terminal: text at once, and without escape sequences."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def write(self, data: bytes) -> int:
        text = printable(data.decode("utf-8", "replace"))
        self.stream.write(text.encode(sys.stdout.encoding or "utf-8", "replace"))
        self.stream.flush()
        return len(data)

    def write_marked(self, data: bytes) -> None:
        """Write text that stands out, where colours are wanted."""
        colours = not os.environ.get("NO_COLOR")
        self.stream.write(b"\x1b[1;31m" * colours)
        self.write(data)
        self.stream.write(b"\x1b[0m" * colours)

    def flush(self) -> None:
        self.stream.flush()

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False


def _is_terminal(stream: BinaryIO) -> bool:
    return stream is sys.stdout.buffer and sys.stdout.isatty()


def _is_pipe_or_terminal(output: str) -> bool:
    """Whether standard output goes to another program or to the terminal."""
    return output == STDOUT and not stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
