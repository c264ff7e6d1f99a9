from functools import partial
from typing import Annotated

import typer

from korpus.cli import options, runner
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def trend(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    date: options.Date,
    every: options.Every = "month",
    term: options.Terms = None,
    concept: options.Concepts = None,
    unit: Annotated[
        str,
        typer.Option("--unit", help="Shares of all tokens, or of documents (that have the term)."),
    ] = "tokens",
    top: Annotated[
        int | None,
        typer.Option("--top", metavar="N", help="The N most frequent terms (default: 1000)."),
        options.NotWith(("term", "concept")),
    ] = None,
    min_count: Annotated[options.MinCount, options.NotWith(("term", "concept"))] = 5,
    series: Annotated[
        str | None,
        typer.Option("--series", metavar="FILE", help="Write the shares per period: x.csv …"),
        options.Writes("tables"),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """Hot terms come first, cold ones last.

    Example: korpus trend tokens.jsonl --date date --every month --plot trend.png
    """
    from korpus import files, tokens, views

    terms, concepts = options.split_list(term), options.split_list(concept)
    tokens.check_trend(every, unit, bool(terms), bool(concepts), min_count, top)
    by = f"{date}:{every}"
    stage = partial(tokens.count_concepts, concepts=concepts, by=by)
    counts = runner.add_up(stage, source.batches(out.output), tokens.TermCounts(), jobs=jobs)
    found = tokens.trend(
        counts,
        date=date,
        every=every,
        term=terms,
        concept=concepts,
        unit=unit,
        top=top,
        min_count=min_count,
    )
    if plot:
        plot.write(views.plot_trend(found))
    if series:
        files.write_table(found.series(), series, None, out.excel)
    out.write(found.table())
