from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.rejects import collect
from korpus.cli.report_options import FittedModels, PageOutput, Shown


@command
def report(
    reading: DocumentReading,
    out: PageOutput,
    shown: Shown,
    models: FittedModels,
    sources: Sources = None,
    analyzer: Annotated[
        str,
        typer.Option("-a", "--analyzer", help="mecab, kiwi, okt, komoran, hannanum or kkma."),
    ] = "mecab",
    words: Annotated[
        str | None,
        typer.Option(
            "--words",
            metavar="FILE",
            help="Word table (단어표) with form, tag, becomes, drop.",
        ),
        options.Reads(),
    ] = None,
    seed: options.Seed = 0,
    jobs: options.Jobs = 0,
) -> None:
    """Documents with tokens are taken as they are.

    Example: korpus report reviews.csv --by category -o report.html
    """
    from korpus import analyzers, files, reports

    analyzers.entry(analyzer)
    page = reports.report(
        reading.documents(given(sources), out.output),
        analyzer=analyzer,
        words=analyzers.word_table(files.read_table(words)) if words else None,
        **shown.arguments(),
        **models.arguments(),
        **out.arguments(given(sources)),
        seed=seed,
        jobs=options.processes(jobs),
        rejects=collect,
        encodings=files.traffic.encodings,
    )
    out.write(page)
