from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.models import load_model
from korpus.cli.outputs import TopicOutput


@command
def topics_embed(
    source: TokenSource,
    out: TopicOutput,
    plot: options.Plot,
    vocabulary: options.Vocabulary,
    k: Annotated[options.K, options.OnlyWith("method", ("kmeans", "ward"))] = 20,
    vectors: Annotated[
        str,
        typer.Option("--vectors", metavar="MODEL", help="Model of word2vec or tf embed, or kiwi."),
        options.Reads(),
    ] = "kiwi",
    method: Annotated[str, typer.Option("--method", help="kmeans, ward or hdbscan.")] = "kmeans",
    reduce: Annotated[
        str, typer.Option("--reduce", help="Fewer dimensions first: pca, umap or none.")
    ] = "pca",
    dimensions: Annotated[
        int | None,
        typer.Option(
            "--dimensions", metavar="N", help="How many (default: 50; with umap or hdbscan 5)."
        ),
        options.OnlyWith("reduce", ("pca", "umap")),
    ] = None,
    min_size: Annotated[
        int,
        typer.Option("--min-size", metavar="N", help="Smallest cluster of hdbscan."),
        options.OnlyWith("method", ("hdbscan",)),
    ] = 10,
    seed: options.Seed = 0,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus topics embed tokens.jsonl -k 20 -m embed.safetensors"""
    from korpus import models, views

    fitted = models.topics_embed(
        source.term_counts(out.output, jobs, keep=out.columns()),
        vectors=models.any_vectors(load_model(vectors)),
        k=k,
        method=method,
        reduce=reduce,
        dimensions=dimensions,
        min_size=min_size,
        seed=seed,
        **vocabulary.limits(),
    )
    if plot:
        plot.write(views.plot_topic_words(fitted.topic_terms(top=out.top)))
    out.write_model(fitted)
