from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from korpus.cli import options, runner
from korpus.cli.command import command
from korpus.cli.inputs import RowSource
from korpus.cli.outputs import TableOutput

if TYPE_CHECKING:
    from korpus.tokens.crosstab import Cell


@command
def crosstab(
    concept: Annotated[
        str,
        typer.Argument(
            metavar="CONCEPT,…",
            help="Columns of concepts, as code makes, or any other.",
            show_default=False,
        ),
    ],
    source: RowSource,
    out: TableOutput,
    plot: options.Plot,
    by: options.Grouping,
    order: options.Order = None,
    tests: Annotated[
        str | None,
        typer.Option("--tests", metavar="FILE", help="Write the test of each concept: x.csv …"),
        options.Writes("tables"),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus crosstab 가격,배송 coded.jsonl --by rating"""
    from korpus import files, views
    from korpus.tokens import crosstab as stages

    names = stages.concept_names(concept)
    stage = partial(stages.count_cells, concepts=names, by=by)
    counts: Counter[Cell] = Counter()
    runner.add_up(stage, source.batches(out.output), counts, jobs=jobs)
    found = stages.crosstab(counts, names, by=by, order=options.split_list(order))
    if plot:
        plot.write(views.plot_crosstab(found))
    if tests:
        files.write_table(found.tests(), tests, None, out.excel)
    out.write(found.table())
