from functools import partial
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput
from korpus.errors import UsageError
from korpus.messages import _


@command
def lexical(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    by: options.By = None,
    order: Annotated[options.Order, options.OnlyWith("by")] = None,
    window: Annotated[
        int,
        typer.Option("-w", "--window", metavar="N", help="Tokens of a window of MATTR."),
        options.NotWith(("dispersion",)),
    ] = 50,
    dispersion: Annotated[
        bool,
        typer.Option(
            "--dispersion",
            help="How evenly each term occurs in the documents, or in the groups of --by.",
        ),
    ] = False,
    min_count: Annotated[options.MinCount, options.OnlyWith("dispersion")] = 1,
    top: Annotated[options.Top, options.OnlyWith("dispersion")] = None,
    replicates: Annotated[
        int,
        typer.Option(
            "--replicates",
            metavar="N",
            help="Samples of documents for the 95 % intervals of the other measures: 200 (default: "
            "none).",
        ),
        options.NotWith(("dispersion",)),
    ] = 0,
    seed: Annotated[options.Seed, options.OnlyWith("replicates")] = 0,
    jobs: options.Jobs = 0,
) -> None:
    """--min-count and --top are for --dispersion. Intervals (_low, _high) are of 95 %.

    Example: korpus lexical tokens.jsonl --by category -f table
    """
    from korpus import tokens, views

    if plot and not by and not dispersion:
        raise UsageError(_("--plot draws groups or terms"), _("add --by COLUMN, or --dispersion"))
    tokens.check_lexical(window, min_count, top, replicates)
    stage = partial(tokens.place_terms, unit="sentence", by=by)
    table = tokens.lexical(
        source.parts(stage, out.output, jobs),
        by=by,
        window=window,
        dispersion=dispersion,
        min_count=min_count,
        top=top,
        order=options.split_list(order),
        replicates=replicates,
        seed=seed,
    )
    if plot:
        table = table.held()
        draw = views.plot_evenness if dispersion else views.plot_lexical
        plot.write(draw(table))
    out.write(table)
