from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.models import load_model
from korpus.cli.outputs import TableOutput


@command
def similar(
    model: options.VectorsArgument,
    out: TableOutput,
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
) -> None:
    """Example: korpus similar w2v.safetensors 왕 여자 --minus 남자"""
    from korpus import models

    out.write(
        models.similar(
            load_model(model),
            words or [],
            minus=options.split_list(minus),
            like=like,
            nearest=nearest,
            top=top,
        )
    )
