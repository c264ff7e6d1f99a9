from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.outputs import TableOutput


@command
def new(
    folder: Annotated[
        str, typer.Argument(metavar="DIR", help="Folder to make.", show_default=False)
    ],
    out: TableOutput,
    purpose: Annotated[
        str,
        typer.Option(
            "--for", metavar="PURPOSE", help="topics, sentiment or network.", show_default=False
        ),
    ],
) -> None:
    """Put your data into the folder, and call korpus run there; its README says what comes out.

    Example: korpus new my-study --for topics
    """
    from korpus.cli.new_study import new as stage

    out.write(stage(folder, purpose=purpose))
