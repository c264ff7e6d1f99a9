import re
from pathlib import Path
from typing import Annotated

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import TableOutput

_NAME = re.compile(r"\.[A-Za-z]\w{0,7}$")  # how the name of a file ends


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
    """SOURCE may also be a text: an argument with spaces that names no file.

    Example: korpus units '나는 어제 학교에 갔다'
    """
    from korpus import analyzers, files

    paths = given(sources)
    texts = [
        path
        for path in paths
        if " " in path.strip() and not Path(path).exists() and not _NAME.search(path)
    ]
    documents = texts if texts == paths else reading.documents(paths, out.output)
    out.write(
        analyzers.units(
            documents,
            analyzer=analyzer,
            subwords=analyzers.Subwords(files.read_text(subwords)) if subwords else None,
            jobs=jobs,
        )
    )
