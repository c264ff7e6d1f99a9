from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TopicOutput
from korpus.cli.progress import training_progress


@command
def dtm(
    source: TokenSource,
    out: TopicOutput,
    plot: options.Plot,
    vocabulary: options.Vocabulary,
    date: Annotated[str, typer.Option("--date", metavar="COLUMN", help="Column with the dates.")],
    every: Annotated[
        str, typer.Option("--every", metavar="UNIT", help="year, quarter, month, week or day.")
    ] = "month",
    k: options.K = 20,
    variance: Annotated[
        float,
        typer.Option(
            "--variance",
            metavar="X",
            help="How fast words may change from one period to the next (larger: faster).",
        ),
    ] = 0.05,
    iterations: Annotated[
        int, typer.Option("--iterations", metavar="N", max=100_000, help="Iterations of the fit.")
    ] = 20,
    periods: Annotated[
        str | None,
        typer.Option(
            "--periods",
            metavar="FILE",
            help="Write share and coherence of the topics per period: x.csv …",
        ),
        options.Writes("tables"),
    ] = None,
    seed: options.Seed = 0,
) -> None:
    """Example: korpus dtm tokens.jsonl --date date -k 10 -m dtm.safetensors"""
    from korpus import files, models, views

    models.check_dtm(every, variance, iterations)
    columns = models.columns_of([f"{date}:{every}"])
    parts = source.term_counts(out.output, keep=[*out.columns(), *columns])
    with training_progress("iteration") as report:
        fitted = models.dtm(
            parts,
            date=date,
            every=every,
            k=k,
            variance=variance,
            iterations=iterations,
            keep=out.columns(),
            seed=seed,
            report=report,
            **vocabulary.limits(),
        )
    if periods:
        files.write_table(fitted.by_period(), periods, None, out.excel)
    if plot:
        plot.write(views.plot_dtm(fitted))
    out.write_model(fitted, fitted.evolution(top=out.top))
