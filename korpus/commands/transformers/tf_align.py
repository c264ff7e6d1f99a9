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
        how.epochs,
        how.batch_size,
        how.learning_rate,
        how.beta,
        how.generations,
        how.max_new_tokens,
        how.max_length,
        reward_model,
    )
    out.check(model.model, reward_model)
    found = model.found()
    with training_progress("step") as report:
        tuned = tuning.tf_align(
            row_records(reading, source, out.output),
            found,
            step=step,
            reward_model=reward_model,
            device=model.device,
            report=report,
            **how.arguments(),
        )
    if plot:
        plot.write(views.plot_alignment(tuned.curve))
    out.write(tuned)
