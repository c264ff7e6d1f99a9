from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import RowSource
from korpus.cli.outputs import RecordOutput


@command
def sample(
    size: Annotated[
        str,
        typer.Argument(
            metavar="N|SHARE", help="1000 documents, or 0.1 of them.", show_default=False
        ),
    ],
    source: RowSource,
    out: RecordOutput,
    by: options.By = None,
    seed: options.Seed = 0,
) -> None:
    """Documents stay in their order. With --by: N of each value, or the share of each (층화 표본).

    Example: korpus sample 1000 reviews.csv --by rating -o sample.csv
    """
    from korpus import documents, files

    number = options.number_or_share("SIZE", size)
    records = source.records(out.output)
    if isinstance(number, int):
        out.write(documents.sample(records, number, by=by, seed=seed))
        return
    with files.Kept(records) as kept:
        out.write(documents.sample(kept, number, by=by, seed=seed))
