from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.outputs import TableOutput
from korpus.cli.ranking_options import RankingOptions


@command
def search(
    index: Annotated[
        str,
        typer.Argument(metavar="INDEX", help="Index file: x.safetensors.", show_default=False),
        options.Reads(),
    ],
    out: TableOutput,
    ranking: RankingOptions,
    queries: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="QUERY", help="Each argument is a query: '배송 환불'.", show_default=False
        ),
    ] = None,
    query_file: Annotated[
        str | None,
        typer.Option(
            "--queries",
            metavar="FILE",
            help="File of queries: id, text; or tokens made as the index's were.",
        ),
        options.Reads(),
    ] = None,
    column: options.Column = None,
    top: Annotated[
        int, typer.Option("--top", metavar="N", help="Documents to show per query.")
    ] = 10,
    where: Annotated[
        str | None,
        typer.Option(
            "--where", metavar="CONDITION", help="Only these documents: 'rating >= 8', as in where."
        ),
    ] = None,
    context: Annotated[
        int | None,
        typer.Option(
            "--context",
            metavar="N",
            help="For a prompt, as JSON lines: the best sentence of each document, with N "
            "sentences on each side.",
        ),
    ] = None,
    words: Annotated[
        str | None,
        typer.Option("--words", metavar="FILE", help="The word table of the index's analysis."),
        options.Reads(),
    ] = None,
) -> None:
    """Example: korpus search i.safetensors '배송이 늦다' --where 'rating < 4'"""
    from korpus import files, models
    from korpus.errors import UsageError
    from korpus.messages import _

    if queries and query_file:
        raise UsageError(_("--queries cannot be combined with queries on the command line"))
    found = models.search(
        files.load(index),
        files.read(query_file, column=column) if query_file else queries or [],
        top=top,
        where=where,
        context=context,
        words=files.read_table(words) if words else None,
        **ranking.arguments(),
    )
    for_prompt = "jsonl" if context is not None and files.is_stream(out.output) else None
    files.write_table(found, out.output, out.format or for_prompt, out.excel)
