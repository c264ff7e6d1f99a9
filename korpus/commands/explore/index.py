from functools import partial
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.models import load_model
from korpus.cli.outputs import ModelOutput


@command
def index(
    source: TokenSource,
    out: ModelOutput,
    model: Annotated[
        str,
        typer.Option(
            "-m", "--model", metavar="FILE", help="The index: x.safetensors.", show_default=False
        ),
        options.Writes((".safetensors",)),
    ],
    vectors: Annotated[
        str | None,
        typer.Option(
            "--vectors",
            metavar="MODEL",
            help="Keep a vector per document, by a model of word2vec, tf embed or kiwi, for search "
            "by meaning.",
        ),
        options.Reads(),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """Tokens of `morph --spans` let search mark what it found, and give sentences.

    Example: korpus morph reviews.csv --spans | korpus index -m i.safetensors
    """
    from korpus import models
    from korpus.records import Counts

    fitted = load_model(vectors) if vectors else None
    counts = Counts()
    with_words = isinstance(fitted, models.VectorModel)
    stage = partial(models.store_documents, with_words=with_words)
    models.index(source.parts(stage, model, jobs, counts), vectors=fitted, counts=counts).save(
        model
    )
