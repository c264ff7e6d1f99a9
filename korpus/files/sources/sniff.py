"""Tell the format of an input from its first bytes."""

import codecs
import csv
import re
from collections.abc import Sequence

from korpus.files.sources.encodings import bom_encoding
from korpus.inputs import TEXT_COLUMNS

_DELIMITERS = ",\t;|"
_SNIFFED = 20  # lines
# The first word of a sentence in CoNLL-U: its number, form …, number of its head, relation …
_WORD = re.compile(r"1(?:-\d+)?\t[^\t\n]+(?:\t[^\t\n]+){4}\t(?:\d+|_)(?:\t[^\t\n]+){3}\r?(?:\n|$)")
_COMMENTS = re.compile(r"(?:\s*#[^\n]*\n)*\s*")
_GOES_ON = ("{", "[", ",")  # the end of a line at which an object goes on


def sniff_text(start: bytes, columns: Sequence[str] = (), encoding: str | None = None) -> str:
    """The format of text by its first bytes: jsonl, json, conllu, csv, tsv or txt.

    JSON Lines starts with `{`, or is spaces alone (see end_marks.py). JSON is an object that goes
    on over lines, or an array, which starts with `[{` or `["`. A table has a header with the wanted
    column or a usual name for the text, or at least three lines with the same number of tabs, or of
    commas: at least two, without a blank after them as in prose. Tabs with quoted fields, as Excel
    writes them, are csv. Everything else is plain text.
    """
    if start and not start.strip(b" "):
        return "jsonl"
    head = decoded_start(start, encoding).lstrip("\ufeff").lstrip()
    if head.startswith("{"):
        first, line_end, _rest = head.partition("\n")
        return "json" if line_end and first.rstrip().endswith(_GOES_ON) else "jsonl"
    if head.startswith("[") and head[1:].lstrip()[:1] in ("{", '"', "]"):
        return "json"
    if _WORD.match(head, _COMMENTS.match(head).end()):  # type: ignore[union-attr]  # matches all
        return "conllu"
    if start[:1] in (b"\r", b"\n"):  # no table begins with a blank line
        return "txt"
    lines = head.splitlines()[:_SNIFFED]
    header = lines[0] if lines else ""
    delimiter = delimiter_of(header)
    names = {name.strip().strip('"') for name in header.split(delimiter)}
    wanted = set(columns) if columns else {*TEXT_COLUMNS, "tokens", "term"}
    if not (names & wanted or _is_even(lines, delimiter)):
        return "txt"
    return "tsv" if delimiter == "\t" and not _is_quoted(lines) else "csv"


def decoded_start(start: bytes, encoding: str | None) -> str:
    """The first bytes as text, without a character that is cut off at the end."""
    found = encoding or bom_encoding(start)
    if found is None:
        try:
            return codecs.getincrementaldecoder("utf-8")().decode(start)
        except UnicodeDecodeError:
            found = "cp949"
    try:
        return start.decode(found, "ignore")
    except (LookupError, UnicodeError):
        return ""


def _is_even(lines: list[str], delimiter: str) -> bool:
    """Whether there are three lines or more with the same number of fields, as tables have them."""
    widths = {len(row) for row in csv.reader(lines, delimiter=delimiter)}
    if len(lines) < 3 or len(widths) > 1:
        return False
    if delimiter == "\t":
        return widths != {1}
    return max(widths) > 2 and not any(f"{delimiter} " in line for line in lines)


def _is_quoted(lines: list[str]) -> bool:
    """Whether fields between tabs are quoted, and no quote is where none may be."""
    try:
        rows = list(csv.reader(lines, strict=True, delimiter="\t"))
    except csv.Error:
        return False
    return rows != [line.split("\t") for line in lines]


def delimiter_of(header: str) -> str:
    """The delimiter that a CSV header uses most: comma, tab, semicolon or bar."""
    return max(_DELIMITERS, key=header.count)
