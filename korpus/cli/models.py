"""Load models for commands."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from korpus.cli.progress import training_progress

if TYPE_CHECKING:
    from korpus.files import Model
    from korpus.models.lm import LanguageModel


def load_model(path: str) -> "Model":
    """The model of a file, or one that a library brings; shows progress as that is made."""
    from korpus import files

    with training_progress("landmark") as report:
        return files.load(path, report=report)


def load_for_workers(path: str) -> "Model":
    """The model of a file, before workers start, which then share it.

    A process with threads is not forked, and OpenBLAS starts some when numpy is imported. Spawned
    workers would import everything again, and get the model through a pipe.
    """
    from korpus import files

    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    return files.load(path)


def load_language_model(path: str) -> "LanguageModel":
    """The language model of a file, or that of Kiwi by its name."""
    from korpus import files
    from korpus.models import lm

    if path == lm.KIWI and not Path(path).exists():
        return lm.language_model(path)
    return lm.language_model(files.load(path))
