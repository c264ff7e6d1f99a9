"""Formats by the suffix of a path, over the tables of readers and writers."""

from pathlib import Path

from korpus.files.readers import input_format_of
from korpus.files.sources import plain_suffix
from korpus.files.writers import output_format_of

_MODEL = ".safetensors"


def suffix_format(path: str) -> str | None:
    """The format that a path's suffix stands for, looking through .gz and .zst; else None.

    Input formats come first: .txt is `txt`, not `plain`. A model file is `safetensors`.
    """
    if plain_suffix(path) == _MODEL:
        return "safetensors"
    return input_format_of(path) or output_format_of(path)


def name_of_rejects(output: str) -> str:
    """The default rejects file: `x.jsonl` has `x.rejects.jsonl`, `x.csv` `x.csv.rejects.jsonl`."""
    path = Path(output)
    return str(path.with_name(f"{path.name.removesuffix('.jsonl')}.rejects.jsonl"))
