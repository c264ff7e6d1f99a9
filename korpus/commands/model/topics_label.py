from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.documents_again import DocumentsAgain
from korpus.cli.inputs import row_records
from korpus.cli.outputs import TableOutput


@command
def topics_label(
    model: options.ModelArgument,
    reading: DocumentsAgain,
    out: TableOutput,
    top: options.TopTerms = 7,
    title: Annotated[
        str | None,
        typer.Option(
            "--title", metavar="COLUMN", help="Column of the titles (default: 제목, title …)."
        ),
    ] = None,
    titles: Annotated[
        int, typer.Option("--titles", metavar="N", help="Titles of typical documents per topic.")
    ] = 3,
    frex: Annotated[
        float,
        typer.Option(
            "--frex", metavar="WEIGHT", help="Of frequency (1) against exclusivity (0) in FREX."
        ),
    ] = 0.5,
    relevance: Annotated[
        float,
        typer.Option("--relevance", metavar="LAMBDA", help="Of weight (1) against lift (0)."),
    ] = 0.6,
    names: Annotated[
        str | None,
        typer.Option(
            "--names",
            metavar="FILE",
            help="Own labels: a table with topic and label, such as this one, edited.",
        ),
        options.Reads(),
    ] = None,
    named: Annotated[
        str | None,
        typer.Option(
            "--named",
            metavar="FILE",
            help="Save the model with the labels as names of its topics: x.safetensors.",
        ),
        options.Writes((".safetensors",)),
    ] = None,
) -> None:
    """A label is the first bigram and the first terms by FREX; bigrams need DOCUMENTS with tokens.

    Example: korpus topics label lda.safetensors tokens.jsonl -o labels.csv
    """
    from korpus import files, models

    found = models.topics_label(
        files.load(model),
        reading.again(out.output),
        top=top,
        title=title,
        titles=titles,
        frex=frex,
        relevance=relevance,
        names=models.names_of(row_records(reading, names, out.output)) if names else None,
    )
    if named:
        found.named().save(named)
    out.write(found.table())
