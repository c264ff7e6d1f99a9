from functools import partial
from typing import Annotated

import typer

from korpus.cli import diffs, options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.kiwi_runs import run
from korpus.cli.outputs import RecordOutput


@command
def space(
    reading: DocumentReading,
    out: RecordOutput,
    guarding: options.Guarding,
    sources: Sources = None,
    reset: Annotated[
        bool,
        typer.Option("--reset", help="Ignore the spaces that are there: also remove wrong ones."),
    ] = False,
    diff: options.Diff = False,
) -> None:
    """Only spaces change; line ends stay. Spaces in dates (2024. 3. 4.), addresses and code may go.

    Example: korpus space reviews.csv | korpus morph --pos noun
    """
    from korpus import documents

    stage = partial(documents.space, reset=reset)
    if diff:
        diffs.write_of(stage, reading, given(sources), out.output)
        return
    run(
        stage,
        reading,
        out,
        given(sources),
        options={"command": "space", "reset": reset},
        log_counts=documents.log_spaced,
        **guarding.arguments(),
    )
