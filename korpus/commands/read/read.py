from typing import Annotated

import typer

from korpus.cli import options, runner
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, check_terminal
from korpus.cli.outputs import RecordOutput

_BATCH = 1 << 15  # characters


@command
def read(
    reading: DocumentReading,
    out: RecordOutput,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE...",
            help="Files and folders: {input_suffixes}, also .gz or .zst; - is standard input.",
            show_default=False,
        ),
        options.Reads(),
    ] = None,
    corpus: Annotated[
        str | None,
        typer.Option("--corpus", help="Read konlpy's bills or constitution: kobill or kolaw."),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus read news/ notes.csv -e cp949 -o documents.jsonl"""
    from korpus import files

    if not sources and not corpus:
        check_terminal(options.STDIN)
        sources = [options.STDIN]
    if sources and len(sources) == 1 and not corpus:
        batches = runner.batches(sources[0], out.output, size=_BATCH, **reading.batching())
        out.run(files.unchanged, batches, jobs=jobs)
    else:
        out.write(files.read(sources or [], corpus=corpus, **reading.arguments()))
