from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TopicOutput
from korpus.cli.progress import training_progress
from korpus.cli.topic_options import TopicMap


@command
def stm(
    source: TokenSource,
    out: TopicOutput,
    vocabulary: options.Vocabulary,
    formula: Annotated[
        str | None,
        typer.Option(
            "--formula",
            metavar="FORMULA",
            help="Columns that the shares depend on, as for topics effects: press + spline(date); "
            "without it, topics are only correlated.",
        ),
    ] = None,
    k: options.K = 20,
    iterations: options.Iterations = 200,
    plot: TopicMap = None,
    seed: options.Seed = 0,
) -> None:
    """Then: korpus topics effects stm.safetensors --formula "press + spline(date)"

    Example: korpus stm tokens.jsonl --formula "press + date" -m stm.safetensors
    """
    from korpus import files, models, views

    columns = models.formula_columns(formula)
    parts = source.term_counts(out.output, keep=[*out.columns(), *columns])
    with training_progress("iteration") as report:
        fitted = models.stm(
            parts,
            formula=formula,
            k=k,
            iterations=iterations,
            keep=out.columns(),
            seed=seed,
            report=report,
            **vocabulary.limits(),
        )
    if plot:
        files.write_chart(views.plot_topic_map(models.topic_map(fitted, top=out.top)), plot)
    out.write_model(fitted)
