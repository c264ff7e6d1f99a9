from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import NoClobber
from korpus.cli.transformer_options import TransformerGuarding, TransformerOptions, run

if TYPE_CHECKING:
    from korpus.records import Record


@command
def tf_embed(
    reading: DocumentReading,
    transformer: TransformerOptions,
    guarding: TransformerGuarding,
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Model file: x.safetensors.", show_default=False
        ),
        options.Writes((".safetensors",)),
    ],
    no_clobber: NoClobber = False,
    sources: Sources = None,
    pooling: Annotated[
        str,
        typer.Option(
            "--pooling",
            metavar="model|mean|cls|max",
            help="How the vectors of pieces become one: as the model declares, else their mean.",
        ),
    ] = "model",
    prefix: Annotated[
        str, typer.Option("--prefix", metavar="TEXT", help="Put before each text: 'passage: '.")
    ] = "",
    query_prefix: Annotated[
        str,
        typer.Option("--query-prefix", metavar="TEXT", help="Put before queries later: 'query: '."),
    ] = "",
) -> None:
    """Long texts are read in windows. similar, index, cluster and topics embed take the file.

    Example: korpus tf embed reviews.csv -m MODEL -o vectors.safetensors
    """
    from korpus.models import tf

    how = transformer.arguments(tf.BASE) | {"pooling": pooling, "prefix": prefix}

    def write(rows: "Iterable[Record]") -> None:
        made = tf.collected(rows, how["model"], pooling, prefix, query_prefix, transformer.device)
        made.save(output)

    stage = partial(tf.document_rows, **how)
    run(stage, reading, given(sources), output, how, guarding, write=write)
