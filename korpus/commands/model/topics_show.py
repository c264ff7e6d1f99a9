from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.outputs import TableOutput
from korpus.cli.topic_options import TopicMap


@command
def topics_show(
    model: options.ModelArgument,
    out: TableOutput,
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
    plot: TopicMap = None,
) -> None:
    """Example: korpus topics show lda.safetensors --relevance 0.6 -f table"""
    from korpus import files, models, views

    fitted = files.load(model)
    if plot:
        files.write_chart(views.plot_topic_map(models.topic_map(fitted, top=top)), plot)
    if terms:
        out.write(fitted.topic_terms(top=top, relevance=relevance))
    else:
        out.write(fitted.topics(top=top, relevance=relevance, examples=examples))
