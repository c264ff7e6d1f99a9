"""Which format a file is in: by its suffix, else by how it starts."""

import codecs
import csv
from pathlib import Path

from korpus.files.encodings import bom_encoding
from korpus.files.streams import COMPRESSED

FORMAT_OF_SUFFIX = {
    ".txt": "txt",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".md": "md",
    ".safetensors": "safetensors",
}
INPUT_FORMATS = ("txt", "csv", "tsv", "jsonl", "json", "parquet", "xlsx")

TEXT_COLUMNS = (
    *("text", "document", "content", "contents", "body", "review", "comment", "sentence"),
    *("본문", "내용", "리뷰", "텍스트", "문서", "댓글", "후기", "기사", "원문"),
)
_DELIMITERS = ",\t;|"
_SNIFFED = 20  # lines


def suffix_format(path: str) -> str | None:
    """The format that a path's suffix names, looking through .gz and .zst; else None."""
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return FORMAT_OF_SUFFIX.get(suffixes[-1]) if suffixes else None


def name_of_rejects(output: str) -> str:
    """The default rejects file: `x.jsonl` has `x.rejects.jsonl`, `x.csv` `x.csv.rejects.jsonl`."""
    path = Path(output)
    return str(path.with_name(f"{path.name.removesuffix('.jsonl')}.rejects.jsonl"))


def sniff_format(start: bytes, column: str | None = None, encoding: str | None = None) -> str:
    """The format of input without a suffix, by its first bytes.

    JSON Lines starts with `{`, a JSON array with `[{` or `["`; Parquet with its magic; a table
    has a header with the wanted column or a usual name for the text, or rows that are all of one
    width. All else is plain text.
    """
    if start.startswith(b"PAR1"):
        return "parquet"
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
    if names & wanted or _even(lines, delimiter):
        return "tsv" if delimiter == "\t" else "csv"
    return "txt"


def _text(start: bytes, encoding: str | None) -> str:
    """The first bytes as text, a character that is cut at their end left out."""
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


def _even(lines: list[str], delimiter: str) -> bool:
    """Whether lines are rows: three or more, all with the same number of fields."""
    widths = {len(row) for row in csv.reader(lines, delimiter=delimiter)}
    return len(lines) > 2 and len(widths) == 1 and widths != {1}


def delimiter_of(header: str) -> str:
    """The delimiter that a CSV header uses most: comma, tab, semicolon or bar."""
    return max(_DELIMITERS, key=header.count)
