from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import TableOutput
from korpus.cli.rejects import collect


@command
def words_learn(
    reading: DocumentReading,
    out: TableOutput,
    sources: Sources = None,
    method: Annotated[
        list[str] | None,
        typer.Option(
            "--method",
            metavar="NAME,…",
            help="kiwi (its extraction), cohesion (with branching entropy), nouns (that occur "
            "together) (default: all).",
        ),
    ] = None,
    min_count: Annotated[
        int,
        typer.Option(
            "--min-count", metavar="N", help="Minimum number of words (어절) that begin with it."
        ),
    ] = 10,
    top: Annotated[
        int, typer.Option("--top", metavar="N", help="Show only the first N candidates.")
    ] = 500,
) -> None:
    """Delete the rows that are no words, and give the rest to korpus morph --words.

    Example: korpus words learn reviews.csv -o words.tsv
    """
    from korpus.analyzers.words import learn
    from korpus.records import RecordStream

    documents = RecordStream.from_iterable([reading.documents(given(sources), out.output)])
    table = learn.words_learn(
        documents,
        method=options.split_list(method),
        min_count=min_count,
        top=top,
        rejects=collect,
    )
    out.write(table)
