"""A stage that may fail at a document: what is set aside, and long runs that are taken up again."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from korpus import __version__, running
from korpus.errors import UsageError
from korpus.messages import plural
from korpus.options import STDOUT, check_outputs
from korpus.records import Counts, Record

if TYPE_CHECKING:
    from korpus.files import Checkpoint
    from korpus.workers import Answer
    from korpus.workers.process import Batch, Stage

logger = logging.getLogger("korpus")

_SET_ASIDE = 3  # the exit code
_NAMED = 5  # documents that a message names

# Batches with their places and what came of them, for the batches that are given.
Work = Callable[..., "Iterator[tuple[int, Batch, Answer]]"]


def run_guarded(
    stage: "Stage",
    batches: "Iterable[Batch | None]",
    *,
    output: str,
    format: str | None,
    excel: bool,
    force: bool,
    source: str,
    rejects: str | None,
    restart: bool,
    options: dict[str, Any],
    versions: dict[str, str],
    say: Callable[[Counts], None],
    **guard: Any,
) -> None:
    """Run a stage in workers that may be lost, and write what it gives and what it sets aside.

    To a file, what is done so far is kept beside it until all is, and taken up again by a run of
    the same `source`, `options` and `versions`; `restart` starts over. `rejects`: the file for
    documents that are set aside; by default NAME.rejects.jsonl beside the output, and with standard
    output none. `say`: what to do with the counts at the end. `guard`: jobs, timeout, warm_up and
    retire of `workers.supervise`.

    Raises typer.Exit(3) where documents were set aside and `rejects` was not named.
    """
    from korpus import files, workers

    if rejects and files.suffix_format(rejects) not in ("jsonl", None):
        raise UsageError(f"{rejects}: what is set aside is JSON Lines", "--rejects NAME.jsonl")
    if guard["timeout"] < 0:
        raise UsageError(f"--timeout {guard['timeout']:g} is less than 0", "0 means no limit")
    running.check_jobs(guard["jobs"])
    work = partial(workers.supervise, stage, decode=files.documents, **guard)
    is_stream = files.is_stream(output)
    beside = None if is_stream else files.name_of_rejects(output)
    summary = _Summary(rejects or beside, was_named=rejects is not None)
    check_outputs([source], force, output=output, rejects=summary.rejects)
    target = _Target(output, format, excel)
    if is_stream:
        _to_stream(work, batches, target, summary)
    else:
        identity = {
            "input": files.source_digest(source),
            "options": options,
            "versions": {"korpus": __version__, **versions},
        }
        _to_file(work, batches, target, summary, identity, restart)
    say(summary.counts)
    summary.end()


class _Summary:
    """What is said at the end."""

    def __init__(self, rejects: str | None, was_named: bool) -> None:
        from korpus.files import Ids

        self.rejects = rejects
        self.was_named = was_named
        self.counts = Counts()
        self.ids = Ids()
        self.count = 0
        self.some: list[Record] = []

    def add(self, rejects: list[Record]) -> None:
        self.count += len(rejects)
        self.some += rejects[: _NAMED - len(self.some)]

    def end(self) -> None:
        self.ids.log_repeated()
        if not self.count:
            return
        for record in self.some:
            logger.warning("document %r: %s", record["id"], record["reason"])
        if self.count > len(self.some):
            logger.warning("and %s", plural(self.count - len(self.some), "more document"))
        where = f"in {self.rejects}" if self.rejects else "(--rejects FILE keeps them)"
        if self.rejects == STDOUT:
            where = "on standard output"
        logger.warning("%s set aside %s", plural(self.count, "document"), where)
        if not self.was_named:
            raise typer.Exit(_SET_ASIDE)


class _Target(NamedTuple):
    """Where the records go, and how they look there."""

    output: str
    format: str | None
    excel: bool


def _to_stream(
    work: Work, batches: "Iterable[Batch | None]", target: _Target, summary: _Summary
) -> None:
    """To standard output or a device, as it comes."""
    from korpus import files

    encode = files.line_encoder(target.output, target.format)
    with ExitStack() as stack:
        rejects = stack.enter_context(files.open_output(summary.rejects or os.devnull))

        def found() -> Iterator[Any]:
            for _, _, answer in work(batches, encode=encode):
                summary.counts.update(answer.counts)
                summary.add(answer.rejects)
                rejects.writelines(map(files.json_line, answer.rejects))
                if encode is files.json_line:
                    summary.ids.add(b"".join(answer.found))
                yield from answer.found

        if encode:
            files.write_lines(found(), target.output, target.format)
        else:
            files.write_records(found(), *target)


def _to_file(
    work: Work,
    batches: "Iterable[Batch | None]",
    target: _Target,
    summary: _Summary,
    identity: dict[str, Any],
    restart: bool,
) -> None:
    """To a file, by a partial one that outlives a kill."""
    from korpus import files

    seen = summary.ids.add
    with files.Checkpoint(target.output, identity, seen=seen, restart=restart) as done:
        try:
            if done.documents:
                logger.info("going on after %s", plural(done.documents, "document"))
            remaining = done.remaining(batches)
            for at, batch, answer in work(remaining, ordered=False, encode=files.json_line):
                done.add(at, batch, b"".join(answer.found), answer.rejects, answer.counts)
            summary.counts, summary.count = done.counts, done.rejected
            _place_rejects(done, summary)
            if files.is_json_lines(target.output, target.format):
                done.place()
            else:
                files.write_records(done.records(), *target)
        except BaseException:
            if done.documents:
                kept = plural(done.documents, "document")
                logger.info("%s kept: the same command goes on from there", kept)
            raise


def _place_rejects(done: "Checkpoint", summary: _Summary) -> None:
    """A file of rejects where it was named or there are any, and none of an earlier run."""
    from korpus import files

    assert summary.rejects is not None
    if done.rejected or summary.was_named:
        summary.some = list(islice(done.rejects(), _NAMED))
        files.write_records(done.rejects(), summary.rejects, "jsonl")
    elif Path(summary.rejects).is_file():
        Path(summary.rejects).unlink()
