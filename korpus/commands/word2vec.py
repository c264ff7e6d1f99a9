from typing import Annotated

import typer

from korpus import fitting, options
from korpus.errors import UsageError


def word2vec(
    ctx: typer.Context,
    source: options.Source = options.STDIN,
    model: options.KeepModel = None,
    export: Annotated[
        str | None,
        typer.Option("--export", metavar="FILE", help="Write word2vec's format: x.vec or x.bin."),
    ] = None,
    method: Annotated[str, typer.Option("--method", help="skip-gram or cbow.")] = "skip-gram",
    fasttext: Annotated[
        bool, typer.Option("--fasttext", help="Vectors for unseen words too, by n-grams of jamo.")
    ] = False,
    vector_size: Annotated[
        int, typer.Option("--vector-size", metavar="N", help="Numbers in each vector.")
    ] = 100,
    window: Annotated[int, typer.Option("--window", metavar="N", help="Terms each side.")] = 5,
    min_count: Annotated[
        int, typer.Option("--min-count", metavar="N", help="Leave out rarer terms.")
    ] = 5,
    epochs: Annotated[int, typer.Option("--epochs", metavar="N", help="Passes.")] = 5,
    negative: Annotated[
        int, typer.Option("--negative", metavar="N", help="Noise terms an example.")
    ] = 5,
    seed: options.Seed = 0,
    jobs: options.Threads = 1,
    input_format: options.InputFormat = None,
    force: options.Force = False,
) -> None:
    """Train word vectors (단어 임베딩). Keep stopwords: they are context.

    In: id, tokens. Out: a model for korpus similar and infer, or vectors for other programs (-m,
    --export).

    Example: korpus word2vec tokens.jsonl -m w2v.safetensors --export w2v.vec
    """
    from korpus import files, models

    if not (model or export):
        raise UsageError("word vectors need a file", "add: -m w2v.safetensors")
    files.check_suffix(model, (".safetensors",))
    files.check_suffix(export, (".vec", ".bin"))
    options.check_outputs([source], force, model=model, export=export)
    records = options.read_counts(ctx, source, input_format, model or export or "", 0)
    with fitting.rounds("epoch") as report:
        fitted = models.word2vec(
            records,
            method=method,
            fasttext=fasttext,
            vector_size=vector_size,
            window=window,
            min_count=min_count,
            epochs=epochs,
            negative=negative,
            seed=seed,
            jobs=fitting.threads(jobs),
            report=report,
        )
    options.logger.info("vectors of %s terms", f"{len(fitted.terms):,}")
    if model:
        fitted.save(model)
    if export:
        files.export_vectors(export, fitted.terms, fitted.vectors)
