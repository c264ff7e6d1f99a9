"""Run a stage over the batches of a source: in several processes, with resume and rejects."""

import logging
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from korpus.cli.options import STDOUT, check_jobs
from korpus.cli.progress import reading_progress
from korpus.errors import UsageError
from korpus.messages import _, plural
from korpus.records import Counts, Record
from korpus.version import __version__

if TYPE_CHECKING:
    from korpus.files import Checkpoint
    from korpus.files.batches import Batch
    from korpus.workers import Answer
    from korpus.workers.task import Addable, Decode, Encode, Stage

logger = logging.getLogger("korpus")

_SET_ASIDE = 3  # the exit code
_RESUME = ("auto", "only", "never")
_SHOWN = 5  # rejected documents that are shown with their reasons


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


def run_guarded(
    stage: "Stage[Record]",
    batches: "Iterable[Batch | None]",
    *,
    output: str,
    format: str | None,
    excel: bool,
    source: str,
    rejects: str | None,
    resume: str,
    options: dict[str, object],
    versions: dict[str, str],
    log_counts: Callable[[Counts], None],
    jobs: int,
    timeout: float,
    warm_up: int = 0,
    retire: int | None = None,
) -> int:
    """Run a stage in worker processes, and write its records and the documents that it rejects.

    If the output is a file, finished batches are saved beside it, and a later run of the same
    `options` and `versions` resumes; `resume`: see `files.Checkpoint`. `rejects`: the file for
    rejected documents; by default NAME.rejects.jsonl beside the output, and no file if the output
    is a stream. `log_counts`: called with the counts of all batches at the end. `jobs`, `timeout`,
    `warm_up`, `retire`: see `workers.supervise`.

    Gives the exit code: 3 if documents were set aside and no `rejects` named, else 0.
    """
    from korpus import files, workers

    if timeout < 0:
        raise UsageError(
            _("--timeout {seconds} is less than 0").format(seconds=f"{timeout:g}"),
            _("0 means no limit"),
        )
    if resume not in _RESUME:
        raise UsageError(
            _("--resume {value} is unknown").format(value=resume),
            _("one of: {names}").format(names=", ".join(_RESUME)),
        )
    check_jobs(jobs)
    aside = _Rejects(source, output, rejects)
    supervise = partial(
        workers.supervise,
        stage,
        jobs=jobs,
        timeout=timeout,
        warm_up=warm_up,
        retire=retire,
        decode=files.documents,
    )
    encode = files.line_encoder(output, format)
    # What workers make of a record. It is saved as JSON, whatever the output's format.
    piece = encode if files.is_stream(output) else files.json_line
    ids = files.Ids()
    with ExitStack() as stack:
        answers: Iterator[Answer[Any]]
        if files.can_resume(output):
            identity = files.Identity(
                files.source_digest(source), options, {"korpus": __version__, **versions}
            )
            checkpoint = files.Checkpoint(output, identity, resume=resume)
            saved = stack.enter_context(_resumable(checkpoint))
            answers = _saved_answers(partial(supervise, ordered=False), batches, saved)
        else:
            answers = (answer for _, _, answer in supervise(batches, encode=piece))
        found: Iterator[Any] = stack.enter_context(closing(aside.write(answers)))
        if piece is files.json_line:
            found = ids.watch(found)
        if encode and piece is encode:
            files.write_lines(found, output, format)
        else:
            records = files.parse_records(found) if piece else found
            files.write_records(records, output, format, excel)
    log_counts(aside.counts)
    ids.log_repeated()
    return aside.end()


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
) -> "Iterator[Answer[Any]]":
    """The answers of all batches in input order, each as soon as it and those before are saved."""
    from korpus import files
    from korpus.workers import Answer

    def ready() -> Iterator[Answer[Any]]:
        for records, rejects, counts in saved.ready():
            yield Answer([records], rejects, counts)

    for number, batch, answer in supervise(saved.remaining(batches), encode=files.json_line):
        saved.add(number, batch, b"".join(answer.found), answer.rejects, answer.counts)
        yield from ready()
    yield from ready()


class _Rejects:
    """The documents that were set aside: their file, and the messages about them."""

    def __init__(self, source: str, output: str, named: str | None) -> None:
        from korpus import files

        self.was_named = named is not None
        self.path = named
        if named is None and not files.is_stream(output):
            self.path = files.name_of_rejects(output)
            files.check_rejects(self.path)
        if self.path:
            files.check_output(self.path, [source])
        self.private = [source, output]
        self.counts = Counts()
        self.number = 0
        self.shown: list[Record] = []

    def write(self, answers: "Iterable[Answer[Any]]") -> Generator[Any, None, None]:
        """Yield what was found, and write what was rejected. The file is complete at the end."""
        from korpus import files

        with ExitStack() as stack:
            stream: BinaryIO | None = None
            if self.was_named:
                stream = self._open(stack)
            for answer in answers:
                self.counts.update(answer.counts)
                if answer.rejects:
                    self.number += len(answer.rejects)
                    self.shown += answer.rejects[: _SHOWN - len(self.shown)]
                    stream = stream or self._open(stack)
                    stream.writelines(map(files.json_line, answer.rejects))
                yield from answer.found

    def _open(self, stack: ExitStack) -> BinaryIO:
        from korpus import files

        path = self.path or os.devnull
        return stack.enter_context(files.open_output(path, no_wider_than=self.private))

    def end(self) -> int:
        """Log how many documents were set aside, and why. Gives the exit code."""
        if not self.number:
            if self.path and not self.was_named and Path(self.path).exists():
                logger.info(_("%s is from an earlier run; nothing was set aside now"), self.path)
            return 0
        for record in self.shown:
            logger.warning(_("document %r: %s"), record["id"], record["reason"])
        if self.number > len(self.shown):
            logger.warning(_("and %s"), plural(self.number - len(self.shown), "more document"))
        documents = plural(self.number, "document")
        if self.path is None:
            logger.warning(_("%s set aside (--rejects FILE keeps them)"), documents)
        elif self.path == STDOUT:
            logger.warning(_("%s set aside on standard output"), documents)
        else:
            logger.warning(_("%s set aside in %s"), documents, self.path)
        return 0 if self.was_named else _SET_ASIDE
