from typing import Annotated

import typer

from korpus.cli import options, training_options
from korpus.cli.command import command
from korpus.cli.inputs import Decoding, row_records
from korpus.cli.progress import training_progress
from korpus.cli.training_options import AlignOptions, FolderOutput
from korpus.cli.transformer_options import ModelOptions


@command
def tf_align(
    model: ModelOptions,
    reading: Decoding,
    out: FolderOutput,
    plot: options.Plot,
    how: AlignOptions,
    source: training_options.Feedback = options.STDIN,
    step: Annotated[
        str,
        typer.Option(
            "--step",
            metavar="sft|reward|dpo|rloo",
            help="Responses; a reward model; comparisons; writing for a reward model.",
        ),
    ] = "sft",
    reward_model: Annotated[
        str | None,
        typer.Option(
            "--reward-model", metavar="FOLDER", help="Of --step rloo: made by --step reward."
        ),
    ] = None,
    lora: training_options.Lora = False,
    merge: Annotated[training_options.Merge, options.OnlyWith("lora")] = False,
    epochs: training_options.Epochs = 1,
    batch_size: training_options.BatchSize = 8,
    learning_rate: training_options.LearningRate = None,
    max_length: training_options.MaxLength = None,
    seed: options.Seed = 0,
) -> None:
    """SOURCE: JSON lines with prompt, and response (sft) or chosen and rejected (reward, dpo).

    Example: korpus tf align pairs.jsonl --step dpo -m mine -o aligned
    """
    from korpus import views
    from korpus.cli.inputs import check_terminal
    from korpus.models import tuning

    check_terminal(source)
    tuning.check_align(
        step,
        epochs,
        batch_size,
        learning_rate,
        max_length=max_length,
        reward_model=reward_model,
        **how.arguments(),
    )
    out.check(model.model, reward_model)
    found = model.found()
    with training_progress("step") as report:
        tuned = tuning.tf_align(
            row_records(reading, source, out.output),
            found,
            step=step,
            reward_model=reward_model,
            lora=lora,
            merge=merge,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            max_length=max_length,
            device=model.device,
            seed=seed,
            report=report,
            chat=how.chat,
            **how.arguments(),
        )
    if plot:
        plot.write(views.plot_alignment(tuned.curve))
    out.write(tuned)
