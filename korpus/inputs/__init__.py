"""What a stage accepts as documents, and how they become records."""

from korpus.inputs.as_records import (
    TEXT_COLUMNS,
    DocumentSource,
    RecordStream,
    as_records,
    as_tokens,
    lazily,
    readable_again,
)
from korpus.inputs.half_characters import log_mended, mended
from korpus.inputs.nested import ITEMS, is_nested, no_text, path_hint
from korpus.inputs.trees import TREE_COLUMNS, has_tree, rootless_token, without_tree

__all__ = [
    "ITEMS",
    "TEXT_COLUMNS",
    "TREE_COLUMNS",
    "DocumentSource",
    "RecordStream",
    "as_records",
    "as_tokens",
    "has_tree",
    "is_nested",
    "lazily",
    "log_mended",
    "mended",
    "no_text",
    "path_hint",
    "readable_again",
    "rootless_token",
    "without_tree",
]
