from typing import Annotated, Any

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import TableOutput
from korpus.cli.rejects import collect


@command
def agree(
    reading: DocumentReading,
    out: TableOutput,
    plot: options.Plot,
    sources: Sources = None,
    analyzers: Annotated[
        list[str] | None,
        typer.Option(
            "-a", "--analyzers", metavar="NAME,…", help="Analyzers to compare (형태소 분석기)."
        ),
    ] = None,
    pos: Annotated[
        str,
        typer.Option("--pos", metavar="GROUP,…", help="Parts of speech (품사) to compare."),
    ] = "noun",
    lemma: Annotated[
        bool, typer.Option("--lemma", help="Give verbs and adjectives in dictionary form (-다).")
    ] = False,
    top: Annotated[
        int,
        typer.Option("--top", metavar="N", help="Frequent terms, keywords, and terms of --terms."),
    ] = 50,
    terms: Annotated[
        str | None,
        typer.Option(
            "--terms",
            metavar="FILE",
            help="Write the terms whose counts differ most, with an example: x.csv …",
        ),
        options.Writes("tables"),
    ] = None,
    java_heap: options.JavaHeap = "",
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus agree reviews.csv -a mecab,kiwi,okt --terms terms.csv"""
    from korpus import analyzers as stages
    from korpus import files, views
    from korpus.files import traffic
    from korpus.records import Table

    rows: list[dict[str, Any]] = []
    arguments: dict[str, Any] = {
        "analyzers": options.split_list(analyzers) or ["mecab", "kiwi"],
        "pos": pos,
        "lemma": lemma,
        "top": top,
        "java_heap": java_heap,
        "jobs": jobs,
        "terms": rows.append if terms else None,
        "rejects": collect,
    }
    stages.agree((), **arguments)  # raises an error for a bad option
    with files.Kept(reading.documents(given(sources), out.output)) as kept:
        table = stages.agree(kept, **arguments)
        table = table.held()
    if plot:
        plot.write(views.plot_agree(table))
    out.write(table)
    if terms:
        columns = list(rows[0]) if rows else ["term", "found_by", "example"]
        listed = Table(columns, lambda: (tuple(row.values()) for row in rows))
        files.write_table(listed, terms, None, out.excel)
        traffic.flow(traffic.outputs, terms).records = None  # they are not documents that go out
