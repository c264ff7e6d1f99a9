from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.documents_again import DocumentsAgain
from korpus.cli.outputs import TableOutput


@command
def topics_effects(
    model: options.ModelArgument,
    reading: DocumentsAgain,
    out: TableOutput,
    plot: options.Plot,
    formula: Annotated[
        str,
        typer.Option(
            "--formula",
            metavar="FORMULA",
            help="Columns with + between them; a*b for an interaction, spline(date), "
            'factor(press, "reference"), `names with spaces`.',
        ),
    ],
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", help="Draws of the shares of each document.")
    ] = 25,
    seed: options.Seed = 0,
    tests: Annotated[
        str | None,
        typer.Option(
            "--tests", metavar="FILE", help="Write a test of each term of the formula: x.csv …"
        ),
        options.Writes("tables"),
    ] = None,
    expected: Annotated[
        str | None,
        typer.Option(
            "--expected",
            metavar="FILE",
            help="Write the expected shares per value of each column: x.csv …",
        ),
        options.Writes("tables"),
    ] = None,
) -> None:
    """Groups are compared with the first in order, or the reference given; dates count in years.

    Example: korpus topics effects lda.safetensors --formula "spline(date)"
    """
    from korpus import files, models, views

    found = models.topics_effects(
        files.load(model), reading.again(out.output), formula=formula, draws=draws, seed=seed
    )
    if plot:
        plot.write(views.plot_effects(found))
    for table, path in ((found.tests, tests), (found.expected, expected)):
        if path:
            files.write_table(table(), path, None, out.excel)
    out.write(found.table())
