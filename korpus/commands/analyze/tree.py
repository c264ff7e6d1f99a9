import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput
from korpus.cli.rejects import collect

if TYPE_CHECKING:
    from korpus.records import Record


@command
def tree(
    reading: DocumentReading,
    out: RecordOutput,
    plot: options.Plot,
    sources: Sources = None,
    model: Annotated[
        str | None,
        typer.Option(
            "-m",
            "--model",
            metavar="FOLDER",
            help="Models of stanza, as stanza.download('ko') makes the folder, for texts without "
            "trees. Only weights are loaded; nothing in the files is run or downloaded.",
        ),
        options.Reads(),
    ] = None,
    triples: Annotated[
        bool,
        typer.Option(
            "--triples",
            help="Write subject, verb and object of each predicate (의미역) as a table; -f is then "
            "one of: {table_formats}.",
        ),
        options.WritesTable,
    ] = False,
) -> None:
    """SOURCE may also be a text, with -m. -f conllu or -o x.conllu writes CoNLL-U; --plot draws the
    first sentences.

    Example: korpus tree treebank.conllu --triples -o triples.csv
    """
    from korpus import analyzers, files, tokens, views

    parser = files.load_parser(model) if model else None
    found = analyzers.tree(
        reading.texts_or_documents(given(sources), out.output), parser=parser, rejects=collect
    )
    drawn = _Drawn(found, views.MOST_SENTENCES)
    trees = drawn if plot else found
    if triples:
        files.write_table(tokens.triples(trees), out.output, out.format, out.excel)
    else:
        if out.output == options.STDOUT and not out.format and sys.stdout.isatty():
            out = replace(out, format="tree")
        out.write(trees)
    if plot:
        plot.write(views.plot_tree(drawn.first, drawn.total))


class _Drawn:
    """Passes records on once, and keeps the first for the picture."""

    def __init__(self, records: "Iterable[Record]", most: int) -> None:
        self.records, self.most = records, most
        self.first: list[Record] = []
        self.total = 0

    def __iter__(self) -> "Iterator[Record]":
        for record in self.records:
            self.total += 1
            if len(self.first) < self.most:
                self.first.append(record)
            yield record
