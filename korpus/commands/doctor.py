import typer

from korpus import options


def doctor(output: options.Output = options.STDOUT, format: options.TableFormat = None) -> None:
    """Check that every analyzer, the Java runtime, the font and the word cloud work here.

    Out: part, works, version, remedy. Exit 1 if the default chain would not work.

    Example: korpus doctor
    """
    from korpus import files
    from korpus.installation import REQUIRED
    from korpus.installation import doctor as stage
    from korpus.records import Table

    table = stage()
    rows = list(table.rows)
    files.write_table(Table(table.columns, lambda: rows), output, format)
    if any(part in REQUIRED and works == "no" for part, works, *_ in rows):
        raise typer.Exit(1)
