from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import RecordOutput

SHIPPED = "ko"


@command
def stopwords(
    source: TokenSource,
    out: RecordOutput,
    lists: Annotated[
        list[str] | None,
        typer.Option(
            "--list",
            metavar="PATH",
            help="Word list besides the shipped one: word, word/TAG, 영* or */TAG per line. "
            "Repeatable.",
        ),
        options.Reads(),
    ] = None,
    default: Annotated[
        bool,
        typer.Option("--default/--no-default", help="Use the shipped Korean list."),
    ] = True,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="WORD,…", help="Remove these words too."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="WORD,…", help="Always keep these words."),
    ] = None,
    drop_pos: Annotated[
        list[str] | None,
        typer.Option(
            "--drop-pos",
            metavar="GROUP|TAG,…",
            help="Remove these parts of speech (품사): adverb, number, NNB …",
        ),
    ] = None,
    purpose: Annotated[
        str | None,
        typer.Option(
            "--for",
            "--purpose",
            metavar="topics|keywords|sentiment",
            help="Keep only the parts of speech that this needs: no numbers or emoticons for "
            "topics, negation for sentiment.",
        ),
    ] = None,
    min_length: Annotated[
        int, typer.Option("--min-length", metavar="N", help="Remove shorter tokens.")
    ] = 1,
    show: Annotated[
        bool, typer.Option("--show", help="Print the words of the lists and of --add, and stop.")
    ] = False,
    jobs: options.Jobs = 0,
) -> None:
    """For topics: morph --lemma | stopwords --for topics | lda

    For keywords: morph | stopwords --for keywords | tfidf

    For sentiment: morph --lemma | stopwords --for sentiment (keeps negation and emoticons)

    Example: korpus stopwords tokens.jsonl --add 영화 --drop-pos adverb
    """
    from korpus import files, tokens

    names = [name for name in lists or [] if name != SHIPPED]  # once it had to be named
    words = [
        (word, name) for name in names for word in tokens.stopword_entries(files.read_text(name))
    ]
    listed = [word for word, _name in words]
    added, kept = options.split_list(add), options.split_list(keep)
    if show:
        shipped = [(word, SHIPPED) for word in (tokens.shipped_stopwords() if default else ())]
        table = tokens.stopword_table(shipped + words + [(word, "--add") for word in added])
        files.write_table(table, out.output, out.format, out.excel)
        return
    stage = partial(
        tokens.stopwords,
        words=listed,
        lists=[Path(name).name for name in names],
        default=default,
        add=added,
        keep=kept,
        drop_pos=options.split_list(drop_pos),
        purpose=purpose,
        min_length=min_length,
    )
    out.run(
        stage,
        source.batches(out.output),
        jobs=jobs,
        log_counts=partial(
            tokens.log_removed, min_length=min_length, entries=[*listed, *added, *kept]
        ),
    )
