from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def tfidf(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    vocabulary: options.Vocabulary,
    top: Annotated[
        int | None,
        typer.Option("--top", metavar="N", help="Show only the first N terms of each document."),
    ] = None,
    overall: Annotated[
        bool,
        typer.Option("--overall", help="Rank the terms of the whole input by their total weight."),
    ] = False,
    tf: Annotated[str, typer.Option("--tf", help="raw, binary, log or augmented.")] = "raw",
    idf: Annotated[
        str, typer.Option("--idf", help="smooth, plain, add-one, inverse or none.")
    ] = "smooth",
    log_base: Annotated[str, typer.Option("--log-base", help="e, 2 or 10.")] = "e",
    by: options.By = None,
    norm: Annotated[str, typer.Option("--norm", help="none, l1 or l2.")] = "l2",
    max_features: Annotated[
        int | None,
        typer.Option("--max-features", metavar="N", help="Use only the N most frequent terms."),
    ] = None,
    model: options.ModelFile = None,
    matrix: Annotated[
        str | None,
        typer.Option(
            "--matrix",
            metavar="FILE",
            help="Save the document-term matrix with its ids and terms: x.npz or x.mtx.",
        ),
        options.Writes((".npz", ".mtx")),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus tfidf tokens.jsonl --top 5 -m tfidf.safetensors"""
    from korpus import files, models, views

    fitted = models.tfidf(
        source.term_counts(out.output, jobs, by=by),
        tf=tf,
        idf=idf,
        log_base=log_base,
        norm=norm,
        by=by,
        max_features=max_features,
        **vocabulary.limits(),
    )
    table = fitted.table(top=top, overall=overall)
    if model:
        fitted.save(model)
    if matrix:
        files.save_matrix(matrix, *fitted.weights(), fitted.terms)
    if plot:
        plot.write(views.plot_tfidf(table))
    out.write(table)
