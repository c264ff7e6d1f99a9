from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def classify_explain(
    model: options.ModelArgument,
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    telling: Annotated[
        bool,
        typer.Option(
            "--telling", help="Show the most telling terms of each class; reads no documents."
        ),
        options.NotWith(("source",)),
    ] = False,
    top: Annotated[
        int | None,
        typer.Option(
            "--top",
            metavar="N",
            help="Words per document (default: all), or terms per class (default: 20).",
        ),
    ] = None,
) -> None:
    """On a terminal: each text, green what speaks for its class, red what speaks against it.

    Example: korpus classify explain m.safetensors new.jsonl -o words.csv
    """
    from korpus import files, views
    from korpus.cli import evidence
    from korpus.models import classify

    fitted = files.load(model)
    if plot:
        plot.write(views.plot_telling(classify.classify_explain(None, fitted, top=top)))
    if telling:
        out.write(classify.classify_explain(None, fitted, top=top))
    elif evidence.is_wanted(out.output, out.format):
        found = classify.explanations(source.records(out.output), fitted)
        evidence.write((one.heading, one.text, one.heaviest(top)) for one in found)
    else:
        out.write(classify.classify_explain(source.records(out.output), fitted, top=top))
