"""Sources: open, decompress, detect the encoding, tell the format."""

from korpus.files.sources.archives import (
    ARCHIVES,
    close_archive,
    is_archive,
    names_in,
    split_member,
)
from korpus.files.sources.corpora import CORPORA, corpus_files
from korpus.files.sources.decompress import (
    ALWAYS_ALLOWED,
    COMPRESSED,
    USUAL_RATIO,
    check_parsed,
    check_size,
    check_zip,
    limit_size,
    plain_suffix,
)
from korpus.files.sources.encodings import (
    ESCAPED,
    bom_encoding,
    detect,
    detect_most,
    without_choice,
)
from korpus.files.sources.end_marks import EndMarks, allow_partial_input, write_marked
from korpus.files.sources.folders import files_in, hidden
from korpus.files.sources.kinds import READABLE, binary_kind
from korpus.files.sources.open import (
    LONGEST_LINE,
    STDIN,
    Position,
    comes_from_pipe,
    compressed_size,
    is_text,
    open_source,
    peek,
    position,
    rewindable,
    source_errors,
    source_name,
    too_long,
    would_block,
)
from korpus.files.sources.pipe import is_pipe
from korpus.files.sources.sniff import decoded_start, delimiter_of, sniff_text
from korpus.files.sources.spool import spool_errors

__all__ = [
    "ALWAYS_ALLOWED",
    "ARCHIVES",
    "COMPRESSED",
    "CORPORA",
    "ESCAPED",
    "LONGEST_LINE",
    "READABLE",
    "STDIN",
    "USUAL_RATIO",
    "EndMarks",
    "Position",
    "allow_partial_input",
    "binary_kind",
    "bom_encoding",
    "check_parsed",
    "check_size",
    "check_zip",
    "close_archive",
    "comes_from_pipe",
    "compressed_size",
    "corpus_files",
    "decoded_start",
    "delimiter_of",
    "detect",
    "detect_most",
    "files_in",
    "hidden",
    "is_archive",
    "is_pipe",
    "is_text",
    "limit_size",
    "names_in",
    "open_source",
    "peek",
    "plain_suffix",
    "position",
    "rewindable",
    "sniff_text",
    "source_errors",
    "source_name",
    "split_member",
    "spool_errors",
    "too_long",
    "without_choice",
    "would_block",
    "write_marked",
]
