from typing import Annotated

import typer

from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput
from korpus.cli.transformer_options import TransformerGuarding, TransformerOptions, run_records


@command
def tf_tag(
    reading: DocumentReading,
    out: RecordOutput,
    transformer: TransformerOptions,
    guarding: TransformerGuarding,
    sources: Sources = None,
    aggregate: Annotated[
        str,
        typer.Option(
            "--aggregate",
            metavar="simple|first|average|max",
            help="How pieces become entities: joined, or each word by its "
            "first piece, their mean or the surest.",
        ),
    ] = "simple",
) -> None:
    """The entities stand as tokens and tags, so that freq and network count them.

    Example: korpus tf tag news.csv -m MODEL | korpus freq
    """
    from korpus.models import tf

    run_records(
        tf.tf_tag,
        reading,
        given(sources),
        out,
        guarding,
        aggregate=aggregate,
        **transformer.arguments(tf.TAG),
    )
