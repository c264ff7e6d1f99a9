from typing import Annotated

import typer

from korpus import fitting, options
from korpus.errors import UsageError


def choose_k(
    ctx: typer.Context,
    source: options.Source = options.STDIN,
    span: Annotated[
        str,
        typer.Option("--range", metavar="FROM:TO:STEP", help="The numbers, or a list: 5,10,20."),
    ] = "5:40:5",
    method: Annotated[str, typer.Option("--method", help="lda or nmf.")] = "lda",
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", help="Models of each number, by seed.")
    ] = 3,
    iterations: Annotated[
        int, typer.Option("--iterations", metavar="N", help="Of each model.")
    ] = 200,
    min_df: options.MinDf = "1",
    max_df: options.MaxDf = "1.0",
    plot: Annotated[
        str | None, typer.Option("--plot", metavar="FILE", help="Draw the measures: k.png, k.svg.")
    ] = None,
    seed: options.Seed = 0,
    jobs: options.Threads = 1,
    input_format: options.InputFormat = None,
    output: options.Output = options.STDOUT,
    format: options.TableFormat = None,
    excel: options.Excel = False,
    force: options.Force = False,
) -> None:
    """Compare numbers of topics, and suggest one (토픽 수 정하기).

    In: id, tokens. Out: k, npmi and c_v (coherence), perplexity (held out), diversity, stability.

    Example: korpus choose-k tokens.jsonl --range 5:40:5 --plot k.png
    """
    from korpus import files, models, views

    files.check_table(output, format)
    if plot:
        files.check_picture(plot)
    options.check_outputs([source], force, output=output, plot=plot)
    numbers = _numbers(span)
    records = options.read_tokens(ctx, source, input_format, output)
    with fitting.rounds("model") as report:
        table = models.choose_k(
            records,
            numbers,
            method=method,
            runs=runs,
            iterations=iterations,
            min_df=options.number_or_share("--min-df", min_df),
            max_df=options.number_or_share("--max-df", max_df),
            seed=seed,
            jobs=fitting.threads(jobs),
            report=report,
        )
    if plot:
        files.write_figure(views.plot_k(table), plot)
    files.write_table(table, output, format, excel)


def _numbers(text: str) -> list[int]:
    """5:40:5 is 5, 10 … 40; 5:8 every number; 5,10,20 those."""
    try:
        if ":" not in text:
            return sorted({int(number) for number in text.split(",")})
        start, end, step = (int(number) for number in [*text.split(":"), "1"][:3])
        if step < 1:
            raise ValueError
        if not 1 <= len(numbers := range(start, end + 1, step)) <= 1000:
            raise UsageError(f"--range {text} has {len(numbers):,} numbers", "such as: 5:40:5")
        return list(numbers)
    except ValueError:
        raise UsageError(
            f"--range {text} is not FROM:TO:STEP", "such as --range 5:40:5, or 5,10,20"
        ) from None
