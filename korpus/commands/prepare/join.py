from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.inputs import Decoding, given, row_records
from korpus.cli.options import Reads
from korpus.cli.outputs import RecordOutput
from korpus.errors import UsageError
from korpus.messages import _


@command
def join(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="[SOURCE] TABLE",
            help="The documents (default: standard input), and the table with the columns to add, "
            "each in any format that can be read.",
            show_default=False,
        ),
        Reads(),
    ],
    reading: Decoding,
    out: RecordOutput,
    on: Annotated[
        str, typer.Option("--on", metavar="COLUMN", help="Column that both have.")
    ] = "id",
    right_on: Annotated[
        str | None,
        typer.Option(
            "--right-on", metavar="COLUMN", help="Its name in the table, if that is another."
        ),
    ] = None,
    how: Annotated[
        str,
        typer.Option(
            "--how",
            metavar="left|inner",
            help="Keep documents without a row in the table, or leave them out.",
        ),
    ] = "left",
    many: Annotated[
        str,
        typer.Option(
            "--many",
            metavar="error|first|all",
            help="If the table has several rows for a document: stop, take the first, or repeat "
            "the document.",
        ),
    ] = "error",
) -> None:
    """A column that both have gets a trailing underscore in the table. 7 equals "7".

    Example: korpus join tokens.jsonl topics.csv --many first -o joined.jsonl
    """
    from korpus import documents, files

    *named, table = sources
    if len(named) > 1:
        raise UsageError(
            _("{number} files were given").format(number=len(sources)),
            _("give one file of documents, then one table"),
        )
    (source,) = given(named)
    found = documents.join(
        row_records(reading, source, out.output),
        files.read_table(table),
        on=on,
        right_on=right_on,
        how=how,
        many=many,
    )
    out.write(found)
