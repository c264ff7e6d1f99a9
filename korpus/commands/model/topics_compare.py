from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.outputs import TableOutput


@command
def topics_compare(
    a: Annotated[
        str,
        typer.Argument(metavar="A", help="Model of topics.", show_default=False),
        options.Reads(),
    ],
    b: Annotated[
        str,
        typer.Argument(metavar="B", help="Model to compare it with.", show_default=False),
        options.Reads(),
    ],
    out: TableOutput,
    plot: options.Plot,
    measure: Annotated[
        str,
        typer.Option("--measure", help="cosine, or js (1 less the Jensen-Shannon distance)."),
    ] = "cosine",
    min_similarity: Annotated[
        float, typer.Option("--min-similarity", metavar="N", help="A pair below it is no match.")
    ] = 0,
    top: options.TopTerms = 10,
) -> None:
    """Topics are matched one to one, so that they are as alike as they can be in all.

    For a map of the topics of one model: korpus topics show MODEL --plot map.png

    Example: korpus topics compare lda10.safetensors lda12.safetensors
    """
    from korpus import files, models, views

    found = models.topics_compare(
        files.load(a), files.load(b), measure=measure, min_similarity=min_similarity, top=top
    )
    if plot:
        plot.write(views.plot_topic_matches(found))
    out.write(found.table())
