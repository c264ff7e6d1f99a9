from typing import Annotated, Any

import typer

from korpus.cli import on_cluster, options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput


@command
def dedupe(
    reading: DocumentReading,
    out: RecordOutput,
    sources: Sources = None,
    near: Annotated[
        float | None,
        typer.Option(
            "--near",
            metavar="SHARE",
            help="Also remove texts of which this share of all runs of three syllables is the "
            "same: 0.8 (default: only the same letters, digits and signs such as + and #).",
        ),
    ] = None,
    keep: Annotated[
        str,
        typer.Option("--keep", metavar="first|longest|earliest", help="Which of them stays."),
    ] = "first",
    min_length: Annotated[
        int,
        typer.Option(
            "--min-length",
            metavar="N",
            help="Do not compare texts of fewer letters and digits, as many write 굿 (0: all).",
        ),
    ] = 10,
    date_column: Annotated[
        str | None,
        typer.Option(
            "--date-column",
            metavar="COLUMN",
            help="Column for --keep earliest (default: date, 일자, 날짜 …).",
        ),
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option(
            "--groups", metavar="FILE", help="List the repeated documents: x.csv, x.xlsx."
        ),
        options.Writes("tables"),
    ] = None,
) -> None:
    """Example: korpus dedupe reviews.csv --near 0.8 -o unique.jsonl"""
    from korpus import documents, files
    from korpus.files import traffic
    from korpus.records import Counts, Table

    counts = Counts()
    rows: list[dict[str, Any]] = []
    arguments: dict[str, Any] = {
        "near": near,
        "keep": keep,
        "min_length": min_length,
        "date_column": date_column,
        "groups": rows.append if groups else None,
    }
    documents.dedupe((), **arguments)  # raises an error for a bad option
    with on_cluster.kept(reading.documents(given(sources), out.output)) as kept:
        out.write(documents.dedupe(kept, **arguments, counts=counts))
    if groups:
        columns = ["group", "id", "kept", "similarity", "text"]
        table = Table(columns, lambda: (tuple(row.values()) for row in rows))
        files.write_table(table, groups, None, out.excel)
        traffic.flow(traffic.outputs, groups).records = None  # they are not documents that go out
    documents.log_dropped(counts, min_length)
