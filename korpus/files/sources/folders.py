"""The files that a folder stands for."""

import logging
import os
from pathlib import Path

from korpus.files.sources.open import source_name
from korpus.messages import _

logger = logging.getLogger("korpus")


def files_in(folder: Path) -> list[Path]:
    """All files in a folder and its subfolders, sorted by path, without hidden ones.

    Folders that cannot be read are left out with a warning.
    """
    found = []
    for where, folders, names in os.walk(folder, onerror=_warn):
        folders[:] = [name for name in folders if not name.startswith(".")]
        try:
            paths = [Path(where, name) for name in names if not name.startswith(".")]
            found += [path for path in paths if path.is_file()]
        except OSError as error:  # a folder that can be listed, but no more
            _warn(OSError(error.errno, error.strerror, where))
    return sorted(found)


def hidden(path: Path, folder: Path) -> bool:
    """Whether the name of a path, or of a folder between it and `folder`, starts with a dot."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _warn(error: OSError) -> None:
    name = source_name(os.fsdecode(error.filename))
    logger.warning(_("%s: left out, it cannot be read (%s)"), name, error.strerror)
