from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import RowSource
from korpus.cli.outputs import RecordOutput
from korpus.errors import UsageError
from korpus.messages import _

_MOST = 1000  # files


@command
def split(
    source: RowSource,
    out: RecordOutput,
    test: Annotated[
        str | None,
        typer.Option("--test", metavar="N|SHARE", help="For testing: 1000 documents, or 0.2."),
    ] = None,
    by: options.By = None,
    seed: options.Seed = 0,
) -> None:
    """With {group} in the name of the output: a file per part, all of them or none.

    Else one output with the column part. With --test, --by gives each value its share in both.

    Example: korpus split reviews.csv --test 0.2 -o 'reviews-{group}.csv'
    """
    from korpus import documents, files

    is_apart = files.GROUP in out.output
    if test is None and by is not None and not is_apart:
        raise UsageError(
            _("--by without --test writes a file per value"),
            _("put {group} in the name: -o 'part-{group}.jsonl'"),
        )
    number = None if test is None else options.number_or_share("--test", test)
    with files.Kept(source.records(out.output)) as kept:
        parts = documents.parts_of(kept, test=number, by=by, seed=seed)
        if not is_apart:
            out.write(parts.marked(kept))
            return
        if len(parts.names) > _MOST:
            raise UsageError(
                _("{number} files would be written, the most are {limit}").format(
                    number=f"{len(parts.names):,}", limit=f"{_MOST:,}"
                ),
                _("choose a column with fewer values"),
            )
        rows = parts.rows()
        paths = out.paths_of(rows, source.source)
        with files.together():
            for name, path in paths.items():
                files.write_records(kept.at(rows[name]), path, out.format, out.excel)
