"""Formats by the suffix of a path, over the tables of readers and writers."""

import os
from hashlib import sha256
from pathlib import Path

from korpus.files.readers import input_format_of
from korpus.files.sources import plain_suffix
from korpus.files.writers import output_format_of
from korpus.files.writers.group_paths import GROUP

_MODEL, _REJECTS = ".safetensors", "rejects.jsonl"
_LONGEST_NAME = 239  # bytes; file systems take 255, and a temporary file's name is 15 longer


def suffix_format(path: str) -> str | None:
    """The format that a path's suffix stands for, looking through .gz and .zst; else None.

    Input formats come first: .txt is `txt`, not `plain`. A model file is `safetensors`.
    """
    if plain_suffix(path) == _MODEL:
        return "safetensors"
    return input_format_of(path) or output_format_of(path)


def name_of_rejects(output: str) -> str:
    """The default rejects file: `x.jsonl` has `x.rejects.jsonl`, `x.csv` `x.csv-rejects.jsonl`.

    The hyphen tells `x` from `x.jsonl`. Files of groups have one: `x-{group}.jsonl` has
    `x-all.rejects.jsonl`.
    """
    path = Path(output.replace(GROUP, "all"))
    stem = path.name.removesuffix(".jsonl")
    name = f"{stem}-{_REJECTS}" if stem == path.name else f"{stem}.{_REJECTS}"
    if len(os.fsencode(name)) > _LONGEST_NAME:
        name = sha256(os.fsencode(path.name)).hexdigest() + f".{_REJECTS}"
    return str(path.with_name(name))
