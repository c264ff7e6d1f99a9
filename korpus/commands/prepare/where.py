from functools import partial
from itertools import chain
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import RowSource
from korpus.cli.outputs import RecordOutput


@command
def where(
    condition: Annotated[
        str,
        typer.Argument(
            metavar="CONDITION",
            help="Tests joined by and, or, not and ( ): COLUMN OPERATOR VALUE.",
            show_default=False,
        ),
    ],
    source: RowSource,
    out: RecordOutput,
    jobs: options.Jobs = 0,
) -> None:
    """Operators: = != < <= > >=, ~ and !~ (contains 배송 or matches /배[송달]/), in (a, b), not in.

    Numbers compare as numbers; dates as dates, as far as given: 2019-05-03 < 2020; else as text.
    In quotes: 'values with spaces' and `such columns`. Only = '' finds what has no value.

    Example: korpus where 'rating >= 8 and text ~ 배송' reviews.csv -o good.csv
    """
    from korpus import documents, files

    stage = partial(documents.where, condition=condition)
    stage(())  # raises the errors of the condition
    batches = source.batches(out.output)
    first = next(batches, None)
    if first is not None and (record := next(files.documents(first, []), None)):
        documents.log_unknown(condition, record)
    out.run(
        stage,
        chain([first], batches),
        jobs=jobs,
        log_counts=partial(documents.log_kept, condition),
        check_counts=partial(documents.check_columns, condition),
    )
