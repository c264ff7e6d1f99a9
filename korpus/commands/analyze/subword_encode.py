from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput


@command
def subword_encode(
    tokenizer: Annotated[
        str,
        typer.Argument(
            metavar="TOKENIZER", help="tokenizer.json of korpus or another.", show_default=False
        ),
        options.Reads(),
    ],
    reading: DocumentReading,
    out: RecordOutput,
    sources: Sources = None,
) -> None:
    """Example: korpus subword encode tokenizer.json reviews.csv -o codes.jsonl"""
    from korpus import analyzers, files

    subwords = analyzers.Subwords(files.read_text(tokenizer))
    out.write(analyzers.subword_encode(reading.documents(given(sources), out.output), subwords))
