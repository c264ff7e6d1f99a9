from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import Annotated

import typer

from korpus.cli import options
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
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus lm score reviews.csv -o scores.csv"""
    from korpus.models import lm

    found = load_language_model(model)
    documents = source.of_tokens(found.needs_tokens)
    stage = partial(lm.sequence_parts, unit=found.unit, texts=True)
    table = lm.lm_score(documents.parts(stage, out.output, jobs), found, each=each)
    rows = iter(table.rows)
    first = list(islice(rows, 1))  # tokens of another analyzer are found before any output
    out.write(replace(table, make_rows=lambda: chain(first, rows)))
