from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.models import load_model
from korpus.cli.outputs import TableOutput


@command
def cluster(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    vocabulary: options.Vocabulary,
    k: Annotated[
        int,
        typer.Option("-k", "--clusters", metavar="K", help="Number of clusters."),
        options.OnlyWith("method", ("kmeans", "ward")),
    ] = 5,
    items: Annotated[str, typer.Option("--items", help="documents or words.")] = "documents",
    method: Annotated[str, typer.Option("--method", help="kmeans, ward or hdbscan.")] = "kmeans",
    features: Annotated[
        str, typer.Option("--features", help="tfidf, lsa (latent dimensions of it) or vectors.")
    ] = "lsa",
    dimensions: Annotated[
        int,
        typer.Option("--dimensions", metavar="N", help="Latent dimensions of lsa."),
        options.OnlyWith("features", ("lsa",)),
    ] = 50,
    vectors: Annotated[
        str | None,
        typer.Option("--vectors", metavar="MODEL", help="Model of word2vec or tf embed, or kiwi."),
        options.Reads(),
    ] = None,
    min_size: Annotated[
        int,
        typer.Option("--min-size", metavar="N", help="Smallest cluster of hdbscan."),
        options.OnlyWith("method", ("hdbscan",)),
    ] = 5,
    max_features: Annotated[
        int | None,
        typer.Option(
            "--max-features",
            metavar="N",
            help="Use only the N most frequent terms (default: all; with --items words 300).",
        ),
    ] = None,
    top: Annotated[int, typer.Option("--top", metavar="N", help="Terms to show per cluster.")] = 10,
    members: Annotated[
        str | None,
        typer.Option(
            "--members", metavar="FILE", help="Write the cluster of each document or word: x.csv …"
        ),
        options.Writes("tables"),
    ] = None,
    seed: options.Seed = 0,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus cluster tokens.jsonl -k 5 --members members.csv --plot map.png"""
    from korpus import files, models, views

    model = models.any_vectors(load_model(vectors)) if vectors else None
    models.check_cluster(k, items, method, features, dimensions, model, min_size, top)
    found = models.cluster(
        source.term_counts(out.output, jobs),
        k=k,
        items=items,
        method=method,
        features=features,
        dimensions=dimensions,
        vectors=model,
        min_size=min_size,
        top=top,
        max_features=max_features,
        seed=seed,
        **vocabulary.limits(),
    )
    if members:
        files.write_table(found.members, members, None, out.excel)
    if plot:
        plot.write(views.plot_clusters(found, seed=seed))
    out.write(found.table)
