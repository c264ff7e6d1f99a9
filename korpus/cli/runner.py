"""Run a stage over the batches of a source: in several processes, with resume and rejects."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar, cast

from korpus.checks import check_choice
from korpus.cli import on_cluster
from korpus.cli.options import processes
from korpus.cli.progress import reading_progress
from korpus.cli.rejects import current, guarded, run_collecting
from korpus.errors import UsageError
from korpus.messages import _, plural
from korpus.records import Counts, Record
from korpus.version import __version__

if TYPE_CHECKING:
    from korpus.files import Checkpoint, Reading
    from korpus.files.batches import Batch
    from korpus.workers import Answer
    from korpus.workers.task import Addable, Encode, Stage

logger = logging.getLogger("korpus")

Total = TypeVar("Total", bound="Addable")
_RESUME = ("auto", "only", "never")


def batches(
    sources: str | list[str], output: str, reading: "Reading", *, size: int, needs_text: bool = True
) -> Any:
    """Sources in batches for `run`, with progress on a terminal; see `files.read_batches`.

    With --on, documents of the cluster, for `run` and `run_guarded` or for a stage with a plan.

    `output`: where the results go. What goes to a pipe or a terminal is passed on as it comes.
    """
    if cluster := on_cluster.current():
        return on_cluster.documents(cluster, sources, reading, size, needs_text)
    return _batches(sources, output, reading, size=size, needs_text=needs_text)


def _batches(
    sources: str | list[str], output: str, reading: "Reading", *, size: int, needs_text: bool
) -> "Iterator[Batch | None]":
    from korpus import files

    steady = not files.is_stream(output)
    with reading_progress(sources, output) as seen:
        yield from files.read_batches(
            sources, reading, size=size, needs_text=needs_text, steady=steady, seen=seen
        )


def run(
    stage: "Stage[Any]",
    batches: "Iterable[Batch | None]",
    *,
    jobs: int,
    encode: "Encode[Any] | None" = None,
    counts: "Addable | None" = None,
) -> "Iterator[Any]":
    """Run a stage on the batches of a source, and set its bad rows aside; see `workers.run`."""
    from korpus import workers

    jobs = processes(jobs)
    run: Callable[..., Iterator[Any]] = partial(workers.run, jobs=jobs, encode=encode)
    if on_cluster.is_elsewhere(batches):
        from korpus import spark

        run = cast("Callable[..., Iterator[Any]]", partial(spark.run, encode=encode))
    return run_collecting(run, stage, batches, Counts() if counts is None else counts)


def add_up(
    stage: "Stage[Any]", batches: "Iterable[Batch | None]", counts: "Total", *, jobs: int
) -> "Total":
    """Run a stage that gives no records and only counts. Returns `counts`, with all added."""
    if on_cluster.is_elsewhere(batches):
        on_cluster.add_up(stage, batches, counts)
        return counts
    for _nothing in run(stage, batches, jobs=jobs, counts=counts):
        pass
    return counts


def run_first(stage: "Stage[Any]", batches: "Iterable[Batch | None]", *, jobs: int) -> list[Any]:
    """Run the first of two passes over the same source: bad rows and counts are for the second."""
    from korpus import workers
    from korpus.files import traffic

    run: Callable[..., Iterator[Any]] = partial(workers.run, jobs=processes(jobs), decode=_good)
    if on_cluster.is_elsewhere(batches):
        from korpus import spark

        run = cast("Callable[..., Iterator[Any]]", partial(spark.run, decode=_good))
    found = list(run(stage, batches))
    for flow in traffic.inputs.values():
        flow.records = None
    return found


def _good(batch: "Batch") -> Iterator[Record]:
    from korpus import files

    return files.documents(batch, [])


def run_guarded(
    stage: "Stage[Record]",
    batches: "Iterable[Batch | None]",
    *,
    output: str,
    format: str | None,
    excel: bool,
    sources: list[str],
    resume: str,
    options: dict[str, object],
    versions: dict[str, str],
    log_counts: Callable[[Counts], None],
    jobs: int,
    timeout: float,
    warm_up: int = 0,
    retire: int | None = None,
    gives_lists: bool = False,
    write: Callable[[Iterable[Record]], None] | None = None,
) -> None:
    """Run a stage in worker processes, and write its records and the documents that it rejects.

    If the output is a file, finished batches are saved beside it, and a later run of the same
    `options` and `versions` resumes; `resume`: see `files.Checkpoint`. `log_counts`: called with
    the counts of all batches at the end. `jobs`, `timeout`, `warm_up`, `retire`: see
    `workers.supervise`. `gives_lists`: whether the stage gives a list of records per document.
    `write`: writes the records to `output` as something else, such as a model.
    """
    from korpus import files, workers

    if timeout < 0:
        raise UsageError(
            _("--timeout {seconds} is less than 0").format(seconds=f"{timeout:g}"),
            _("0 means no limit"),
        )
    check_choice("--resume", resume, _RESUME)
    jobs = processes(jobs)
    if on_cluster.is_elsewhere(batches):
        on_cluster.run_guarded(
            stage,
            batches,
            output=output,
            format=format,
            excel=excel,
            gives_lists=_lines if gives_lists else None,
            log_counts=log_counts,
            timeout=timeout,
            retire=retire,
            resume=resume,
        )
        return
    aside = current()
    supervise = partial(
        workers.supervise,
        partial(guarded, stage),
        jobs=jobs,
        timeout=timeout,
        warm_up=warm_up,
        retire=retire,
        decode=files.documents,
    )
    encode = None if write else files.line_encoder(output, format)
    # What workers make of a record. It is saved as JSON, whatever the output's format.
    line = encode if files.is_stream(output) and not write else files.json_line
    piece = partial(_lines, line) if line and gives_lists else line
    ids = files.Ids()
    with ExitStack() as stack:
        answers: Iterator[Answer[Any]]
        if files.can_resume(output):
            identity = files.Identity(
                files.source_digest(sources), options, {"korpus": __version__, **versions}
            )
            checkpoint = files.Checkpoint(output, identity, resume=resume)
            saved = stack.enter_context(_resumable(checkpoint))
            answers = _saved_answers(partial(supervise, ordered=False), batches, saved, piece)
        else:
            answers = (answer for _, _, answer in supervise(batches, encode=piece))
        found = aside.write(answers)
        if line is files.json_line:
            found = ids.watch(found)
        if encode and line is encode:
            files.write_lines(found, output, format)
        else:
            records = files.parse_records(found) if piece else found
            if gives_lists and not piece:
                records = chain.from_iterable(records)
            if write:
                write(records)
            else:
                files.write_records(records, output, format, excel)
    log_counts(aside.counts)
    ids.log_repeated()


def _lines(line: Callable[[Record], bytes], records: list[Record]) -> bytes:
    """The lines of the records of a document."""
    return b"".join(map(line, records))


@contextmanager
def _resumable(checkpoint: "Checkpoint") -> "Iterator[Checkpoint]":
    """A checkpoint that logs what is saved: at the start, and when the run fails."""
    with checkpoint as saved:
        if saved.documents and not saved.has_new_input:
            logger.info(_("resuming after %s"), plural(saved.documents, "document"))
        try:
            yield saved
            if saved.has_new_input:
                logger.info(
                    _("the input has changed: %s of the run that was stopped are kept"),
                    plural(saved.kept, "document"),
                )
        except BaseException:
            if saved.documents:
                logger.info(
                    _("%s saved: repeat the command to resume"),
                    plural(saved.documents, "document"),
                )
            raise


def _saved_answers(
    supervise: "Callable[..., Iterator[tuple[int, Batch, Answer[Any]]]]",
    batches: "Iterable[Batch | None]",
    saved: "Checkpoint",
    encode: "Encode[Any] | None",
) -> "Iterator[Answer[Any]]":
    """The answers of all batches in input order, each as soon as it and those before are saved."""
    from korpus.workers import Answer

    def ready() -> Iterator[Answer[Any]]:
        for records, rejects, counts in saved.ready():
            yield Answer([records], rejects, counts)

    for number, batch, answer in supervise(saved.remaining(batches), encode=encode):
        saved.add(number, batch, b"".join(answer.found), answer.rejects, answer.counts)
        yield from ready()
    yield from ready()
