"""The table of input formats. To add one: its file beside this one, and one line here."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from korpus.files.readers import (
    conllu,
    csv,
    documents,
    json,
    jsonl,
    parquet,
    subtitles,
    tsv,
    txt,
    xlsx,
)
from korpus.files.readers.chunk import Chunking
from korpus.files.readers.reading import Reading
from korpus.files.sources import READABLE, binary_kind, plain_suffix
from korpus.records import Record


class InputFormat(NamedTuple):
    """A format that documents are read from.

    `name`: for --input-format and messages. `suffixes`: in lower case, the usual one first.
    `read(stream, name, reading)` yields the rows as dicts; `name` is for messages, `reading`
    is what the user says. `chunking`: how worker processes share the parsing, if they can.
    `magic`: bytes that only this format starts with. `streams`: it can be read from a pipe that is
    still being written; the stream of any other format can seek. `nests`: its rows may hold lists
    and objects. `has_header`: a row holds the column names. `is_document`: a file is one document,
    whose id is its name.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[BinaryIO, str, Reading], Iterator[Record]]
    chunking: Chunking | None = None
    magic: bytes = b""
    streams: bool = False
    nests: bool = False
    has_header: bool = False
    is_document: bool = False


INPUT_FORMATS = [
    InputFormat("txt", (".txt",), txt.read, txt.chunking),
    InputFormat("csv", (".csv",), csv.read, csv.chunking, has_header=True),
    InputFormat("tsv", (".tsv", ".tab"), tsv.read, tsv.chunking, has_header=True),
    InputFormat(
        "jsonl", (".jsonl", ".ndjson"), jsonl.read, jsonl.chunking, streams=True, nests=True
    ),
    InputFormat("json", (".json",), json.read, nests=True),
    InputFormat("parquet", (".parquet",), parquet.read, magic=b"PAR1", nests=True),
    InputFormat("xlsx", (".xlsx", ".xlsm", ".xls", ".ods"), xlsx.read, has_header=True),
    InputFormat("hwp", (".hwp",), documents.read_hwp, is_document=True),
    InputFormat("hwpx", (".hwpx",), documents.read_hwp, is_document=True),
    InputFormat("docx", (".docx",), documents.read_docx, is_document=True),
    InputFormat("pdf", (".pdf",), documents.read_pdf, is_document=True),
    InputFormat("html", (".html", ".htm"), documents.read_html, is_document=True),
    InputFormat("epub", (".epub",), documents.read_epub, is_document=True),
    InputFormat("srt", (".srt",), subtitles.read),
    InputFormat("vtt", (".vtt",), subtitles.read),
    InputFormat("smi", (".smi",), subtitles.read_smi),
    InputFormat("conllu", (".conllu", ".conll"), conllu.read, nests=True),
]


def input_formats() -> list[str]:
    """The names of the formats, for --input-format."""
    return [format.name for format in INPUT_FORMATS]


def input_suffixes() -> list[str]:
    """The usual suffix of each format, such as `.csv`."""
    return [format.suffixes[0] for format in INPUT_FORMATS]


def find_input_format(name: str) -> InputFormat:
    """A format by its name. Raises KeyError."""
    found = next((format for format in INPUT_FORMATS if format.name == name), None)
    if found is None:
        raise KeyError(name)
    return found


def input_format_of(path: str) -> str | None:
    """The name of the format that a path's suffix stands for, looking through .gz and .zst."""
    suffix = plain_suffix(path)
    return next((format.name for format in INPUT_FORMATS if suffix in format.suffixes), None)


def input_format_by_magic(start: bytes) -> str | None:
    """The name of the format whose magic number, or kind of binary file, the first bytes are."""
    found = next((f.name for f in INPUT_FORMATS if f.magic and start.startswith(f.magic)), None)
    return found or READABLE.get(binary_kind(start) or "")
