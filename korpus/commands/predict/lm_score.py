from dataclasses import replace
from itertools import chain, islice
from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.language_options import LanguageModel, LanguageSource
from korpus.cli.models import load_language_model
from korpus.cli.outputs import TableOutput


@command
def lm_score(
    source: LanguageSource,
    out: TableOutput,
    model: LanguageModel = "kiwi",
    each: Annotated[
        str,
        typer.Option(
            "--each", help="A row per document, or sentence: of morph --spans, else per line."
        ),
    ] = "document",
) -> None:
    """Example: korpus lm score reviews.csv -o scores.csv"""
    from korpus.models import lm

    found = load_language_model(model)
    records = source.of_tokens(found.needs_tokens).records(
        out.output, needs_tokens=found.needs_tokens
    )
    table = lm.lm_score(records, found, each=each)
    rows = iter(table.rows)
    first = list(islice(rows, 1))  # errors of the input come before any output
    out.write(replace(table, make_rows=lambda: chain(first, rows)))
