from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.models import load_model
from korpus.cli.outputs import TableOutput


@command
def keywords(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    method: Annotated[
        str,
        typer.Option(
            "--method",
            metavar="textrank|yake|tfidf|vectors",
            help="By neighbours; by position, spread and frequency (lower is better); by TF-IDF; "
            "or by nearness to the whole document.",
        ),
    ] = "textrank",
    by: options.By = None,
    top: Annotated[
        int, typer.Option("--top", metavar="N", help="Keywords per document or group.")
    ] = 10,
    phrases: Annotated[
        int,
        typer.Option(
            "--phrases",
            metavar="N",
            help="Join keywords that stand side by side, up to N words.",
        ),
    ] = 1,
    window: Annotated[
        int,
        typer.Option(
            "-w",
            "--window",
            metavar="N",
            help="textrank: words are neighbours if they are less than N tokens apart.",
        ),
        options.OnlyWith("method", ("textrank",)),
    ] = 5,
    vectors: Annotated[
        str | None,
        typer.Option(
            "--vectors", metavar="MODEL", help="Model of word2vec, or kiwi, for --method vectors."
        ),
        options.Reads(),
    ] = None,
) -> None:
    """Nouns give the best keywords; tokens of `morph --spans` keep their places and sentences.

    Example: korpus morph news.csv --pos term --spans | korpus keywords
    """
    from korpus import models, views

    models.check_keywords(method, top, phrases, window, vectors is not None)
    table = models.keywords(
        source.records(out.output),
        method=method,
        by=by,
        top=top,
        phrases=phrases,
        window=window,
        vectors=load_model(vectors) if vectors else None,
    )
    if plot:
        table = table.held()
        plot.write(views.plot_keywords(table, is_low_better=method == "yake"))
    out.write(table)
