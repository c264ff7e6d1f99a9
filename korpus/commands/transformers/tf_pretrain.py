from typing import Annotated

import typer

from korpus.cli import options, training_options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.progress import training_progress
from korpus.cli.training_options import FolderOutput


@command
def tf_pretrain(
    reading: DocumentReading,
    out: FolderOutput,
    plot: options.Plot,
    sources: Sources = None,
    objective: Annotated[
        str,
        typer.Option(
            "--objective",
            metavar="mlm|clm",
            help="A masked language model (BERT), or a causal one (GPT-2).",
        ),
    ] = "mlm",
    preset: Annotated[
        str, typer.Option("--preset", metavar="tiny|small", help="Size of the model.")
    ] = "tiny",
    tokenizer: Annotated[
        str | None,
        typer.Option(
            "--tokenizer",
            metavar="FILE",
            help="Tokenizer of korpus subword train: tokenizer.json (default: one is learned).",
        ),
        options.Reads(),
    ] = None,
    vocab_size: Annotated[
        int,
        typer.Option("--vocab-size", metavar="N", help="Pieces of the tokenizer that is learned."),
        options.NotWith(("tokenizer",)),
    ] = 8000,
    epochs: training_options.Epochs = 10,
    batch_size: training_options.BatchSize = 32,
    learning_rate: training_options.LearningRate = None,
    held_out: training_options.HeldOut = 0.05,
    patience: training_options.Patience = 2,
    max_length: training_options.MaxLength = None,
    device: training_options.Device = "cpu",
    seed: options.Seed = 0,
) -> None:
    """The table measures the model on texts that it was not trained on.

    Example: korpus tf pretrain reviews.csv --tokenizer tokenizer.json -o mine
    """
    from korpus import files, views
    from korpus.analyzers import Subwords
    from korpus.checks import check_choice
    from korpus.models import tf, tuning

    how = (epochs, batch_size, learning_rate, patience, held_out, max_length)
    tuning.check_pretrain(objective, preset, *how)
    check_choice("--device", device, tf.DEVICES)
    with training_progress("step") as report:
        tuned = tuning.tf_pretrain(
            reading.documents(given(sources), out.output),
            objective=objective,
            preset=preset,
            tokenizer=Subwords(files.read_text(tokenizer)) if tokenizer else None,
            vocab_size=vocab_size,
            held_out=held_out,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            patience=patience,
            max_length=max_length,
            device=device,
            seed=seed,
            report=report,
        )
    if plot:
        plot.write(views.plot_training(tuned.curve))
    out.write(tuned)
