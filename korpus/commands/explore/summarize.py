from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.models import load_model
from korpus.cli.outputs import TableOutput


@command
def summarize(
    source: TokenSource,
    out: TableOutput,
    method: Annotated[
        str,
        typer.Option(
            "--method",
            metavar="textrank|lexrank|centroid",
            help="By shared words; by similar TF-IDF; or by nearness to the mean of all sentences.",
        ),
    ] = "lexrank",
    by: options.By = None,
    count: Annotated[
        int | None,
        typer.Option("--count", metavar="N", help="Sentences to choose (default: 3)."),
    ] = None,
    ratio: Annotated[
        float | None,
        typer.Option("--ratio", metavar="SHARE", help="Instead: 0.2, a fifth of the sentences."),
    ] = None,
    redundancy: Annotated[
        float,
        typer.Option(
            "--redundancy",
            metavar="X",
            help="Leave out a sentence with a higher cosine to a chosen one (1: equal ones).",
        ),
    ] = 0.7,
    vectors: Annotated[
        str | None,
        typer.Option(
            "--vectors", metavar="MODEL", help="Model of word2vec, or kiwi, for --method centroid."
        ),
        options.Reads(),
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help="Give a row per chosen sentence, with its score.")
    ] = False,
) -> None:
    """Sentences are those of `morph --spans`; they stay in the order of the text.

    Example: korpus morph news.csv --pos term --spans | korpus summarize
    """
    from korpus import models

    models.check_summarize(method, count, ratio, redundancy, vectors is not None)
    out.write(
        models.summarize(
            source.records(out.output),
            method=method,
            by=by,
            count=count,
            ratio=ratio,
            redundancy=redundancy,
            vectors=load_model(vectors) if vectors else None,
            each=each,
        )
    )
