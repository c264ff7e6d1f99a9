from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.documents_again import DocumentsAgain
from korpus.cli.outputs import TableOutput


@command
def topics_trend(
    model: options.ModelArgument,
    reading: DocumentsAgain,
    out: TableOutput,
    plot: options.Plot,
    date: options.Date,
    every: options.Every = "month",
    by: options.By = None,
    series: Annotated[
        str | None,
        typer.Option("--series", metavar="FILE", help="Write the shares per period: x.csv …"),
        options.Writes("tables"),
    ] = None,
    wide: Annotated[
        bool,
        typer.Option("--wide", help="In --series, one row per period, and a column per topic."),
        options.OnlyWith("series"),
    ] = False,
) -> None:
    """Hot topics come first, cold ones last.

    Example: korpus topics trend lda.safetensors --date date --every month
    """
    from korpus import files, models, views

    found = models.topics_trend(
        files.load(model), reading.again(out.output), date=date, every=every, by=by
    )
    if plot:
        plot.write(views.plot_topic_trend(found))
    if series:
        files.write_table(found.series(wide=wide), series, None, out.excel)
    out.write(found.table())
