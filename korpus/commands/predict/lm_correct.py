from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.language_options import LanguageModel
from korpus.cli.models import load_language_model
from korpus.cli.outputs import TableOutput


@command
def lm_correct(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A sentence.", show_default=False)],
    out: TableOutput,
    model: LanguageModel = "kiwi",
    distance: Annotated[
        int,
        typer.Option(
            "--distance", metavar="N", help="Letters (jamo) that change, are added or left out."
        ),
    ] = 1,
    top: Annotated[int, typer.Option("--top", metavar="N", help="How many to show.")] = 10,
) -> None:
    """Example: korpus lm correct '부리나케 잘려갔다'"""
    from korpus.models import lm

    out.write(lm.lm_correct(text, load_language_model(model), distance=distance, top=top))
