"""Run a stage over the batches of a source, in several processes where that pays."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from korpus.cli.options import check_jobs
from korpus.cli.progress import reading_progress

if TYPE_CHECKING:
    from korpus.files.batches import Batch
    from korpus.workers.process import Addable, Decode, Encode, Stage


def batches(source: str, output: str, *, size: int, **reading: Any) -> "Iterator[Batch | None]":
    """A source in batches for `run`, with progress on a terminal; see `files.read_batches`.

    `output`: where the results go. What goes to a pipe or a terminal is passed on as it comes.
    """
    from korpus import files

    steady = not files.is_stream(output)
    with reading_progress(source, output) as seen:
        yield from files.read_batches(source, size=size, steady=steady, seen=seen, **reading)


def run(
    stage: "Stage[Any]",
    batches: "Iterable[Batch | None]",
    *,
    jobs: int,
    encode: "Encode[Any] | None" = None,
    counts: "Addable | None" = None,
) -> "Iterator[Any]":
    """Run a stage on the batches of a source; see `workers.run`."""
    from korpus import files, workers

    check_jobs(jobs)
    decode: Decode[Any] = files.documents
    return workers.run(stage, batches, jobs=jobs, decode=decode, encode=encode, counts=counts)
