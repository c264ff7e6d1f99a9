from functools import partial

from korpus.cli import options, runner
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@command
def freq(
    source: TokenSource,
    out: TableOutput,
    top: options.Top = None,
    by: options.By = None,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus morph reviews.csv --pos noun | korpus freq -o nouns.xlsx"""
    from korpus import tokens

    tokens.check_top(top)
    counts = tokens.TermCounts()
    stage = partial(tokens.count, by=by)
    for _ in runner.run(stage, source.batches(out.output), jobs=jobs, counts=counts):
        pass
    out.write(tokens.freq_table(counts, top=top, by=by))
