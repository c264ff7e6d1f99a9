"""Tell the format of an input from its first bytes."""

import codecs
import csv

from korpus.files.sources.encodings import bom_encoding
from korpus.inputs import TEXT_COLUMNS

_DELIMITERS = ",\t;|"
_SNIFFED = 20  # lines


def sniff_text(start: bytes, column: str | None = None, encoding: str | None = None) -> str:
    """The format of text by its first bytes: jsonl, json, csv, tsv or txt.

    JSON Lines starts with `{`, or is spaces alone (see end_marks.py). A JSON array starts with `[{`
    or `["`. A table has a header with the wanted column or a usual name for the text, or rows that
    all have the same number of fields. Everything else is plain text.
    """
    if start and not start.strip(b" "):
        return "jsonl"
    head = _text(start, encoding).lstrip("\ufeff").lstrip()
    if head.startswith("{"):
        return "jsonl"
    if head.startswith("[") and head[1:].lstrip()[:1] in ("{", '"', "]"):
        return "json"
    lines = head.splitlines()[:_SNIFFED]
    header = lines[0] if lines else ""
    delimiter = delimiter_of(header)
    names = {name.strip().strip('"') for name in header.split(delimiter)}
    wanted = {column} if column else {*TEXT_COLUMNS, "tokens", "term"}
    if names & wanted or _is_even(lines, delimiter):
        return "tsv" if delimiter == "\t" else "csv"
    return "txt"


def _text(start: bytes, encoding: str | None) -> str:
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
    """Whether there are three lines or more, all with the same number of fields, at least two."""
    widths = {len(row) for row in csv.reader(lines, delimiter=delimiter)}
    return len(lines) > 2 and len(widths) == 1 and widths != {1}


def delimiter_of(header: str) -> str:
    """The delimiter that a CSV header uses most: comma, tab, semicolon or bar."""
    return max(_DELIMITERS, key=header.count)
