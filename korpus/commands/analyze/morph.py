from functools import partial
from typing import Annotated, Any

import typer

from korpus.cli import options, runner
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput
from korpus.cli.token_options import TokenOptions, split_tokenizer
from korpus.cli.word_table import WordTableOptions


@command
def morph(
    reading: DocumentReading,
    out: RecordOutput,
    tokens: TokenOptions,
    words: WordTableOptions,
    guarding: options.Guarding,
    sources: Sources = None,
    analyzer: Annotated[
        str,
        typer.Option(
            "-a",
            "--analyzer",
            help="mecab, kiwi, okt, komoran, hannanum, kkma, space or char (형태소 분석기); or "
            "subword:tokenizer.json.",
        ),
    ] = "mecab",
    spans: Annotated[
        bool, typer.Option("--spans", help="Add where tokens are, and where sentences start.")
    ] = False,
    nbest: Annotated[
        int, typer.Option("--nbest", metavar="N", help="kiwi, mecab: give the N best readings.")
    ] = 0,
    drop_text: Annotated[bool, typer.Option("--drop-text", help="Leave out the text.")] = False,
    java_heap: options.JavaHeap = "",
    jobs: options.Jobs = 0,
) -> None:
    """Documents that cannot be analysed are set aside.

    Example: korpus morph reviews.csv --pos noun,verb --lemma | korpus freq
    """
    from korpus import analyzers

    analyzer, subwords = split_tokenizer(analyzer)
    entry = analyzers.entry(analyzer)
    how = reading.reading()
    analysis: dict[str, Any] = {
        "analyzer": analyzer,
        **tokens.arguments(),
        "nbest": nbest,
        "spans": spans,
        "drop_text": drop_text,
    }
    runner.run_guarded(
        partial(
            analyzers.morph, **analysis, words=words.table, subwords=subwords, java_heap=java_heap
        ),
        runner.batches(given(sources), out.output, how, size=entry.batch),
        output=out.output,
        format=out.format,
        excel=out.excel,
        sources=given(sources),
        options=how.options | analysis | {"words": words.table and words.table.digest},
        versions=analyzers.versions(analyzer),
        log_counts=partial(words.log_counts, analyzer, analysis["join"]),
        jobs=jobs if entry.workers else min(jobs, 0) or 1,
        **guarding.arguments(),
        warm_up=entry.warm_up,
        retire=entry.retire,
    )
