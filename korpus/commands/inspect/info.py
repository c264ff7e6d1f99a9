from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import Source
from korpus.cli.outputs import TableOutput


@command
def info(
    source: Source,
    out: TableOutput,
    rows: Annotated[int, typer.Option("--rows", metavar="N", help="First rows to show.")] = 3,
    column: options.Column = None,
) -> None:
    """Example: korpus info tokens.jsonl"""
    from korpus import files

    out.write(files.info(source.path(), column=column, rows=rows, **source.arguments()))
