import typer

from korpus.cli.command import command
from korpus.cli.on_cluster import On
from korpus.cli.outputs import TableOutput


@command
def doctor(out: TableOutput, on: On = None) -> None:
    """Example: korpus doctor"""
    from korpus.cli.installation import REQUIRED
    from korpus.cli.installation import doctor as stage
    from korpus.records import Table

    if on:
        from korpus.spark.doctor import doctor as on_cluster

        table = on_cluster(on)
    else:
        table = stage()
    rows = list(table.rows)
    out.write(Table(table.columns, lambda: rows))
    if any(
        part.rpartition(": ")[2] in (*REQUIRED, "korpus") and works == "no"
        for part, works, *_rest in rows
    ):
        raise typer.Exit(1)
