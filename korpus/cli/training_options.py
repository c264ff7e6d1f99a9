"""The options of commands that train a transformer: how, and the folder that they write."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from korpus.cli.options import OUTPUT, STDOUT, OnlyWith, Reads, Seed, Writes
from korpus.cli.outputs import Excel, Force, NoClobber

if TYPE_CHECKING:
    from korpus.models.tuning import Tuned

TRAINING = "Training"  # a heading of help


@dataclass(frozen=True)
class FolderOutput:
    """The folder of a model, and the table of its quality."""

    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FOLDER",
            help="Folder of the new model; an earlier one of korpus is replaced.",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
        Writes("folder"),
    ]
    table: Annotated[
        str,
        typer.Option(
            "--table",
            metavar="FILE",
            help="Write the table: x.csv, x.xlsx … (default: standard output).",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
        Writes("tables"),
    ] = STDOUT
    curve: Annotated[
        str | None,
        typer.Option(
            "--curve",
            metavar="FILE",
            help="Write the learning curve: x.csv …",
            rich_help_panel=OUTPUT,
        ),
        Writes("tables"),
    ] = None
    excel: Excel = False
    no_clobber: NoClobber = False
    force: Force = False

    def write(self, tuned: "Tuned") -> None:
        """Save the model, and write the tables."""
        from korpus import files

        tuned.save(self.output)
        if self.curve:
            files.write_table(tuned.curve, self.curve, None, self.excel)
        files.write_table(tuned.table, self.table, None, self.excel)

    def check(self, *models: str | None) -> None:
        """Raises UsageError if a model that is read would be replaced."""
        from korpus import files

        files.check_folder(self.output, [name for name in models if name])


Feedback = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="File of prompts and responses: x.jsonl, also .gz or .zst; - is standard input.",
        show_default=False,
    ),
    Reads(),
]
BatchSize = Annotated[
    int,
    typer.Option(
        "--batch-size",
        metavar="N",
        help="Texts per step; fewer take less memory.",
        rich_help_panel=TRAINING,
    ),
]
LearningRate = Annotated[
    float | None,
    typer.Option(
        "--learning-rate",
        metavar="RATE",
        help="Length of the steps (default: by the size of the model).",
        rich_help_panel=TRAINING,
    ),
]
MaxLength = Annotated[
    int | None,
    typer.Option(
        "--max-length",
        metavar="N",
        help="Pieces of a text at most (default: what the model takes).",
        rich_help_panel=TRAINING,
    ),
]
HeldOut = Annotated[
    float,
    typer.Option(
        "--held-out",
        metavar="SHARE",
        help="Documents to stop the training by, and as many to measure the model on.",
        rich_help_panel=TRAINING,
    ),
]
Patience = Annotated[
    int,
    typer.Option(
        "--patience",
        metavar="N",
        help="Epochs without a better model until the training ends (0: never).",
        rich_help_panel=TRAINING,
    ),
]
Epochs = Annotated[
    int,
    typer.Option(
        "--epochs",
        metavar="N",
        max=100_000,
        help="Passes over the documents at most.",
        rich_help_panel=TRAINING,
    ),
]
Lora = Annotated[
    bool,
    typer.Option(
        "--lora",
        help="Train an adapter of few weights (LoRA), and save it alone.",
        rich_help_panel=TRAINING,
    ),
]
Merge = Annotated[
    bool,
    typer.Option(
        "--merge", help="Save the model with the adapter in it.", rich_help_panel=TRAINING
    ),
]
Device = Annotated[
    str,
    typer.Option(
        "--device",
        metavar="cpu|auto|cuda|mps",
        help="Where to compute; auto takes a graphics card if there is one.",
        rich_help_panel=TRAINING,
    ),
]


@dataclass(frozen=True)
class TrainingOptions:
    """How a pre-trained model is trained further."""

    lora: Lora = False
    merge: Annotated[Merge, OnlyWith("lora")] = False
    epochs: Epochs = 5
    batch_size: BatchSize = 16
    learning_rate: LearningRate = None
    max_length: MaxLength = None
    seed: Seed = 0

    def arguments(self) -> dict[str, Any]:
        """These options as keyword arguments of stages."""
        return asdict(self)


@dataclass(frozen=True)
class AlignOptions(TrainingOptions):
    """The same for a model that follows feedback, and how it does."""

    epochs: Epochs = 1
    batch_size: BatchSize = 8
    beta: Annotated[
        float,
        typer.Option(
            "--beta",
            metavar="B",
            help="Of dpo and rloo: the weight of staying near the model before (KL).",
            rich_help_panel=TRAINING,
        ),
    ] = 0.1
    generations: Annotated[
        int,
        typer.Option(
            "--generations",
            metavar="N",
            help="Of rloo: responses per prompt.",
            rich_help_panel=TRAINING,
        ),
    ] = 4
    max_new_tokens: Annotated[
        int,
        typer.Option(
            "--max-new-tokens",
            metavar="N",
            help="Of rloo: pieces of a response at most.",
            rich_help_panel=TRAINING,
        ),
    ] = 32
    chat: Annotated[
        bool,
        typer.Option(
            "--chat",
            help="Put prompts into the model's chat template.",
            rich_help_panel=TRAINING,
        ),
    ] = False
