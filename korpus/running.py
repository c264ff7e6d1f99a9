"""Sources in batches, through a stage, to an output: what the commands that read files share."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from korpus.errors import UsageError
from korpus.options import STDIN, STDOUT, check_input

if TYPE_CHECKING:
    from korpus.files import Place, Seen
    from korpus.files.blocks import Batch
    from korpus.records import Counts, Record
    from korpus.workers.process import Addable, Decode, Encode, Stage

logger = logging.getLogger("korpus")

_TOKEN_BATCH = 1 << 18  # characters
_BAR = "{n_fmt}B of {total_fmt}B{postfix}, {remaining} left"


def batches(source: str, output: str, *, size: int, **reading: Any) -> "Iterator[Batch | None]":
    """A source in batches for `run`, with progress on a terminal; see `files.read_batches`."""
    return _batches(check_input(source), output, size, reading)


def _batches(
    source: str, output: str, size: int, reading: dict[str, Any]
) -> "Iterator[Batch | None]":
    from korpus import files

    steady = not files.is_stream(output)  # nobody sees a file before its end
    with _progress(source, output) as seen:
        yield from files.read_batches(source, size=size, steady=steady, seen=seen, **reading)


def token_batches(source: str, input_format: str | None, output: str) -> "Iterator[Batch | None]":
    """A token file in batches for `run`."""
    return batches(source, output, size=_TOKEN_BATCH, input_format=input_format)


def documents_of(batches: "Iterable[Batch | None]") -> "Iterator[Record]":
    """The documents of batches, for what runs in this process alone."""
    from korpus import files
    from korpus.records import RecordStream

    return RecordStream.from_iterable(
        files.documents(batch) for batch in batches if batch is not None
    )


def run(
    stage: "Stage[Any]",
    batches: "Iterable[Batch | None]",
    *,
    jobs: int,
    encode: "Encode[Any] | None" = None,
    counts: "Addable | None" = None,
) -> "Iterator[Any]":
    """What a stage gives for the batches of a source; see `workers.run`."""
    from korpus import files, workers

    check_jobs(jobs)
    decode: Decode[Any] = files.documents
    return workers.run(stage, batches, jobs=jobs, decode=decode, encode=encode, counts=counts)


def check_jobs(jobs: int) -> None:
    """Raises UsageError for less than no process."""
    if jobs < 0:
        raise UsageError(f"--jobs {jobs} is less than 0", "0 means one a core")


def run_stage(
    stage: "Stage[Any]",
    batches: "Iterable[Batch | None]",
    *,
    output: str,
    format: str | None,
    excel: bool = False,
    force: bool = False,
    jobs: int,
    say: "Callable[[Counts], None] | None" = None,
) -> None:
    """Run a stage that streams, in several processes where that pays, and write what it gives.

    `say`: what to do with its counts at the end; without it, ids that come again are said.
    """
    from korpus import files
    from korpus.records import Counts

    counts = Counts()
    encode = files.line_encoder(output, format)
    found = run(stage, batches, jobs=jobs, encode=encode, counts=counts)
    ids = files.Ids()
    if say is None:
        found = ids.watch(found)
    if encode:
        files.write_lines(found, output, force)
    else:
        files.write_records(found, output, format, excel, force)
    if say:
        say(counts)
    else:
        ids.say()


@contextmanager
def _progress(source: str, output: str) -> "Iterator[Seen | None]":
    """What shows the documents and bytes that it is told of, where standard error is a terminal.

    None where the output goes to the terminal too, and of a chain only its first command.
    """
    shares_terminal = output == STDOUT and sys.stdout.isatty()
    wanted = source != STDIN and not shares_terminal and sys.stderr.isatty()
    if not wanted or logger.level > logging.INFO:
        yield None
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would keep worker processes from being forked
    documents = 0
    with tqdm(unit_scale=True, leave=False, bar_format=_BAR) as bar:

        def seen(more: int, place: "Place | None") -> None:
            nonlocal documents
            documents += more
            rate = documents / max(bar.format_dict["elapsed"], 0.001)
            bar.set_postfix_str(f"{documents:,} documents, {rate:,.0f} a second", refresh=False)
            if place is not None:
                bar.total = place.of
            bar.update(place.at - bar.n if place is not None else 0)

        yield seen
