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
            metavar="ko|PATH",
            help="Word list: word, word/TAG or */TAG per line (default: ko). Repeatable: --list ko "
            "--list mine.txt uses both.",
        ),
        options.Reads(),
    ] = None,
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
    min_length: Annotated[
        int, typer.Option("--min-length", metavar="N", help="Remove shorter tokens.")
    ] = 1,
    show: Annotated[
        bool, typer.Option("--show", help="Print the words of the lists and of --add, and stop.")
    ] = False,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus stopwords tokens.jsonl --add 영화 --drop-pos adverb"""
    from korpus import files, tokens

    words = []
    chosen = lists or [SHIPPED]
    for name in chosen:
        found = (
            tokens.shipped_stopwords()
            if name == SHIPPED
            else tokens.stopword_entries(files.read_text(name))
        )
        words += [(word, name) for word in found]
    added = options.split_list(add)
    if show:
        table = tokens.stopword_table(words + [(word, "--add") for word in added])
        files.write_table(table, out.output, out.format, out.excel)
        return
    stage = partial(
        tokens.stopwords,
        words=None if chosen == [SHIPPED] else [word for word, _name in words],
        lists=() if chosen == [SHIPPED] else [Path(name).name for name in chosen],
        add=added,
        keep=options.split_list(keep),
        drop_pos=options.split_list(drop_pos),
        min_length=min_length,
    )
    out.run(
        stage,
        source.batches(out.output),
        jobs=jobs,
        log_counts=partial(tokens.log_removed, min_length=min_length),
    )
