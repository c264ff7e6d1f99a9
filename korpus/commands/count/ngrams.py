from functools import partial
from typing import Annotated

import typer

from korpus.cli import options, runner
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def ngrams(
    source: TokenSource,
    out: TableOutput,
    plot: options.Plot,
    n: Annotated[
        str, typer.Option("-n", metavar="N,…", help="How many tokens: 2, or several: 2,3.")
    ] = "2",
    join: Annotated[
        bool,
        typer.Option("--join", help="Write the documents, with sequences in place of tokens."),
    ] = False,
    close_gaps: options.CloseGaps = False,
    min_count: Annotated[options.MinCount, options.NotWith(("join",))] = 1,
    top: Annotated[options.Top, options.NotWith(("join",))] = None,
    bars: options.Bars = False,
    jobs: options.Jobs = 0,
) -> None:
    """Tokens of `morph --spans` are in sequence only where they follow each other in a sentence.

    Example: korpus ngrams tokens.jsonl -n 2,3 --min-count 5 -o ngrams.csv
    """
    from korpus import files, tokens, views
    from korpus.records import Counts

    lengths = tokens.sizes(n)
    tokens.check_ngrams(lengths, min_count, top)
    if join:
        counts = Counts()
        stage = partial(tokens.joined_ngrams, n=lengths, close_gaps=close_gaps)
        found = runner.run(stage, source.batches(out.output), jobs=jobs, counts=counts)
        files.write_records(found, out.output, out.format, out.excel)
        tokens.log_joined(counts, close_gaps=close_gaps)
        return
    place = partial(tokens.place_terms, close_gaps=close_gaps)
    parts = source.parts(place, out.output, jobs)
    table = tokens.ngram_table(
        parts, n=lengths, close_gaps=close_gaps, min_count=min_count, top=top
    )
    if plot:
        plot.write(views.plot_freq(table))
    out.write(table, bars=bars)
