from functools import partial
from typing import Annotated

import typer

from korpus.cli import options, runner
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def freq(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    top: options.Top = None,
    by: options.ByColumns = None,
    order: Annotated[options.Order, options.OnlyWith("by")] = None,
    term: options.Terms = None,
    min_count: options.MinCount = 1,
    wide: Annotated[
        str | None,
        typer.Option(
            "--wide",
            metavar="count|df|share|df_share",
            help="One column per group of --by, with this value.",
        ),
        options.NotWith(("plot", "bars")),
    ] = None,
    bars: options.Bars = False,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus morph reviews.csv --pos noun | korpus freq -o nouns.xlsx"""
    from korpus import tokens, views

    tokens.check_freq(top, min_count, wide, grouped=bool(by))
    stage = partial(tokens.count, by=by)
    counts = runner.add_up(stage, source.batches(out.output), tokens.TermCounts(), jobs=jobs)
    terms = options.split_list(term)
    groups = options.split_list(order)
    table = tokens.freq(
        counts, top=top, by=by, term=terms, min_count=min_count, wide=wide, order=groups
    )
    if plot:
        plot.write(views.plot_freq(table))
    out.write(table, bars=bars)
