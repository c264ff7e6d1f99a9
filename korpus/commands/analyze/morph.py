from functools import partial
from typing import Annotated, Any

import typer

from korpus.cli import options, runner
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput
from korpus.cli.token_options import TokenOptions


@command
def morph(
    reading: DocumentReading,
    out: RecordOutput,
    tokens: TokenOptions,
    sources: Sources = None,
    analyzer: Annotated[
        str,
        typer.Option(
            "-a",
            "--analyzer",
            help="mecab, kiwi, okt, komoran, hannanum, kkma, space or char (형태소 분석기).",
        ),
    ] = "mecab",
    words: Annotated[
        str | None,
        typer.Option(
            "--words",
            metavar="FILE",
            help="Word table (단어표) with form, tag, becomes, drop: words to keep whole, merge, "
            "remove.",
        ),
        options.Reads(),
    ] = None,
    spans: Annotated[
        bool, typer.Option("--spans", help="Add where each token is in the text: start, end.")
    ] = False,
    nbest: Annotated[
        int, typer.Option("--nbest", metavar="N", help="kiwi, mecab: give the N best readings.")
    ] = 0,
    drop_text: Annotated[bool, typer.Option("--drop-text", help="Leave out the text.")] = False,
    timeout: options.Timeout = 60,
    resume: options.Resume = "auto",
    restart: options.Restart = False,
    java_heap: options.JavaHeap = "",
    jobs: options.Jobs = 0,
) -> None:
    """Documents that cannot be analysed are set aside.

    Example: korpus morph reviews.csv --pos noun,verb --lemma | korpus freq
    """
    from korpus import analyzers, files

    entry = analyzers.entry(analyzer)
    table = analyzers.word_table(files.read_rows(words)) if words else None
    analysis: dict[str, Any] = {
        "analyzer": analyzer,
        **tokens.arguments(),
        "nbest": nbest,
        "spans": spans,
        "drop_text": drop_text,
    }
    runner.run_guarded(
        partial(analyzers.morph, **analysis, words=table, java_heap=java_heap),
        runner.batches(given(sources), out.output, size=entry.batch, **reading.batching()),
        output=out.output,
        format=out.format,
        excel=out.excel,
        sources=given(sources),
        resume="never" if restart else resume,
        options=reading.batching() | analysis | {"words": table and table.digest},
        versions=analyzers.versions(analyzer),
        log_counts=partial(analyzers.log_counts, words=table, join=analysis["join"]),
        jobs=jobs if entry.workers else min(jobs, 0) or 1,
        timeout=timeout,
        warm_up=entry.warm_up,
        retire=entry.retire,
    )
