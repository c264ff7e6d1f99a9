from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.lexicon_options import LexiconOptions
from korpus.cli.outputs import TableOutput


@command
def sentiment(
    source: TokenSource,
    out: TableOutput,
    words: LexiconOptions,
    plot: options.Plot,
    by: Annotated[str, typer.Option("--by", help="document or sentence.")] = "document",
    aspects: Annotated[
        str | None,
        typer.Option(
            "--aspects",
            metavar="TABLE",
            help="Aspects and their words, with columns aspect and word: 배송,택배.",
        ),
        options.Reads(),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            metavar="COLUMN",
            help="Add a column of the documents to compare by, and draw: rating, date:year, "
            "rating:1-4,5-7.",
        ),
    ] = None,
) -> None:
    """Make tokens by: korpus morph --join negation --spans. A terminal then shows coloured texts.

    Example: korpus sentiment tokens.jsonl --aspects aspects.csv -o out.csv
    """
    from korpus import files, views
    from korpus.cli import evidence
    from korpus.models import sentiment as room

    words.check(by)
    records = list(source.records(out.output))
    found = room.sentiment(
        records,
        **words.arguments(),
        by=by,
        aspects=room.read_aspects(files.read_table(aspects)) if aspects else None,
        group=group,
    )
    if plot:
        plot.write(views.plot_sentiment(found.table, group))
    if words.save_lexicon:
        files.write_table(found.words, words.save_lexicon, None, out.excel)
    is_placed = by == "document" and not aspects and any(one.get("spans") for one in records)
    if is_placed and evidence.is_wanted(out.output, out.format):
        evidence.write(found.texts())
    else:
        out.write(found.table)
