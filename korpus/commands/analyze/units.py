from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import TableOutput


@command
def units(
    reading: DocumentReading,
    out: TableOutput,
    sources: Sources = None,
    analyzer: Annotated[
        str, typer.Option("-a", "--analyzer", help="Of the morphemes (형태소 분석기).")
    ] = "mecab",
    subwords: Annotated[
        str | None,
        typer.Option(
            "--subwords", metavar="FILE", help="Of the subwords: tokenizer.json of subword train."
        ),
        options.Reads(),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """SOURCE may also be a text: an argument with spaces, or of Hangul, that names no file.

    Example: korpus units '나는 어제 학교에 갔다'
    """
    from korpus import analyzers, files

    out.write(
        analyzers.units(
            reading.texts_or_documents(given(sources), out.output),
            analyzer=analyzer,
            subwords=analyzers.Subwords(files.read_text(subwords)) if subwords else None,
            jobs=jobs,
        )
    )
