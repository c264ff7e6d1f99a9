"""Load models for commands."""

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


def load_language_model(path: str) -> "LanguageModel":
    """The language model of a file, or that of Kiwi by its name."""
    from korpus import files
    from korpus.models import lm

    if path == lm.KIWI and not Path(path).exists():
        return lm.language_model(path)
    return lm.language_model(files.load(path))
