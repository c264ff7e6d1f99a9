"""The only room that touches the disk: formats, encodings, atomic writes, model files."""

from korpus.files.atomic import check_place, is_stream, open_output
from korpus.files.blocks import Seen, documents, read_batches, unchanged
from korpus.files.checkpoint import Checkpoint, Identity, can_resume, parse_records
from korpus.files.digests import source_digest
from korpus.files.formats import name_of_rejects, suffix_format
from korpus.files.ids import Ids
from korpus.files.images import check_picture, read_mask, write_cloud, write_figure
from korpus.files.info import info
from korpus.files.models import (
    check_suffix,
    export_vectors,
    load_model,
    matrix_names,
    save_matrix,
    save_model,
)
from korpus.files.output_checks import check_format, check_output
from korpus.files.packed import limit_size
from korpus.files.read import read, read_rows, read_text
from korpus.files.rejects import check_rejects
from korpus.files.spool import json_line
from korpus.files.streams import Place
from korpus.files.write import (
    check_start,
    check_table,
    is_json_lines,
    line_encoder,
    write_lines,
    write_records,
    write_table,
)

__all__ = [
    "Checkpoint",
    "Identity",
    "Ids",
    "Place",
    "Seen",
    "can_resume",
    "check_format",
    "check_output",
    "check_picture",
    "check_place",
    "check_rejects",
    "check_start",
    "check_suffix",
    "check_table",
    "documents",
    "export_vectors",
    "info",
    "is_json_lines",
    "is_stream",
    "json_line",
    "limit_size",
    "line_encoder",
    "load_model",
    "matrix_names",
    "name_of_rejects",
    "open_output",
    "parse_records",
    "read",
    "read_batches",
    "read_mask",
    "read_rows",
    "read_text",
    "save_matrix",
    "save_model",
    "source_digest",
    "suffix_format",
    "unchanged",
    "write_cloud",
    "write_figure",
    "write_lines",
    "write_records",
    "write_table",
]
