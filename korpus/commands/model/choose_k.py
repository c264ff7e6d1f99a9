from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.models import load_model
from korpus.cli.outputs import TableOutput
from korpus.cli.progress import training_progress
from korpus.cli.topic_options import numbers_of_topics


@command
def choose_k(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    vocabulary: options.Vocabulary,
    ks: Annotated[
        str,
        typer.Option(
            "--range", metavar="FROM:TO:STEP", help="Numbers of topics, or a list: 5,10,20."
        ),
    ] = "5:40:5",
    method: Annotated[
        str, typer.Option("--method", help="lda, nmf, plsa, stm, embed or dtm (with --date).")
    ] = "lda",
    vectors: Annotated[
        str,
        typer.Option("--vectors", metavar="MODEL", help="Model of word2vec, or kiwi."),
        options.Reads(),
        options.OnlyWith("method", ("embed",)),
    ] = "kiwi",
    date: Annotated[
        str | None,
        typer.Option("--date", metavar="COLUMN", help="Column with the dates, for dtm."),
    ] = None,
    every: Annotated[
        str, typer.Option("--every", metavar="UNIT", help="year, quarter, month, week or day.")
    ] = "month",
    runs: Annotated[
        int,
        typer.Option(
            "--runs", metavar="N", max=1000, help="Models per number, each with its own seed."
        ),
    ] = 3,
    iterations: Annotated[
        int | None,
        typer.Option(
            "--iterations",
            metavar="N",
            max=1_000_000,
            help="Iterations per model (default: 200, dtm 20).",
        ),
        options.OnlyWith("method", ("lda", "nmf", "plsa", "stm", "dtm")),
    ] = None,
    seed: options.Seed = 0,
    jobs: options.Threads = 1,
) -> None:
    """Example: korpus choose-k tokens.jsonl --range 5:40:5 --plot k.png"""
    from korpus import models, views

    numbers = numbers_of_topics(ks)
    with training_progress("model") as report:
        table = models.choose_k(
            source.records(out.output),
            numbers,
            method=method,
            date=date,
            every=every,
            vectors=models.word_vectors(load_model(vectors)) if method == "embed" else None,
            runs=runs,
            iterations=iterations,
            seed=seed,
            jobs=options.threads(jobs),
            report=report,
            **vocabulary.limits(),
        )
    if plot:
        plot.write(views.plot_k(table))
    out.write(table)
