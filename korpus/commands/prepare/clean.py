from functools import partial
from typing import Any

from korpus.cli import diffs, options, runner
from korpus.cli.clean_options import CleanOptions
from korpus.cli.command import command
from korpus.cli.inputs import DocumentReading, Sources, given
from korpus.cli.options import STDIN
from korpus.cli.outputs import RecordOutput
from korpus.cli.rejects import collect_here

_BATCH = 1 << 15  # characters


@command
def clean(
    reading: DocumentReading,
    out: RecordOutput,
    cleaning: CleanOptions,
    sources: Sources = None,
    diff: options.Diff = False,
    jobs: options.Jobs = 0,
) -> None:
    """Unicode is always composed (NFC). Every document stays, also one that becomes empty.

    Example: korpus clean news.csv --boilerplate 0.05 --bylines -o clean.jsonl
    """
    from korpus import documents

    paths = given(sources)

    held: Any = None

    def batches() -> Any:
        if held is not None:
            return held
        return runner.batches(paths, out.output, reading.reading(), size=_BATCH)

    arguments = cleaning.arguments()
    documents.clean((), **arguments)  # raises an error for a bad option
    if cleaning.boilerplate:
        if STDIN in paths:
            held = [batch for batch in batches() if batch is not None]
        hashes = partial(documents.boilerplate_hashes, **cleaning.basic())
        first = runner.run_first(hashes, batches(), jobs=jobs)
        arguments["boilerplate"] = documents.find_boilerplate(first, cleaning.boilerplate)
    stage = partial(documents.clean, **arguments, rejects=collect_here)
    if diff:
        changed = runner.run(partial(documents.changes_by, stage), batches(), jobs=jobs)
        diffs.write(changed, out.output)
    else:
        out.run(stage, batches(), jobs=jobs, log_counts=documents.log_cleaned)
