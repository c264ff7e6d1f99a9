from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.models import load_model
from korpus.cli.outputs import TableOutput


@command
def words_synonyms(
    source: TokenSource,
    out: TableOutput,
    model: Annotated[
        str | None,
        typer.Option("-m", "--model", metavar="FILE", help="Word vectors of korpus word2vec."),
        options.Reads(),
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(
            "--method",
            metavar="NAME,…",
            help="spelling (distance of jamo), kiwi (its vectors), word2vec (-m) (default: all).",
        ),
    ] = None,
    min_count: Annotated[
        int, typer.Option("--min-count", metavar="N", help="Leave out rarer terms.")
    ] = 5,
    terms: Annotated[
        int,
        typer.Option("--terms", metavar="N", max=10_000, help="Compare the N most frequent terms."),
    ] = 3000,
    top: Annotated[
        int, typer.Option("--top", metavar="N", help="Show only the first N suggestions.")
    ] = 200,
) -> None:
    """Delete the rows that are wrong, and give the rest to korpus morph --words.

    Example: korpus morph reviews.csv --lemma | korpus words synonyms -o same.csv
    """
    from korpus.models.synonyms import words_synonyms as stage

    table = stage(
        source.records(out.output),
        load_model(model) if model else None,
        method=options.split_list(method),
        min_count=min_count,
        terms=terms,
        top=top,
    )
    out.write(table)
