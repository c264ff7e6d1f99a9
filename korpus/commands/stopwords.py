import os
from functools import partial
from typing import Annotated

import typer

from korpus import options, running

SHIPPED = "ko"


def stopwords(
    ctx: typer.Context,
    source: options.Source = options.STDIN,
    lists: Annotated[
        list[str] | None,
        typer.Option(
            "--list",
            metavar="ko|PATH",
            help="Word list: a word, word/TAG or */TAG a line (default: ko). Repeatable: --list ko "
            "--list mine.txt has both.",
        ),
    ] = None,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="WORD,…", help="Remove these words too."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="WORD,…", help="Keep these words in any case."),
    ] = None,
    drop_pos: Annotated[
        list[str] | None,
        typer.Option(
            "--drop-pos", metavar="GROUP|TAG,…", help="Remove parts of speech (품사): adverb, NNB …"
        ),
    ] = None,
    min_length: Annotated[
        int, typer.Option("--min-length", metavar="N", help="Remove tokens shorter than this.")
    ] = 1,
    show: Annotated[
        bool, typer.Option("--show", help="Print the lists and what --add adds, and stop.")
    ] = False,
    jobs: options.Jobs = 0,
    input_format: options.InputFormat = None,
    output: options.Output = options.STDOUT,
    format: Annotated[
        str | None, typer.Option("-f", "--format", help="As korpus morph; --show: as korpus freq.")
    ] = None,
    force: options.Force = False,
) -> None:
    """Remove stopwords (불용어): particles, endings, light verbs, and the words you list.

    In: tokens, tags. Out: the same columns with fewer tokens. Every document stays.

    Example: korpus stopwords tokens.jsonl --add 영화 --drop-pos adverb
    """
    from korpus import files, tokens

    read = [source, *(name for name in lists or [] if name != SHIPPED)]
    options.check_outputs(read, force, later=not show, output=output)
    words, named = [], [os.path.split(name)[1] for name in lists or [] if lists != [SHIPPED]]
    for name in lists or [SHIPPED]:
        found = (
            tokens.shipped_stopwords()
            if name == SHIPPED
            else tokens.stopword_entries(files.read_text(name))
        )
        words += [(word, name) for word in found]
    added = options.split_list(add)
    if show:
        table = tokens.stopword_table(words + [(word, "--add") for word in added])
        files.write_table(table, output, format)
        return
    stage = partial(
        tokens.stopwords,
        words=[word for word, _ in words] if named else None,
        lists=named,
        add=added,
        keep=options.split_list(keep),
        drop_pos=options.split_list(drop_pos),
        min_length=min_length,
    )
    say = partial(tokens.log_removed, min_length=min_length)
    batches = running.token_batches(source, input_format, output)
    with options.tokens_needed(ctx, source):
        running.run_stage(
            stage, batches, output=output, format=format, force=force, jobs=jobs, say=say
        )
