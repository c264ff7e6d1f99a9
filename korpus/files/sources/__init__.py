"""Sources: open, decompress, detect the encoding, tell the format."""

from korpus.files.sources.corpora import CORPORA, corpus_files
from korpus.files.sources.decompress import (
    ALWAYS_ALLOWED,
    COMPRESSED,
    USUAL_RATIO,
    check_size,
    check_zip,
    limit_size,
    plain_suffix,
)
from korpus.files.sources.encodings import bom_encoding, detect
from korpus.files.sources.folders import files_in, hidden
from korpus.files.sources.open import (
    LONGEST_LINE,
    STDIN,
    Position,
    open_source,
    peek,
    position,
    rewindable,
    source_errors,
    source_name,
    spool_errors,
    too_long,
    would_block,
)
from korpus.files.sources.sniff import TEXT_COLUMNS, delimiter_of, sniff_text

__all__ = [
    "ALWAYS_ALLOWED",
    "COMPRESSED",
    "CORPORA",
    "LONGEST_LINE",
    "STDIN",
    "TEXT_COLUMNS",
    "USUAL_RATIO",
    "Position",
    "bom_encoding",
    "check_size",
    "check_zip",
    "corpus_files",
    "delimiter_of",
    "detect",
    "files_in",
    "hidden",
    "limit_size",
    "open_source",
    "peek",
    "plain_suffix",
    "position",
    "rewindable",
    "sniff_text",
    "source_errors",
    "source_name",
    "spool_errors",
    "too_long",
    "would_block",
]
