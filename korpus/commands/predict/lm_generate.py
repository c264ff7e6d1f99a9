from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.language_options import LanguageModel
from korpus.cli.models import load_language_model
from korpus.cli.outputs import RecordOutput


@command
def lm_generate(
    out: RecordOutput,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="How the sentences begin.", show_default=False)
    ] = "",
    model: LanguageModel = "kiwi",
    count: Annotated[
        int, typer.Option("-n", "--count", metavar="N", help="Sentences to make.")
    ] = 1,
    max_length: Annotated[
        int, typer.Option("--max-length", metavar="N", help="Units of a sentence, after TEXT.")
    ] = 50,
    temperature: Annotated[
        float,
        typer.Option(
            "--temperature", metavar="T", help="Below 1: likelier sentences; above 1: stranger."
        ),
    ] = 1.0,
    top_k: Annotated[
        int,
        typer.Option("--top-k", metavar="K", help="Draw from the K likeliest units (0: all)."),
    ] = 50,
    seed: options.Seed = 0,
) -> None:
    """Example: korpus lm generate '영화가' -n 5 --temperature 0.8"""
    from korpus.models import lm

    out.write(
        lm.lm_generate(
            text,
            load_language_model(model),
            count=count,
            max_length=max_length,
            temperature=temperature,
            top_k=top_k,
            seed=seed,
        )
    )
