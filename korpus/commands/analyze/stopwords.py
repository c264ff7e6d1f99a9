from functools import partial
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import RecordOutput
from korpus.cli.stopword_lists import StopwordLists


@command
def stopwords(
    source: TokenSource,
    out: RecordOutput,
    words: StopwordLists,
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
        bool,
        typer.Option("--show", help="Print the words of the lists and of --add, and stop."),
        options.WritesTable,
    ] = False,
    jobs: options.Jobs = 0,
) -> None:
    """For topics: morph --lemma | stopwords --for topics | lda

    For keywords: morph | stopwords --for keywords | tfidf

    For sentiment: morph --lemma | stopwords --for sentiment (keeps negation and emoticons)

    Example: korpus stopwords tokens.jsonl --add 영화 --drop-pos adverb
    """
    from korpus import files, tokens

    if show:
        files.write_table(words.table(), out.output, out.format, out.excel)
        return
    stage = partial(
        tokens.stopwords,
        **words.arguments(),
        drop_pos=options.split_list(drop_pos),
        purpose=purpose,
        min_length=min_length,
    )
    out.run(
        stage,
        source.batches(out.output),
        jobs=jobs,
        log_counts=partial(tokens.log_removed, min_length=min_length, entries=words.given()),
    )
