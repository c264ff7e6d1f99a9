"""The options of commands that use a pre-trained transformer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli.options import Guarding

if TYPE_CHECKING:
    from korpus.files import Pretrained

MODEL = "Model"  # a heading of help


@dataclass(frozen=True)
class ModelOptions:
    """Which transformer to use, and where."""

    model: Annotated[
        str,
        typer.Option(
            "-m",
            "--model",
            metavar="FOLDER|NAME",
            help="Folder of a transformer with model.safetensors, or its name on the Hugging Face "
            "hub: owner/name.",
            rich_help_panel=MODEL,
            show_default=False,
        ),
    ]
    revision: Annotated[
        str | None,
        typer.Option(
            "--revision",
            metavar="COMMIT",
            help="Of a model of the hub: the commit to use.",
            rich_help_panel=MODEL,
        ),
    ] = None
    download: Annotated[
        bool,
        typer.Option(
            "--download",
            help="Get a model of the hub that is not on this machine; nothing is downloaded "
            "otherwise.",
            rich_help_panel=MODEL,
        ),
    ] = False
    device: Annotated[
        str,
        typer.Option(
            "--device",
            metavar="cpu|auto|cuda|mps",
            help="Where to compute; auto takes a graphics card if there is one.",
            rich_help_panel=MODEL,
        ),
    ] = "cpu"

    def found(self) -> "Pretrained":
        """The model that is named, of any kind, to train it further."""
        from korpus import files
        from korpus.checks import check_choice
        from korpus.models import tf

        check_choice("--device", self.device, tf.DEVICES)
        return files.find_pretrained(self.model, revision=self.revision, download=self.download)

    def opened(self, task: str) -> "Pretrained":
        """The model that is named, of the kind that a task needs; see `models.tf.opened`."""
        from korpus.models import tf

        return tf.opened(
            self.model,
            revision=self.revision,
            download=self.download,
            device=self.device,
            task=task,
        )


@dataclass(frozen=True)
class TransformerOptions(ModelOptions):
    """The same for many texts."""

    batch_size: Annotated[
        int,
        typer.Option(
            "--batch-size",
            metavar="N",
            help="Texts at a time; fewer take less memory.",
            rich_help_panel=MODEL,
        ),
    ] = 16

    def arguments(self, task: str) -> dict[str, Any]:
        """These options as keyword arguments of stages."""
        return {
            "model": self.opened(task),
            "device": self.device,
            "batch_size": self.batch_size,
        }


@dataclass(frozen=True)
class TransformerGuarding(Guarding):
    """Limits and resuming; a batch is computed as a whole, so that no limit is usual."""

    timeout: Annotated[
        float,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="Set aside a document that takes more processor time (0: no limit).",
        ),
    ] = 0
