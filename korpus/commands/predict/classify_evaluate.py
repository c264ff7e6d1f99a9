from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def classify_evaluate(
    model: options.ModelArgument,
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    label: Annotated[
        str | None,
        typer.Option(
            "--label", metavar="COLUMN", help="Column of the classes (default: as in training)."
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="MODEL",
            help="Compare with another classifier by McNemar's test: x.safetensors.",
        ),
        options.Reads(),
    ] = None,
    confusion: Annotated[
        str | None,
        typer.Option(
            "--confusion", metavar="FILE", help="Write the confusion matrix (혼동 행렬): x.csv …"
        ),
        options.Writes("tables"),
    ] = None,
    errors: Annotated[
        str | None,
        typer.Option(
            "--errors",
            metavar="FILE",
            help="Write the documents whose class is wrong, the surest first: x.csv …",
        ),
        options.Writes("tables"),
    ] = None,
    seed: options.Seed = 0,
) -> None:
    """Example: korpus classify evaluate m.safetensors test.jsonl -o out.csv"""
    from korpus import files, views
    from korpus.models import classify

    found = classify.classify_evaluate(
        source.records(out.output),
        files.load(model),
        label=label,
        against=files.load(against) if against else None,
        seed=seed,
    )
    for table, path in ((found.confusion, confusion), (found.errors, errors)):
        if path:
            files.write_table(table, path, None, out.excel)
    if plot:
        plot.write(views.plot_quality(found.outcome))
    out.write(found.table)
