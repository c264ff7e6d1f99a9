"""Files that korpus makes once and keeps in the user's cache folder."""

import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

_CACHE = "KORPUS_CACHE"  # this variable names another folder


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """The file of this name in the cache folder; made by `make` if it is not there.

    A file appears whole, also where two processes make it at once. Where nothing can be kept, it
    is made in a folder of this process.
    """
    path = _folder() / name
    try:
        if path.exists():
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as own:
            unfinished = Path(own) / name
            make(unfinished)
            unfinished.replace(path)
    except OSError:
        path = Path(_own_folder().name) / name
        if not path.exists():
            make(path)
    return path


def _folder() -> Path:
    """Where the user's programs keep what they can make again."""
    if named := os.environ.get(_CACHE):
        return Path(named)
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "korpus"
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return Path(home) / "korpus"


@cache
def _own_folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder of this process, where nothing can be kept: it goes when the process ends."""
    return tempfile.TemporaryDirectory(prefix="korpus-")
