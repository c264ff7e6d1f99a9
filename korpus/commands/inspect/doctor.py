import typer

from korpus.cli.command import command
from korpus.cli.outputs import TableOutput


@command
def doctor(out: TableOutput) -> None:
    """Example: korpus doctor"""
    from korpus.cli.installation import REQUIRED
    from korpus.cli.installation import doctor as stage
    from korpus.records import Table

    table = stage()
    rows = list(table.rows)
    out.write(Table(table.columns, lambda: rows))
    if any(part in REQUIRED and works == "no" for part, works, *_rest in rows):
        raise typer.Exit(1)
