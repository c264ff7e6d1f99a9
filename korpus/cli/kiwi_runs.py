"""Run a stage that Kiwi does: in one process, as Kiwi has threads, which is replaced if it dies."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from korpus.cli import runner
from korpus.cli.inputs import DocumentReading
from korpus.cli.outputs import RecordOutput

if TYPE_CHECKING:
    from korpus.records import Counts


def run(
    stage: Callable[..., Any],
    reading: DocumentReading,
    out: RecordOutput,
    sources: list[str],
    *,
    options: dict[str, object],
    log_counts: "Callable[[Counts], None]",
    gives_lists: bool = False,
    **guarding: Any,
) -> None:
    """Run a stage over sources with `runner.run_guarded`; `gives_lists`, `guarding`: see there."""
    from korpus.documents import kiwi

    how = reading.reading()
    runner.run_guarded(
        stage,
        runner.batches(sources, out.output, how, size=kiwi.BATCH),
        output=out.output,
        format=out.format,
        excel=out.excel,
        sources=sources,
        options=how.options | options,
        versions=kiwi.versions(),
        log_counts=log_counts,
        jobs=1,
        gives_lists=gives_lists,
        **guarding,
    )
