from functools import partial
from typing import Annotated, Any

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def classify_train(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    label: Annotated[
        str,
        typer.Option(
            "--label",
            metavar="COLUMN",
            help="Column of the classes; values can be cut: rating:1-4,9-10.",
        ),
    ] = "label",
    model: options.ModelFile = None,
    features: Annotated[
        str,
        typer.Option("--features", help="both, tokens (and their pairs) or characters (1 to 5)."),
    ] = "both",
    method: Annotated[
        str, typer.Option("--method", help="standard, or best (for 50,000 documents and more).")
    ] = "standard",
    min_df: Annotated[
        int, typer.Option("--min-df", metavar="N", help="Documents that a feature must be in.")
    ] = 2,
    c: Annotated[
        float,
        typer.Option("--c", metavar="C", help="How closely to fit: the inverse of the penalty."),
    ] = 0.3,
    balanced: Annotated[
        bool, typer.Option("--balanced", help="Let all classes count as much, rare ones too.")
    ] = False,
    folds: Annotated[
        int,
        typer.Option(
            "--folds", metavar="N", help="Folds of the cross-validation (교차 검증); 0 for none."
        ),
    ] = 5,
    group: Annotated[
        str | None,
        typer.Option(
            "--group", metavar="COLUMN", help="Keep documents of one value in one fold: author."
        ),
    ] = None,
    time: Annotated[
        str | None,
        typer.Option("--time", metavar="COLUMN", help="Test on later documents only: date."),
    ] = None,
    curve: Annotated[
        str | None,
        typer.Option("--curve", metavar="FILE", help="Write the learning curve: x.csv …"),
        options.Writes("tables"),
    ] = None,
    seed: options.Seed = 0,
    jobs: options.Jobs = 0,
) -> None:
    """The table is by cross-validation: each document is tested by a model without it.

    Example: korpus classify train tokens.jsonl --label label -m model.safetensors
    """
    from korpus import files, tokens, views
    from korpus.models import classify

    chosen: dict[str, Any] = {"features": features, "method": method, "min_df": min_df, "c": c}
    chosen |= {"folds": folds, "group": group, "time": time}
    classify.check_train(**chosen, needs_folds=bool(curve or plot))
    columns = [name for name in (label, group, time) if name]
    parts = source.parts(partial(tokens.text_parts, columns=columns), out.output, jobs)
    fitted = classify.classify_train(
        parts, label=label, balanced=balanced, curve=bool(curve), seed=seed, **chosen
    )
    if model:
        fitted.model.save(model)
    if fitted.curve and curve:
        files.write_table(fitted.curve, curve, None, out.excel)
    if fitted.outcome and plot:
        plot.write(views.plot_quality(fitted.outcome, fitted.curve))
    out.write(fitted.table)
