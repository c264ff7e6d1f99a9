from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import Decoding, Sources, given, row_records
from korpus.cli.outputs import TableOutput
from korpus.errors import UsageError
from korpus.messages import _


@command
def reliability(
    reading: Decoding,
    out: TableOutput,
    plot: options.Plot,
    sources: Sources = None,
    sample: Annotated[
        int | None,
        typer.Option(
            "--sample",
            metavar="N",
            help="Write a sheet for coders instead: N documents at random, with a column per "
            "coder.",
        ),
    ] = None,
    coders: Annotated[
        str | None,
        typer.Option(
            "--coders",
            metavar="NAMES",
            help="Columns with the codes, one per coder (default: coder1, coder2 …).",
        ),
    ] = None,
    code: Annotated[
        str,
        typer.Option(
            "--code", metavar="COLUMN", help="If each coder has a file: the column of the codes."
        ),
        options.NotWith(("sample",)),
    ] = "code",
    level: Annotated[
        str,
        typer.Option("--level", help="nominal, ordinal, interval or ratio: codes for α."),
        options.NotWith(("sample",)),
    ] = "nominal",
    replicates: Annotated[
        int,
        typer.Option("--replicates", metavar="N", help="Samples for the 95 % intervals."),
        options.NotWith(("sample",)),
    ] = 1000,
    seed: options.Seed = 0,
) -> None:
    """SOURCE: a table with a column per coder, a file per coder, or documents with --sample.

    Example: korpus reliability sheet.xlsx --coders coder1,coder2
    """
    from korpus import documents, views

    paths = given(sources)
    if sample is not None and plot:
        raise UsageError(_("--plot draws the agreement of coders, not a sheet for them"))
    if sample is not None:
        names = coders or "coder1,coder2"
        found = chain.from_iterable(row_records(reading, path, out.output) for path in paths)
        out.write(documents.coder_sheet(found, sample, coders=names, seed=seed))
        return
    rows = [list(row_records(reading, path, out.output)) for path in paths]
    table = rows[0]
    if len(paths) > 1:
        if coders is not None:
            raise UsageError(
                _("--coders is for one table; of several files each is a coder"),
                _("leave it out; --code names the column of the codes"),
            )
        files = {Path(path).stem: found for path, found in zip(paths, rows, strict=True)}
        if len(files) < len(paths):
            raise UsageError(_("two files have the same name"), _("rename one of them"))
        table = documents.codes_by_id(files, code)
        coders = ",".join(files)
    result = documents.reliability(
        table, coders=coders, level=level, replicates=replicates, seed=seed
    )
    if plot:
        plot.write(views.plot_reliability(result))
    out.write(result)
