from dataclasses import dataclass, replace
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.models import load_model
from korpus.cli.outputs import TableOutput


@dataclass(frozen=True)
class TwoSources(TokenSource):
    """A source, and perhaps another whose documents it is compared with."""

    other: Annotated[
        str | None,
        typer.Argument(
            metavar="OTHER",
            help="Documents to compare with (default: each with each of SOURCE).",
            show_default=False,
        ),
        options.Reads(),
    ] = None


@command
def compare(
    source: TwoSources,
    out: TableOutput,
    plot: options.Plot,
    measure: Annotated[
        str,
        typer.Option(
            "--measure",
            help="cosine (of TF-IDF), jaccard, vectors (of meaning) or edit (of texts).",
        ),
    ] = "cosine",
    vectors: Annotated[
        str,
        typer.Option("--vectors", metavar="MODEL", help="Model of word2vec, or kiwi."),
        options.Reads(),
        options.OnlyWith("measure", ("vectors",)),
    ] = "kiwi",
    top: Annotated[
        int,
        typer.Option("--top", metavar="N", help="Number of pairs (0: all).", min=0),
        options.NotWith(("nearest",)),
    ] = 20,
    nearest: Annotated[
        int | None,
        typer.Option(
            "--nearest",
            metavar="N",
            help="Instead, the N most similar others of each document.",
        ),
    ] = None,
    threshold: Annotated[
        float, typer.Option("--threshold", metavar="SIMILARITY", help="Least similarity, 0 to 1.")
    ] = 0.0,
    text: Annotated[bool, typer.Option("--text", help="Show the texts too.")] = False,
) -> None:
    """Example: korpus compare essays.jsonl sources.jsonl --measure cosine --top 50"""
    from korpus import models, views

    models.check_compare(measure, top or None, nearest, threshold)
    needs_tokens = measure != models.EDIT
    other = replace(source, source=source.other) if source.other else None
    table = models.compare(
        source.records(out.output, needs_tokens=needs_tokens),
        other.records(out.output, needs_tokens=needs_tokens) if other else None,
        measure=measure,
        vectors=models.word_vectors(load_model(vectors)) if measure == models.VECTORS else None,
        top=top or None,
        nearest=nearest,
        threshold=threshold,
        text=text,
    )
    if plot:
        table = table.held()
        plot.write(views.plot_pairs(table, two_sources=other is not None))
    out.write(table)
