from functools import partial
from typing import Annotated

import typer

from korpus.cli import options, runner
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def correspondence(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    by: options.Grouping,
    order: options.Order = None,
    term: options.Terms = None,
    concept: Annotated[options.Concepts, options.NotWith(("term",))] = None,
    top: Annotated[
        int | None,
        typer.Option("--top", metavar="N", help="The N most frequent terms (default: 50)."),
        options.NotWith(("term", "concept")),
    ] = None,
    min_count: Annotated[options.MinCount, options.NotWith(("term", "concept"))] = 5,
    dimensions: Annotated[
        int, typer.Option("--dimensions", metavar="N", help="Dimensions to give.")
    ] = 2,
    inertia: Annotated[
        str | None,
        typer.Option("--inertia", metavar="FILE", help="Write what each dimension explains."),
        options.Writes("tables"),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus correspondence tokens.jsonl --by rating --plot map.png"""
    from korpus import files, tokens, views

    terms, concepts = options.split_list(term), options.split_list(concept)
    tokens.check_correspondence(top, min_count, dimensions)
    stage = partial(tokens.count_concepts, concepts=concepts, by=by)
    counts = runner.add_up(stage, source.batches(out.output), tokens.TermCounts(), jobs=jobs)
    found = tokens.correspondence(
        counts,
        by=by,
        term=terms,
        concept=concepts,
        top=top,
        min_count=min_count,
        dimensions=dimensions,
        order=options.split_list(order),
    )
    if plot:
        plot.write(views.plot_correspondence(found))
    if inertia:
        files.write_table(found.inertia(), inertia, None, out.excel)
    out.write(found.points())
