from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def phrases(
    source: TokenSource,
    out: TableOutput,
    threshold: Annotated[
        float,
        typer.Option(
            "--threshold",
            metavar="NPMI",
            help="Least NPMI; 1: the tokens occur only together, 0: as often as by chance.",
        ),
    ] = 0.5,
    min_pair_count: options.MinPairCount = 5,
    top: Annotated[
        int | None, typer.Option("--top", metavar="N", help="Show only the first N phrases.")
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """Give it nouns with their places (`morph --spans --pos noun`). Delete the rows that are no
    words, and give the rest to `morph --words` or `words apply`.

    Example: korpus phrases nouns.jsonl -o phrases.tsv
    """
    from korpus import tokens

    tokens.check_phrases(threshold, min_pair_count, top)
    parts = source.parts(tokens.place_terms, out.output, jobs)
    out.write(tokens.phrases(parts, threshold=threshold, min_pair_count=min_pair_count, top=top))
