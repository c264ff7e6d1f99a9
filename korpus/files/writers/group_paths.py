"""One output file per group: `cloud-{group}.png`."""

import re
from collections.abc import Iterable
from unicodedata import normalize

GROUP = "{group}"

# What Windows forbids in a name; `/` is forbidden everywhere.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]|[. ]+$')
_LONGEST = 60  # characters, at most 180 bytes of a name's 255


def paths_of_groups(pattern: str, groups: Iterable[str]) -> dict[str, str]:
    """The path of each group: `{group}` in a pattern is replaced by a name made of its value.

    Characters that a file name cannot have become `_`, and names that then are equal, also on
    systems that tell neither capitals nor decomposed letters (NFD) apart, are numbered.
    """
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for group in groups:
        name = _FORBIDDEN.sub("_", group)[:_LONGEST] or "_"
        path, number = pattern.replace(GROUP, name), 1
        while _folded(path) in taken or path == "-":  # which is standard output
            number += 1
            path = pattern.replace(GROUP, f"{name}-{number}")
        taken.add(_folded(path))
        paths[group] = path
    return paths


def _folded(path: str) -> str:
    return normalize("NFC", path).casefold()
