"""Load models for commands."""

from typing import TYPE_CHECKING

from korpus.cli.progress import training_progress

if TYPE_CHECKING:
    from korpus.files import Model


def load_model(path: str) -> "Model":
    """The model of a file, or one that a library brings; shows progress as that is made."""
    from korpus import files

    with training_progress("landmark") as report:
        return files.load(path, report=report)
