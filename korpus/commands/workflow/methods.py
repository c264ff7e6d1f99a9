from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.prose_output import ProseOutput


@command
def methods(
    study: Annotated[
        str,
        typer.Argument(
            metavar="STUDY",
            help="study.lock, a model x.safetensors, or a report x.html.",
            show_default=False,
        ),
        options.Reads(),
    ],
    out: ProseOutput,
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="ko|en", help="Language (default: of the messages)."),
    ] = None,
    bib: Annotated[
        str | None,
        typer.Option("--bib", metavar="FILE", help="Write the references for BibTeX: x.bib."),
        options.Writes((".bib",)),
    ] = None,
) -> None:
    """Says only what the run recorded; each statistic is named with its reference.

    Example: korpus methods lda.safetensors --lang ko -o methods.docx
    """
    from pathlib import Path

    from korpus import files, reports
    from korpus.cli.study_record import read_study
    from korpus.messages import language

    section = reports.methods(read_study(study), lang=lang or language())
    name = Path(bib).stem if bib else None
    with files.open_output(out.output) as stream:
        stream.write(reports.render(section, out.kind, name))
    if bib:
        with files.open_output(bib) as stream:
            stream.write(reports.bibtex(section))
