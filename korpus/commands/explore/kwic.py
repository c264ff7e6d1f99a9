from functools import partial
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def kwic(
    pattern: Annotated[
        str,
        typer.Argument(
            metavar="PATTERN",
            help="가격, 가격/NNG, NNG, */noun, lemma:가다, 회사*, .*회사$; several for a sequence: "
            "'NNG JKS VV'.",
            show_default=False,
        ),
    ],
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    context: Annotated[
        int, typer.Option("--context", metavar="N", help="Characters of text on each side.")
    ] = 20,
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="right|left|keyword|text",
            help="By the context to the right, to the left, by keyword, or as in the text.",
        ),
    ] = "right",
    random_sample: Annotated[
        int | None,
        typer.Option("--random", metavar="N", help="Only so many lines, taken at random."),
    ] = None,
    top: Annotated[
        int | None, typer.Option("--top", metavar="N", help="Show only the first N lines.")
    ] = None,
    seed: options.Seed = 0,
    jobs: options.Jobs = 0,
) -> None:
    """Tokens of `morph --spans` are shown in the original text, also after stopwords.

    Example: korpus kwic 'lemma:가다' tokens.jsonl --sort left
    """
    from korpus import tokens, views
    from korpus.records import Counts

    tokens.check_kwic(pattern, context, sort, random_sample, top)
    counts = Counts()
    stage = partial(tokens.find_lines, pattern=pattern, context=context)
    lines = source.parts(stage, out.output, jobs, counts)
    found = tokens.kwic(
        lines,
        pattern,
        context=context,
        sort=sort,
        random_sample=random_sample,
        top=top,
        seed=seed,
        counts=counts,
    )
    if plot:
        plot.write(views.plot_dispersion(found))
    out.write(found)
