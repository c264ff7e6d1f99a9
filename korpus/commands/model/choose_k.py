from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput
from korpus.cli.progress import training_progress
from korpus.errors import UsageError
from korpus.messages import _

_MOST_TOPICS = 100_000


@command
def choose_k(
    source: TokenSource,
    out: TableOutput,
    vocabulary: options.Vocabulary,
    ks: Annotated[
        str,
        typer.Option(
            "--range", metavar="FROM:TO:STEP", help="Numbers of topics, or a list: 5,10,20."
        ),
    ] = "5:40:5",
    method: Annotated[str, typer.Option("--method", help="lda or nmf.")] = "lda",
    runs: Annotated[
        int,
        typer.Option(
            "--runs", metavar="N", max=1000, help="Models per number, each with its own seed."
        ),
    ] = 3,
    iterations: Annotated[
        int, typer.Option("--iterations", metavar="N", max=1_000_000, help="Iterations per model.")
    ] = 200,
    plot: options.Plot = None,
    seed: options.Seed = 0,
    jobs: options.Threads = 1,
) -> None:
    """Example: korpus choose-k tokens.jsonl --range 5:40:5 --plot k.png"""
    from korpus import files, models, views

    numbers = _numbers(ks)
    with training_progress("model") as report:
        table = models.choose_k(
            source.records(out.output),
            numbers,
            method=method,
            runs=runs,
            iterations=iterations,
            seed=seed,
            jobs=options.threads(jobs),
            report=report,
            **vocabulary.limits(),
        )
    if plot:
        files.write_chart(views.plot_k(table), plot)
    out.write(table)


def _numbers(text: str) -> list[int]:
    """5:40:5 is 5, 10 … 40; 5:8 is 5, 6, 7, 8; 5,10,20 is a list. Raises UsageError."""
    try:
        if ":" not in text:
            return sorted({int(number) for number in text.split(",")})
        start, end, step = (int(number) for number in [*text.split(":"), "1"][:3])
        if step < 1 or max(start, end) > _MOST_TOPICS:
            raise ValueError
        numbers = range(start, end + 1, step)
    except ValueError:
        raise UsageError(
            _("--range {text} is not FROM:TO:STEP").format(text=text),
            _("such as --range 5:40:5, or 5,10,20"),
        ) from None
    if not 1 <= len(numbers) <= 1000:
        raise UsageError(
            _("--range {text} has {count} numbers").format(text=text, count=f"{len(numbers):,}"),
            _("such as --range 5:40:5, or 5,10,20"),
        )
    return list(numbers)
