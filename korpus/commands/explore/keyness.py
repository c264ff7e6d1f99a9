from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import typer

from korpus.cli import options, runner
from korpus.cli.command import command
from korpus.cli.inputs import TokenSource
from korpus.cli.outputs import TableOutput


@dataclass(frozen=True)
class TwoSources(TokenSource):
    """A source, and perhaps another to compare it with."""

    other: Annotated[
        str | None,
        typer.Argument(metavar="REFERENCE", help="Documents to compare with.", show_default=False),
        options.Reads(),
    ] = None


@command
def keyness(
    source: TwoSources,
    out: TableOutput,
    plot: options.Plot,
    by: options.By = None,
    order: Annotated[options.Order, options.OnlyWith("by")] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="VALUE", help="Compare only this group with all others."),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(
            "--reference",
            metavar="TABLE|wordfreq",
            help="Compare with a table of term and count, as freq makes, or with general Korean: "
            "only terms that wordfreq knows.",
        ),
        options.Reads(),
    ] = None,
    sort: Annotated[
        str,
        typer.Option(
            "--sort", help="g2, chi2, log_ratio, log_odds, percent_diff or odds_ratio: what ranks."
        ),
    ] = "g2",
    top: Annotated[
        int | None,
        typer.Option(
            "--top",
            metavar="N",
            help="Only N terms that are more frequent, and of one target N that are less.",
        ),
    ] = None,
    min_count: options.MinCount = 5,
    jobs: options.Jobs = 0,
) -> None:
    """log_ratio counts 0.5 occurrences where one side has none.

    Example: korpus keyness tokens.jsonl --by rating --target 10 --top 20"""
    from korpus import files, tokens, views

    ranking: dict[str, Any] = {"sort": sort, "top": top, "min_count": min_count}
    tokens.check_keyness(source.other is not None, by, target, reference is not None, **ranking)
    counts = []
    for each in [source, replace(source, source=source.other)] if source.other else [source]:
        stage = partial(tokens.count, by=by)
        batches = each.batches(out.output)
        counts.append(runner.add_up(stage, batches, tokens.TermCounts(), jobs=jobs))
    listed: Any = reference
    if reference is not None and reference != "wordfreq":
        listed = iter(files.read_table(reference))
    table = tokens.keyness(
        *counts, by=by, target=target, reference=listed, order=options.split_list(order), **ranking
    )
    if plot:
        plot.write(views.plot_keyness(table, sort))
    out.write(table)
