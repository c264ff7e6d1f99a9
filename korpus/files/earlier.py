"""What may be written over: an earlier output of korpus, and nothing that someone else made.

An earlier output is known by its content: tokens with their analyzer, documents that were set
aside, the header of a table of korpus, the mark in a model, a matrix, a workbook or a picture. What
has no mark of its own (plain text, documents of korpus read) is known by its start: it is what
would be written, and the file does not go on where that ends.
"""

import contextlib
import csv
import io
import os
import re
import zipfile
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from korpus.errors import KorpusError, UsageError
from korpus.files.formats import INPUT_FORMATS, suffix_format
from korpus.files.rows import json_lines
from korpus.files.streams import STDIN, open_source
from korpus.records import Record
from korpus.tagsets import KAIST, OKT, SEJONG

# What the pictures and tables of korpus say of themselves.
MARK = "korpus"
SVG_MARK = f"<!-- {MARK} -->"
# A time for formats that must have one, so that the same table gives the same bytes.
WORKBOOK_TIME = "2000-01-01T00:00:00Z"

HEAD = 1 << 16  # bytes of the start that are compared
_LONGEST_LINE = 1 << 24
_TABLES = re.compile(
    r"(.+,)?term,tag,count,(documents|df),share|(id,)?term,tf,df,idf,tfidf|word,tag,list"
    r"|topic,rank,term,weight,(share|variance)|topic,(share|variance),terms,(documents|examples)"
    r"|id,topic,weight|id(,d\d+)+|rank,(term|id),similarity"
    r"|k,npmi,c_v,perplexity,diversity,stability",
    re.DOTALL,
)
_TAGGED = re.compile(r"\S+/(\w+(?:[+-]\w+)*)")
_TAGS = {tag for tags in (SEJONG, OKT, KAIST) for group in tags.values() for tag in group.split()}
_VECTORS = re.compile(rb"\d+ \d+ \n")
_INFO = ["property", "value"]
_REJECTED = {"surrogates", "nothing", "lost", "failed", "timeout", "died"}
_TAGGED_HEAD = 1 << 10  # bytes
_MATRIX = {f"{name}.npy" for name in ("data", "indices", "indptr", "shape", "ids", "terms")}


def check_new(
    output: str,
    inputs: Iterable[str],
    force: bool,
    first: bytes | None = b"",
    is_all: bool = True,
) -> None:
    """Raises KorpusError where writing `output` would destroy what korpus has not made.

    `inputs`: paths that the command reads, which it never writes over. `force`: the user has said
    that the output may be written over. `first`: what the output will begin with, where that is
    known; None: that is not known yet, and another call will tell. `is_all`: nothing will follow.
    """
    target = Path(os.path.realpath(output))
    if not target.is_file():
        return
    for source in inputs:
        if _is_input(target, source):
            raise UsageError(f"{output} is an input too", "give the output another name")
    if force or is_earlier(target) or first is None or _begins(target, first, is_all):
        return
    raise KorpusError(
        f"{output}: is there already, and is no earlier output of this command",
        "give another name, or --force to write over it",
    )


def start_of(lines: Iterable[bytes]) -> tuple[list[bytes], bytes, bool]:
    """The first lines, what they are together, and whether these are all."""
    taken: list[bytes] = []
    size = 0
    for line in lines:
        taken.append(line)
        size += len(line)
        if size > HEAD:
            return taken, b"".join(taken), False
    return taken, b"".join(taken), True


def is_earlier(path: Path) -> bool:
    """Whether a file is empty, or an output of korpus by its content."""
    with contextlib.suppress(KorpusError, OSError, ValueError, KeyError, csv.Error):
        with open_source(str(path)) as stream:
            head = stream.read(HEAD)
            if b"\n" not in head:
                head += stream.readline(_LONGEST_LINE)
        if not head or _is_marked(path, head) or _is_ours(head):
            return True
        return _is_name_list(path)
    return False


def _is_marked(path: Path, head: bytes) -> bool:
    """The formats that have a place for a mark."""
    mark = MARK.encode()
    if head.startswith(b"\x89PNG"):
        return b"tEXtSoftware\0" + mark in head
    if head.startswith(b"PAR1"):
        return mark in _parquet_footer(path)
    if head.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "docProps/core.xml" in names:  # not one that was edited since
                properties = archive.read("docProps/core.xml")
                times = properties.count(WORKBOOK_TIME.encode())
                return times == 2 and b"<dc:creator>" + mark in properties
            return names >= _MATRIX
    return (
        head[8:].startswith(b'{"__metadata__":{"' + mark)
        or (head.startswith(b"%%MatrixMarket") and b"%" + mark in head)
        or SVG_MARK.encode() in head
        or (path.suffix in (".vec", ".bin") and _VECTORS.match(head) is not None)
    )


def _is_name_list(path: Path) -> bool:
    """Whether these are the names of a matrix of korpus beside it: as many as it has of them."""
    for axis, kind in enumerate((".ids.txt", ".terms.txt")):
        matrix = Path(str(path).removesuffix(kind) + ".mtx")
        if path.name.endswith(kind) and matrix.is_file() and is_earlier(matrix):
            with matrix.open("rb") as stream, path.open("rb") as names:
                sizes = next(line for line in stream if not line.startswith(b"%")).split()
                return sum(1 for _ in names) == int(sizes[axis])
    return False


def _parquet_footer(path: Path) -> bytes:
    with path.open("rb") as stream:
        size = stream.seek(-8, os.SEEK_END)
        length = int.from_bytes(stream.read(4), "little")
        stream.seek(max(0, size - length))
        return stream.read(min(length, size))


def _is_ours(head: bytes) -> bool:
    """Records with tokens and their analyzer, a table of korpus, or tagged text."""
    lines = head.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    first = next(chain((line for line in lines[:2] if line.strip() != b"["), lines), b"")
    if first.startswith(b"{"):
        record = next(json_lines([first.rstrip().rstrip(b",")], ""))
        return _is_our_record(record) or _TABLES.fullmatch(",".join(record)) is not None
    columns = _columns(first.decode())
    return (
        (columns == _INFO and any(_columns(line.decode())[:1] == ["file"] for line in lines[1:3]))
        or ({"tokens", "analyzer"} <= set(columns) and _has_tokens(first, head))
        or _TABLES.fullmatch(",".join(columns)) is not None
        or _is_tagged(head, first)
    )


def _is_our_record(record: Record) -> bool:
    """Tokens with their tags, a document that was set aside, or what korpus info says first."""
    tokens, tags = record.get("tokens"), record.get("tags")
    if isinstance(tokens, list) and isinstance(tags, list):
        return len(tokens) == len(tags) and isinstance(record.get("analyzer"), str)
    if list(record)[-2:] == ["error", "reason"]:
        return str(record["error"]) in _REJECTED
    return list(record) == _INFO and record["property"] == "file"


def _has_tokens(first: bytes, head: bytes) -> bool:
    """Whether the first row of a table has tokens as JSON."""
    csv.field_size_limit(_LONGEST_LINE)
    text = io.StringIO(head.decode("utf-8-sig", "ignore"), newline="")
    is_tsv = b"\t" in first  # which has no quoting
    rows = csv.DictReader(
        text,
        delimiter="\t" if is_tsv else ",",
        quoting=csv.QUOTE_NONE if is_tsv else csv.QUOTE_MINIMAL,
    )
    return (next(rows, {}).get("tokens") or "").startswith("[")


def _is_tagged(head: bytes, first: bytes) -> bool:
    """나/NP 는/JX, all of it and not one word warm_up: no TCP/IP, and/or or 2024/Noun."""
    if len(first) < _TAGGED_HEAD <= len(head):
        head = head[: head.rfind(b"\n", 0, _TAGGED_HEAD)]
    elif len(first) >= _TAGGED_HEAD:
        head = first
    lines = [line.split(" ") for line in head.decode().splitlines()]
    found = [[_TAGGED.fullmatch(item) for item in line] for line in lines if line != [""]]
    return any(len(line) > 1 for line in found) and all(
        match and set(re.split("[+-]", match[1])) & _TAGS for line in found for match in line
    )


def _columns(header: str) -> list[str]:
    """The columns of a table as CSV, TSV, Markdown or aligned."""
    header = header.rstrip("\r\n")
    if header.startswith("| "):
        return header.strip("| ").split(" | ")
    delimiter = next((mark for mark in ("\t", ",") if mark in header), None)
    return next(csv.reader([header], delimiter=delimiter)) if delimiter else header.split()


def _is_input(target: Path, source: str) -> bool:
    """Whether a file is a source, or would be read as one of the files of a folder."""
    if source == STDIN:
        with contextlib.suppress(OSError):  # it may be closed
            return os.path.samestat(os.fstat(0), target.stat())
        return False
    path = Path(source)
    if path.is_dir():
        inside = target.is_relative_to(os.path.realpath(path))
        return inside and suffix_format(str(target)) in INPUT_FORMATS
    return path.exists() and path.samefile(target)


def _begins(path: Path, first: bytes, is_all: bool) -> bool:
    """Whether nothing is lost as far as `first` goes: the file begins so, or is its beginning."""
    with contextlib.suppress(KorpusError), open_source(str(path)) as stream:
        there = stream.read(len(first) + 1)
        if len(there) > len(first):  # blank lines alone say nothing
            return not is_all and bool(first.strip()) and there.startswith(first)
        return first.startswith(there)
    return False
