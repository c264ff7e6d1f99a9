"""The only room that touches the disk: sources, readers, writers, atomic outputs, model files."""

from typing import TYPE_CHECKING

from korpus.rooms import load_when_used

if TYPE_CHECKING:
    from korpus.files.atomic import is_stream, open_output, together
    from korpus.files.batches import Seen, documents, read_batches, unchanged
    from korpus.files.checkpoint import Checkpoint, Identity, can_resume, parse_records
    from korpus.files.digests import source_digest
    from korpus.files.folders import check_folder, new_folder
    from korpus.files.formats import name_of_rejects, suffix_format
    from korpus.files.info import info
    from korpus.files.kept import Kept
    from korpus.files.model_files import Model, load, save_model
    from korpus.files.model_reading import load_header, load_model
    from korpus.files.output_check import check_format, check_output
    from korpus.files.pretrained import Pretrained, find_pretrained
    from korpus.files.read import good_rows, read, read_list, read_rows, read_table, read_text
    from korpus.files.readers import Reading, input_formats, input_suffixes, read_mask
    from korpus.files.rejects import check_rejects
    from korpus.files.shapes import shape_names
    from korpus.files.sources import (
        Position,
        allow_partial_input,
        is_pipe,
        is_text,
        limit_size,
        source_name,
    )
    from korpus.files.stanza_folder import load_parser
    from korpus.files.write import (
        format_of_output,
        is_json_lines,
        line_encoder,
        write_lines,
        write_network,
        write_records,
        write_table,
        write_text,
    )
    from korpus.files.writers import (
        MOST_IDS,
        NETWORKS,
        RECORDS,
        TABLES,
        Ids,
        ids_in,
        json_line,
        output_formats,
        write_bars,
        write_chart,
        write_cloud,
    )
    from korpus.files.writers.group_paths import GROUP, paths_of_groups
    from korpus.files.writers.term_matrix import matrix_names, save_codes, save_matrix
    from korpus.files.writers.word_vectors import export_vectors
else:
    load_when_used(__name__)

__all__ = [
    "GROUP",
    "MOST_IDS",
    "NETWORKS",
    "RECORDS",
    "TABLES",
    "Checkpoint",
    "Identity",
    "Ids",
    "Kept",
    "Model",
    "Position",
    "Pretrained",
    "Reading",
    "Seen",
    "allow_partial_input",
    "can_resume",
    "check_folder",
    "check_format",
    "check_output",
    "check_rejects",
    "documents",
    "export_vectors",
    "find_pretrained",
    "format_of_output",
    "good_rows",
    "ids_in",
    "info",
    "input_formats",
    "input_suffixes",
    "is_json_lines",
    "is_pipe",
    "is_stream",
    "is_text",
    "json_line",
    "limit_size",
    "line_encoder",
    "load",
    "load_header",
    "load_model",
    "load_parser",
    "matrix_names",
    "name_of_rejects",
    "new_folder",
    "open_output",
    "output_formats",
    "parse_records",
    "paths_of_groups",
    "read",
    "read_batches",
    "read_list",
    "read_mask",
    "read_rows",
    "read_table",
    "read_text",
    "save_codes",
    "save_matrix",
    "save_model",
    "shape_names",
    "source_digest",
    "source_name",
    "suffix_format",
    "together",
    "unchanged",
    "write_bars",
    "write_chart",
    "write_cloud",
    "write_lines",
    "write_network",
    "write_records",
    "write_table",
    "write_text",
]
