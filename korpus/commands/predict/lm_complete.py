from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.language_options import LanguageModel
from korpus.cli.models import load_language_model
from korpus.cli.outputs import TableOutput


@command
def lm_complete(
    text: Annotated[
        str,
        typer.Argument(metavar="TEXT", help="The beginning of a sentence.", show_default=False),
    ],
    out: TableOutput,
    model: LanguageModel = "kiwi",
    top: Annotated[int, typer.Option("--top", metavar="N", help="How many to show.")] = 10,
) -> None:
    """Example: korpus lm complete '나는 학교에'"""
    from korpus.models import lm

    out.write(lm.lm_complete(text, load_language_model(model), top=top))
