from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def sentiment(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    lexicon: Annotated[
        str | None,
        typer.Option("--lexicon", metavar="FILE", help="Words with their polarity: 좋다<TAB>1."),
        options.Reads(),
    ] = None,
    learn: Annotated[
        str | None,
        typer.Option(
            "--learn", metavar="COLUMN", help="Learn the lexicon from a column of ratings."
        ),
    ] = None,
    vectors: Annotated[
        str | None,
        typer.Option(
            "--vectors",
            metavar="MODEL",
            help="Grow the lexicon from seed words by word vectors (default: those of Kiwi).",
        ),
        options.Reads(),
    ] = None,
    positive: Annotated[
        list[str] | None,
        typer.Option("--positive", metavar="WORD,…", help="Seed words of good feelings."),
    ] = None,
    negative: Annotated[
        list[str] | None,
        typer.Option("--negative", metavar="WORD,…", help="Seed words of bad feelings."),
    ] = None,
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
    save_lexicon: Annotated[
        str | None,
        typer.Option("--save-lexicon", metavar="FILE", help="Write the lexicon: x.tsv …"),
        options.Writes("tables"),
    ] = None,
) -> None:
    """Make tokens by: korpus morph --join negation --spans. A terminal then shows coloured texts.

    Example: korpus sentiment tokens.jsonl --aspects aspects.csv -o out.csv
    """
    from korpus import files, views
    from korpus.cli import evidence
    from korpus.models import sentiment as room

    seeds = options.split_list(positive), options.split_list(negative)
    room.check_sentiment(by, lexicon is not None, learn, vectors is not None, *seeds)
    records = list(source.records(out.output))
    found = room.sentiment(
        records,
        lexicon=room.read_lexicon(files.read_list(lexicon)) if lexicon else None,
        learn=learn,
        vectors=files.load(vectors) if vectors else None,
        positive=seeds[0],
        negative=seeds[1],
        by=by,
        aspects=room.read_aspects(files.read_table(aspects)) if aspects else None,
    )
    if save_lexicon:
        files.write_table(found.words, save_lexicon, None, out.excel)
    if plot:
        plot.write(views.plot_sentiment(found.table))
    is_placed = by == "document" and not aspects and any(one.get("spans") for one in records)
    if is_placed and evidence.is_wanted(out.output, out.format):
        evidence.write(found.texts())
    else:
        out.write(found.table)
