from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.outputs import TableOutput


@command
def topics_show(
    model: options.ModelArgument,
    out: TableOutput,
    plot: options.Plot,
    top: options.TopTerms = 10,
    relevance: Annotated[
        float | None,
        typer.Option(
            "--relevance",
            metavar="LAMBDA",
            help="Rank terms by weight (1) or by how specific they are to a topic (towards 0); 0.6 "
            "is usual.",
        ),
    ] = None,
    examples: Annotated[
        int,
        typer.Option("--examples", metavar="N", help="Most typical documents per topic."),
        options.NotWith(("terms",)),
    ] = 3,
    terms: Annotated[
        bool, typer.Option("--terms", help="Print one row per term, as korpus lda does.")
    ] = False,
) -> None:
    """--plot draws a map of the topics, with --terms their terms.

    Example: korpus topics show lda.safetensors --relevance 0.6 -f table"""
    from korpus import files, models, views

    fitted = files.load(model)
    if plot and not terms:
        plot.write(views.plot_topic_map(models.topic_map(fitted, top=top)))
    if terms:
        found = fitted.topic_terms(top=top, relevance=relevance)
        if plot:
            plot.write(views.plot_topic_words(found))
        out.write(found)
    else:
        out.write(fitted.topics(top=top, relevance=relevance, examples=examples))
