"""The options of commands that train a transformer: how, and the folder that they write."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from korpus.cli.options import OUTPUT, STDOUT, Writes
from korpus.cli.outputs import Excel, Force, NoClobber

if TYPE_CHECKING:
    from korpus.models.tuning import Tuned
    from korpus.records import Table

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

    def write(self, tuned: "Tuned", table: "Table | None" = None) -> None:
        """Save the model, and write the tables. `table`: instead of that of the quality."""
        from korpus import files

        tuned.save(self.output)
        if self.curve:
            files.write_table(tuned.curve, self.curve, None, self.excel)
        files.write_table(tuned.table if table is None else table, self.table, None, self.excel)

    def check(self, model: str) -> None:
        """Raises UsageError if the model that is read would be replaced."""
        from korpus import files

        files.check_folder(self.output, [model])


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
