from itertools import chain, islice
from typing import Annotated

import typer

from korpus.cli import on_cluster, options, runner
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.outputs import RecordOutput

_BATCH = 1 << 15  # characters


@command
def read(
    reading: DocumentReading,
    out: RecordOutput,
    sources: Sources = None,
    corpus: Annotated[
        str | None,
        typer.Option("--corpus", help="Read konlpy's bills or constitution: kobill or kolaw."),
    ] = None,
    jobs: options.Jobs = 0,
) -> None:
    """Example: korpus read news/ notes.csv -e cp949 -o documents.jsonl"""
    from korpus import files

    if not corpus:
        batches = runner.batches(given(sources), out.output, reading.reading(), size=_BATCH)
        start = [] if on_cluster.is_elsewhere(batches) else list(islice(batches, 1))
        if start and isinstance(start[0], list):
            jobs = jobs or 1  # these are documents: nothing is left to do in other processes
        found = chain(start, batches) if start else batches
        out.run(files.unchanged, found, jobs=jobs)
    else:
        out.write(files.read(sources or [], corpus=corpus, **reading.arguments()))
