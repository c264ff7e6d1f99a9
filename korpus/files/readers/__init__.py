"""Readers: one file per input format, and the table of them."""

from korpus.files.readers.bad_rows import bad_row
from korpus.files.readers.chunk import Chunk, Chunking, Shape
from korpus.files.readers.columns import (
    Columns,
    as_documents,
    can_be_arranged,
    document,
    has_text,
    pick_columns,
    row_columns,
)
from korpus.files.readers.jsonl import json_lines
from korpus.files.readers.markup import BREAK, unescaped
from korpus.files.readers.mask import read_mask
from korpus.files.readers.nested import picked, picks_inside
from korpus.files.readers.parse_errors import PARSE_ERRORS
from korpus.files.readers.reading import Reading
from korpus.files.readers.table import (
    INPUT_FORMATS,
    InputFormat,
    find_input_format,
    input_format_by_magic,
    input_format_of,
    input_formats,
    input_suffixes,
)
from korpus.files.readers.text_rows import LISTS
from korpus.files.readers.whole import whole_text
from korpus.workers.child import end_kept

__all__ = [
    "BREAK",
    "INPUT_FORMATS",
    "LISTS",
    "PARSE_ERRORS",
    "Chunk",
    "Chunking",
    "Columns",
    "InputFormat",
    "Reading",
    "Shape",
    "as_documents",
    "bad_row",
    "can_be_arranged",
    "document",
    "end_kept",
    "find_input_format",
    "has_text",
    "input_format_by_magic",
    "input_format_of",
    "input_formats",
    "input_suffixes",
    "json_lines",
    "pick_columns",
    "picked",
    "picks_inside",
    "read_mask",
    "row_columns",
    "unescaped",
    "whole_text",
]
