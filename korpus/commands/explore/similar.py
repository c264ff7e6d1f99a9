from typing import Annotated

import typer

from korpus.checks import check_choice
from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.models import load_model
from korpus.cli.outputs import TableOutput
from korpus.errors import UsageError
from korpus.messages import _


@command
def similar(
    model: options.VectorsArgument,
    out: TableOutput,
    plot: options.Plot,
    words: Annotated[list[str] | None, typer.Argument(metavar="WORD", show_default=False)] = None,
    minus: Annotated[
        list[str] | None,
        typer.Option("--minus", metavar="WORD", help="Subtract: 왕 여자 --minus 남자. Repeatable."),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option("--like", metavar="ID", help="Find the documents like this one."),
    ] = None,
    nearest: Annotated[
        str, typer.Option("--nearest", help="terms, or documents (of a topic model).")
    ] = "terms",
    top: Annotated[int, typer.Option("--top", metavar="N", help="How many to show.")] = 10,
    chart: Annotated[
        str, typer.Option("--chart", help="For --plot: map, or heat (all similarities).")
    ] = "map",
    reduce: Annotated[str, typer.Option("--reduce", help="For the map: pca or umap.")] = "pca",
) -> None:
    """Example: korpus similar kiwi 왕 여자 --minus 남자 --plot map.png"""
    from korpus import models, views

    if plot and (like is not None or nearest != "terms"):
        raise UsageError(_("--plot draws terms, not documents"))
    check_choice("--chart", chart, models.CHARTS)
    fitted, taken = load_model(model), options.split_list(minus)
    found = models.similar(fitted, words or [], minus=taken, like=like, nearest=nearest, top=top)
    if plot:
        near = models.neighbourhood(fitted, [*(words or []), *taken], found, reduce=reduce)
        plot.write(views.plot_similar(near, chart))
    out.write(found)
