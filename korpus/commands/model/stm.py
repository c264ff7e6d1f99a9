from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TopicOutput
from korpus.cli.progress import training_progress


@command
def stm(
    source: TokenSource,
    out: TopicOutput,
    plot: options.Plot,
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
    seed: options.Seed = 0,
) -> None:
    """Then: korpus topics effects stm.safetensors --formula "press + spline(date)"

    Example: korpus stm tokens.jsonl --formula "press + date" -m stm.safetensors
    """
    from korpus import models, views

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
        plot.write(views.plot_topic_words(fitted.topic_terms(top=out.top)))
    out.write_model(fitted)
