import logging
from typing import Annotated

import typer

from korpus.cli import on_cluster, options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import ModelOutput
from korpus.cli.progress import training_progress
from korpus.errors import UsageError
from korpus.messages import _

logger = logging.getLogger("korpus")


@command
def word2vec(
    source: TokenSource,
    out: ModelOutput,
    model: options.ModelFile = None,
    export: options.ExportVectors = None,
    method: Annotated[str, typer.Option("--method", help="skip-gram or cbow.")] = "skip-gram",
    fasttext: Annotated[
        bool, typer.Option("--fasttext", help="Vectors for unseen words too, by n-grams of jamo.")
    ] = False,
    vector_size: Annotated[
        int, typer.Option("--vector-size", metavar="N", max=10_000, help="Dimensions of a vector.")
    ] = 100,
    window: Annotated[
        int,
        typer.Option("--window", metavar="N", max=10_000, help="Context window: terms per side."),
    ] = 5,
    min_count: Annotated[
        int, typer.Option("--min-count", metavar="N", help="Leave out rarer terms.")
    ] = 5,
    epochs: Annotated[
        int, typer.Option("--epochs", metavar="N", max=100_000, help="Training epochs.")
    ] = 5,
    negative: Annotated[
        int, typer.Option("--negative", metavar="N", max=1000, help="Negative samples per example.")
    ] = 5,
    seed: options.Seed = 0,
    jobs: options.Threads = 1,
) -> None:
    """Keep stopwords in the input: they are context.

    Example: korpus word2vec tokens.jsonl -m w2v.safetensors --export w2v.vec
    """
    from korpus import files, models

    if not (model or export):
        raise UsageError(_("word vectors need a file"), _("add: -m w2v.safetensors"))
    parts = source.term_counts(model or export or "")
    with training_progress("epoch") as report:
        fitted = models.word2vec(
            parts,
            method=method,
            fasttext=fasttext,
            vector_size=vector_size,
            window=window,
            min_count=min_count,
            epochs=epochs,
            negative=negative,
            seed=seed,
            jobs=jobs if on_cluster.current() else options.threads(jobs),
            report=report,
        )
    logger.info(_("vectors of %s terms"), f"{len(fitted.terms):,}")
    if model:
        fitted.save(model)
    if export:
        files.export_vectors(export, fitted.terms, fitted.vectors)
