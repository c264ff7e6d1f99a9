from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput
from korpus.cli.transformer_options import (
    TransformerGuarding,
    TransformerOptions,
    WritingOptions,
    run_records,
)


@command
def tf_generate(
    reading: DocumentReading,
    out: RecordOutput,
    transformer: TransformerOptions,
    writing: WritingOptions,
    guarding: TransformerGuarding,
    sources: Sources = None,
    template: Annotated[
        str,
        typer.Option(
            "--template",
            metavar="TEXT",
            help="The prompt, with the names of columns in braces.",
        ),
    ] = "{text}",
    chat: Annotated[
        bool,
        typer.Option("--chat", help="The prompt is a message in the chat template of the model."),
    ] = False,
    system: Annotated[
        str | None,
        typer.Option(
            "--system", metavar="TEXT", help="With --chat: the message of the system before it."
        ),
    ] = None,
) -> None:
    """Example: korpus tf generate prompts.csv -m MODEL --temperature 0.8 --seed 1"""
    from korpus.models import tf

    run_records(
        tf.tf_generate,
        reading,
        given(sources),
        out,
        guarding,
        template=template,
        chat=chat,
        system=system,
        **writing.choices(),
        **transformer.arguments(tf.GENERATE),
    )
