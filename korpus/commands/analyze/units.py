import re
from pathlib import Path
from typing import Annotated
from unicodedata import normalize

import typer

from korpus.cli import options
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import TableOutput

_NAME = re.compile(r"\.[A-Za-z]\w{0,7}$")  # how the name of a file ends
_WORD = re.compile("[가-힣]+[.?!]*")


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

    paths = given(sources)
    texts = [path for path in paths if _is_text(path)]
    documents = texts if texts == paths else reading.documents(paths, out.output)
    out.write(
        analyzers.units(
            documents,
            analyzer=analyzer,
            subwords=analyzers.Subwords(files.read_text(subwords)) if subwords else None,
            jobs=jobs,
        )
    )


def _is_text(argument: str) -> bool:
    """Whether an argument is a text: a sentence, or a word, that is no file and no name of one."""
    looks_so = " " in argument.strip() or _WORD.fullmatch(normalize("NFC", argument))
    try:
        return bool(looks_so) and not Path(argument).exists() and not _NAME.search(argument)
    except OSError:  # too long for the name of a file
        return True
