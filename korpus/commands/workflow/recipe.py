from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.outputs import TableOutput


@command
def recipe(
    out: TableOutput,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Recipe to print.", show_default=False),
    ] = None,
) -> None:
    """Example: korpus recipe topics"""
    from korpus import files
    from korpus.cli.recipes import recipe as stage

    found = stage(name)
    if isinstance(found, str):
        files.write_lines([found.encode()], out.output, "plain")
    else:
        out.write(found)
