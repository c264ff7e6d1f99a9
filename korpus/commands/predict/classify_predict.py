from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import RecordOutput


@command
def classify_predict(
    model: options.ModelArgument,
    source: TokenSource,
    out: RecordOutput,
    active: Annotated[
        int | None,
        typer.Option(
            "--active",
            metavar="N",
            help="Only the N documents without a label that the model is least sure of: to label "
            "next.",
        ),
    ] = None,
) -> None:
    """Example: korpus classify predict m.safetensors new.jsonl -o out.jsonl"""
    from korpus import files
    from korpus.models import classify

    fitted = files.load(model)
    records = source.records(out.output, needs_tokens=False)  # the model checks them
    out.write(classify.classify_predict(records, fitted, active=active))
