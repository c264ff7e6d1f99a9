from functools import partial
from typing import Annotated

import typer

from korpus import options, running


def freq(
    ctx: typer.Context,
    source: options.Source = options.STDIN,
    top: options.Top = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="COLUMN",
            help="A table for each value of a column: rating, or date:month, date:year.",
        ),
    ] = None,
    jobs: options.Jobs = 0,
    input_format: options.InputFormat = None,
    output: options.Output = options.STDOUT,
    format: options.TableFormat = None,
    excel: options.Excel = False,
    force: options.Force = False,
) -> None:
    """Count terms: how often each occurs and in how many documents (빈도 분석).

    In: tokens, tags. Out: term, tag, count, df, share.

    Example: korpus morph reviews.csv --pos noun | korpus freq -o nouns.xlsx
    """
    from korpus import files, tokens

    tokens.check_top(top)
    files.check_table(output, format)
    options.check_outputs([source], force, output=output)
    counts = tokens.TermCounts()
    batches = running.token_batches(source, input_format, output)
    with options.tokens_needed(ctx, source):
        for _ in running.run(partial(tokens.count, by=by), batches, jobs=jobs, counts=counts):
            pass
    table = tokens.freq_table(counts, top=top, by=by)
    files.write_table(table, output, format, excel)
