import logging
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.outputs import ModelOutput
from korpus.cli.progress import training_progress
from korpus.errors import UsageError
from korpus.messages import _

logger = logging.getLogger("korpus")


@command
def vectors(
    out: ModelOutput,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Whose vectors: kiwi.", show_default=False)
    ],
    model: options.ModelFile = None,
    export: options.ExportVectors = None,
    common: Annotated[
        int,
        typer.Option(
            "--common",
            metavar="N",
            max=255,
            help="Take out the mean and N directions that all words share (0: nothing).",
        ),
    ] = 3,
    retrofit: Annotated[
        str | None,
        typer.Option(
            "--retrofit",
            metavar="TOKENS",
            help="Learn the words of a corpus that Kiwi does not know, by word2vec.",
        ),
        options.Reads(),
    ] = None,
    min_count: Annotated[
        int,
        typer.Option("--min-count", metavar="N", help="With --retrofit: leave out rarer words."),
    ] = 5,
    seed: options.Seed = 0,
) -> None:
    """Example: korpus vectors kiwi -m kiwi.safetensors"""
    from korpus import files, models

    if not (model or export):
        raise UsageError(_("word vectors need a file"), _("add: -m kiwi.safetensors"))
    with training_progress("landmark") as report:
        found = models.vectors(
            name,
            common=common,
            retrofit=files.read(retrofit) if retrofit else None,
            min_count=min_count,
            seed=seed,
            report=report,
        )
    logger.info(_("vectors of %s terms"), f"{len(found.terms):,}")
    if model:
        found.save(model)
    if export:
        files.export_vectors(export, found.terms, found.vectors[found.rows])
