from typing import Annotated

import typer

from korpus.cli import options, training_options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.progress import training_progress
from korpus.cli.training_options import FolderOutput, TrainingOptions
from korpus.cli.transformer_options import ModelOptions


@command
def tf_finetune(
    model: ModelOptions,
    reading: DocumentReading,
    out: FolderOutput,
    plot: options.Plot,
    how: TrainingOptions,
    sources: Sources = None,
    task: Annotated[
        str,
        typer.Option(
            "--task",
            metavar="classify|tag|mlm|clm",
            help="A class per text, a label per token; or go on as a masked or causal language "
            "model.",
        ),
    ] = "classify",
    label: Annotated[
        str | None,
        typer.Option(
            "--label",
            metavar="COLUMN",
            help="Column of the classes (default: label); of --task tag lists (default: tags).",
        ),
    ] = None,
    test: Annotated[
        str | None,
        typer.Option(
            "--test",
            metavar="FILE",
            help="Measure the model on these documents, instead of held-out ones.",
        ),
        options.Reads(),
    ] = None,
    held_out: training_options.HeldOut = 0.1,
    patience: training_options.Patience = 2,
) -> None:
    """The table measures the model on documents that it was not trained on.

    Example: korpus tf finetune reviews.csv -m model --label label -o mine
    """
    from korpus import views
    from korpus.models import tuning

    plan = (how.epochs, how.batch_size, how.learning_rate, patience, held_out, how.max_length)
    tuning.check_finetune(task, *plan)
    out.check(model.model)
    found = model.found()
    documents = reading.documents(given(sources), out.output)
    other = reading.documents([test], out.output) if test else None
    with training_progress("step") as report:
        tuned = tuning.tf_finetune(
            documents,
            found,
            task=task,
            label=label,
            test=other,
            held_out=held_out,
            patience=patience,
            device=model.device,
            report=report,
            **how.arguments(),
        )
    if plot:
        plot.write(views.plot_training(tuned.curve, tuned.outcome))
    out.write(tuned)
