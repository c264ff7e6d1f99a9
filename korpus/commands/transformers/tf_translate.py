from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput
from korpus.cli.transformer_options import (
    Prefix,
    TransformerGuarding,
    TransformerOptions,
    WritingOptions,
    run_records,
)


@command
def tf_translate(
    reading: DocumentReading,
    out: RecordOutput,
    transformer: TransformerOptions,
    writing: WritingOptions,
    guarding: TransformerGuarding,
    sources: Sources = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="LANGUAGE",
            help="Of the texts, as the model names it: kor_Hang, ko_KR, ko.",
        ),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="LANGUAGE", help="Of the translations.")
    ] = None,
    prefix: Prefix = "",
) -> None:
    """Example: korpus tf translate news.csv -m MODEL --from kor_Hang --to eng_Latn"""
    from korpus.models import tf

    run_records(
        tf.tf_translate,
        reading,
        given(sources),
        out,
        guarding,
        from_=from_,
        to=to,
        prefix=prefix,
        **writing.choices(),
        **transformer.arguments(tf.REWRITE),
    )
