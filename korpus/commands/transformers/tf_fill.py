from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput
from korpus.cli.transformer_options import TransformerGuarding, TransformerOptions, run_records


@command
def tf_fill(
    reading: DocumentReading,
    out: RecordOutput,
    transformer: TransformerOptions,
    guarding: TransformerGuarding,
    sources: Sources = None,
    mask: Annotated[
        str, typer.Option("--mask", metavar="TEXT", help="What marks a gap in the texts.")
    ] = "[MASK]",
    top: Annotated[int, typer.Option("--top", metavar="N", help="Candidates per gap.")] = 5,
) -> None:
    """Example: korpus tf fill gaps.jsonl -m MODEL --top 3"""
    from korpus.models import tf

    run_records(
        tf.tf_fill,
        reading,
        given(sources),
        out,
        guarding,
        mask=mask,
        top=top,
        **transformer.arguments(tf.FILL),
    )
