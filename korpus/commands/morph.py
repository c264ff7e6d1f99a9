from functools import partial
from typing import Annotated, Any

import typer

from korpus import guarding, options, running


def morph(
    source: options.Source = options.STDIN,
    analyzer: Annotated[
        str,
        typer.Option(
            "-a",
            "--analyzer",
            help="mecab, kiwi, okt, komoran, hannanum, kkma, space or char (형태소 분석기).",
        ),
    ] = "mecab",
    pos: Annotated[
        list[str] | None,
        typer.Option(
            "--pos",
            metavar="GROUP|TAG,…",
            help="Keep these parts of speech (품사): noun, verb, adjective, root …, or tags such "
            "as NNG, VV, Josa.",
        ),
    ] = None,
    lemma: Annotated[
        bool, typer.Option("--lemma", help="Verbs and adjectives to their dictionary form in -다.")
    ] = False,
    norm: Annotated[bool, typer.Option("--norm", help="okt: normalise spelling first.")] = False,
    split_inflect: Annotated[
        bool, typer.Option("--split-inflect", help="Take fused tokens (갔/VV+EP) apart.")
    ] = False,
    nbest: Annotated[
        int, typer.Option("--nbest", metavar="N", help="kiwi, mecab: show the N best readings.")
    ] = 0,
    drop_text: Annotated[bool, typer.Option("--drop-text", help="Leave the text out.")] = False,
    timeout: options.Timeout = 60,
    rejects: options.Rejects = None,
    restart: options.Restart = False,
    java_heap: options.JavaHeap = "",
    jobs: options.Jobs = 0,
    column: options.Column = None,
    id_column: options.IdColumn = None,
    encoding: options.Encoding = None,
    input_format: options.InputFormat = None,
    whole_file: options.WholeFile = False,
    output: options.Output = options.STDOUT,
    format: options.RecordFormat = None,
    excel: options.Excel = False,
    force: options.Force = False,
) -> None:
    """Split documents into morphemes with their part of speech (형태소 분석).

    In: id, text. Out: the same, with tokens, tags, analyzer. What cannot be analysed is set aside.

    Example: korpus morph reviews.csv --pos noun,verb --lemma | korpus freq
    """
    from korpus import analyzers

    entry = analyzers.entry(analyzer)
    reading = options.reading(column, id_column, encoding, input_format, whole_file)
    analysis: dict[str, Any] = {
        "analyzer": analyzer,
        "pos": options.split_list(pos),
        "lemma": lemma,
        "norm": norm,
        "split_inflect": split_inflect,
        "nbest": nbest,
        "drop_text": drop_text,
    }
    guarding.run_guarded(
        partial(analyzers.morph, **analysis, java_heap=java_heap),
        running.batches(source, output, size=entry.batch, **reading),
        output=output,
        format=format,
        excel=excel,
        force=force,
        source=source,
        rejects=rejects,
        restart=restart,
        options=reading | analysis,
        versions=analyzers.versions(analyzer),
        say=analyzers.log_counts,
        jobs=jobs if entry.workers else min(jobs, 0) or 1,
        timeout=timeout,
        warm_up=entry.warm_up,
        retire=entry.retire,
    )
