from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading
from korpus.cli.outputs import TableOutput


@command
def words_check(
    words: options.WordTable,
    reading: DocumentReading,
    out: TableOutput,
    documents: options.Documents = None,
    analyzer: Annotated[
        list[str] | None,
        typer.Option("-a", "--analyzer", metavar="NAME,…", help="Analyzers to check."),
    ] = None,
) -> None:
    """Exit code 1 if a word has no effect.

    Example: korpus words check words.tsv reviews.csv -a mecab,kiwi
    """
    from korpus import analyzers, files
    from korpus.records import Table

    table = analyzers.word_table(files.read_table(words))
    arguments = reading.arguments()
    texts = files.read(documents, **arguments) if documents else None
    names = options.split_list(analyzer) or ["mecab"]
    found = analyzers.words_check(table, texts, analyzer=names, rejects=arguments["rejects"])
    rows = list(found.rows)
    out.write(Table(found.columns, lambda: rows))
    effect = found.columns.index("effect")
    if any(row[effect] == analyzers.NO_EFFECT for row in rows):
        raise typer.Exit(1)
