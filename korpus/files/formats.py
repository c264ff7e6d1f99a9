"""Formats by the suffix of a path, over the tables of readers and writers."""

from pathlib import Path

from korpus.files.readers import input_format_of
from korpus.files.sources import COMPRESSED, plain_suffix
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
    """The path for rejects: `x.rejects.jsonl` for `x.jsonl`, `x.csv.rejects.jsonl` for `x.csv`.

    So no two outputs share one.
    """
    path = Path(output)
    name = path.name
    for suffix in (*COMPRESSED, ".jsonl"):
        name = name.removesuffix(suffix)
    return str(path.with_name(f"{name}.rejects.jsonl"))
