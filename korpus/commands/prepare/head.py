from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.inputs import RowSource
from korpus.cli.outputs import RecordOutput

_BATCH = 1 << 10  # characters, so that little more is read


@command
def head(
    source: RowSource,
    out: RecordOutput,
    rows: Annotated[
        int, typer.Option("-n", "--rows", metavar="N", min=0, help="How many to take.")
    ] = 10,
) -> None:
    """Reads no further than it needs. What it writes is complete for the next command of a chain.

    Example: korpus head -n 100 reviews.csv | korpus morph
    """
    from korpus import documents

    out.write(documents.head(source.records(out.output, _BATCH), rows=rows))
