from functools import partial
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def collocations(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    word: Annotated[
        list[str] | None,
        typer.Option(
            "--word",
            "--term",
            metavar="WORD",
            help="Only collocates of this word: 가격, or 가격/NNG. Repeatable, or with commas.",
        ),
    ] = None,
    window: Annotated[
        int,
        typer.Option(
            "-w",
            "--window",
            metavar="N",
            help="Greatest distance of the two tokens, in one sentence; 1: neighbours.",
        ),
    ] = 5,
    direction: Annotated[
        str,
        typer.Option(
            "--direction", metavar="both|left|right", help="Where the collocate may stand."
        ),
    ] = "both",
    close_gaps: options.CloseGaps = False,
    measure: Annotated[
        str,
        typer.Option(
            "--measure",
            metavar="NAME,…",
            help="g2, chi2, t, pmi, npmi, dice, logdice, delta_p, delta_p_back, min_sensitivity, "
            "jaccard, cosine, or all. The first ranks the pairs.",
        ),
    ] = "g2,npmi,logdice",
    min_pair_count: options.MinPairCount = 3,
    top: Annotated[
        int | None,
        typer.Option("--top", metavar="N", help="Show only the first N pairs, of each word."),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """dice, logdice, jaccard, cosine and min_sensitivity compare the count with how often each word
    occurs; the others are of pairs of tokens. Tokens of `morph --spans` keep their places where
    others were removed, and no window crosses a sentence.

    Example: korpus collocations tokens.jsonl --word 배우 --measure logdice,t
    """
    from korpus import tokens, views

    words = options.split_list(word)
    names = tokens.measures(measure)
    tokens.check_collocations(words, window, direction, names, min_pair_count, top)
    stage = partial(tokens.place_terms, close_gaps=close_gaps)
    table = tokens.collocations(
        source.parts(stage, out.output, jobs),
        word=words,
        window=window,
        direction=direction,
        close_gaps=close_gaps,
        measure=names,
        min_pair_count=min_pair_count,
        top=top,
    )
    if plot:
        chart = views.plot_collocations(table, measure=names[0], direction=direction)
        plot.write(chart)
    out.write(table)
