"""Worker processes that share the batches of a run, and are replaced when they are lost."""

import multiprocessing.connection
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any, Generic

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Counts, Record, set_aside
from korpus.workers.process import Worker, forks
from korpus.workers.task import Addable, Answer, Batch, Item, Job, Task

_PATIENCE = 0.5  # seconds between checks of the deadlines
_START = 300.0  # seconds that a worker may take to load what it needs
_STARTS = 2  # times in a row that a worker may die while it starts
_TIMEOUT, _DIED, _UNSENT = "timeout", "died", "unsent"


class Pool(Generic[Batch, Item]):
    """Workers, each with at most a few batches ahead.

    `timeout`: seconds allowed per document; None if no deadline is kept.
    """

    warm_up = 0
    retire: int | None = None
    ordered = True

    def __init__(self, job: Job[Batch, Item], jobs: int, timeout: float | None) -> None:
        self.job = job
        self.jobs = jobs
        self.timeout = timeout
        self.taken = 0
        self.failed_starts = 0
        self.workers: list[Worker[Batch, Item]] = []
        self.again: list[Task[Batch, Item]] = []  # answered already, but their counts were lost

    def answers(
        self, batches: Iterator[Batch | None], counts: Addable | None
    ) -> Iterator[tuple[int, Batch, Answer[Item]]]:
        """Each batch with its position and answer. Without `guarded`, adds up to `counts`."""
        tasks: list[Task[Batch, Item]] = []
        try:
            for at, batch in enumerate(chain(batches, [None])):
                if batch is not None:
                    tasks.append(self.take(batch, at))
                most = 3 * self.jobs if batch is not None else 0
                self.wait(patience=0)
                while (task := self.finished(tasks)) or len(tasks) > most:
                    if task:
                        tasks.remove(task)
                        answer = task.result()
                        if counts is not None and self.job.counts_each:
                            counts.update(answer.counts)
                        yield task.at, task.batch, answer
                    else:
                        self.wait()
            if counts is not None and not self.job.counts_each:
                for worker in self.workers:
                    worker.finish()
                for worker in list(self.workers):
                    counts.update(self.counted(worker))
                for task in self.again:
                    task.result()
        finally:
            # After an error or an interrupt, no batch is waited for.
            for worker in self.workers:
                worker.process.kill()

    def counted(self, worker: Worker[Batch, Item]) -> Any:
        """The counts of a worker that is sent nothing more, or of its successor if it dies."""
        try:
            while worker.tasks or worker.uncounted:
                worker.receive()
        except (EOFError, OSError):
            successor = self.replace(worker, _DIED)
            successor.finish()
            return self.counted(successor)
        return worker.counts

    def finished(self, tasks: list[Task[Batch, Item]]) -> Task[Batch, Item] | None:
        """A task whose answer can be given out. An error waits for the tasks before it."""
        if tasks and tasks[0].is_done:
            return tasks[0]
        if self.ordered:
            return None
        return next((task for task in tasks if task.is_done and not task.is_failed), None)

    def take(self, batch: Batch, at: int) -> Task[Batch, Item]:
        """Give a batch to the worker with the fewest waiting."""
        is_warm = self.taken >= self.warm_up
        if not self.workers or (is_warm and len(self.workers) < self.jobs):
            # Workers can only be forked before the first thread starts, so they start early.
            wanted = self.jobs if is_warm or forks() else 1
            self.workers += [_start(self.job) for _number in range(wanted - len(self.workers))]
        self.taken += 1
        task: Task[Batch, Item] = Task(batch, at)
        min(self.workers[: None if is_warm else 1], key=lambda worker: len(worker.tasks)).send(task)
        return task

    def wait(self, patience: float | None = None) -> None:
        """Take the answers that have come, or wait for one; replace workers that are stuck."""
        busy = {worker.connection: worker for worker in self.workers if worker.tasks}
        limit = self.timeout or 0
        if limit and patience is None:
            patience = min(_PATIENCE, limit / 4)
        began = time.monotonic()
        answered = multiprocessing.connection.wait(list(busy), patience)
        # If the whole run was suspended (Ctrl-Z), that time does not count.
        passed = min(time.monotonic() - began, _PATIENCE)
        for worker in [busy.pop(connection) for connection in list(busy) if connection in answered]:
            try:
                task = worker.receive()
            except (EOFError, OSError):
                self.replace(worker, _DIED)
                continue
            self.failed_starts = 0
            if task and task.answer is None:
                self.send_parts(worker, task)
            if self.retire and worker.answered >= self.retire:
                self.replace(worker, None)
        for worker in busy.values() if limit else ():
            if not worker.is_ready:
                worker.waited += passed
                if worker.waited > max(limit, _START):
                    raise _not_ready()
            elif seconds := worker.stuck(passed, limit):
                self.replace(worker, _TIMEOUT, seconds)

    def send_parts(self, worker: Worker[Batch, Item], task: Task[Batch, Item]) -> None:
        """Send a batch that has come to nothing again, as single documents."""
        if not self.job.guarded:
            raise KorpusError(
                _("a batch of documents cannot be sent between processes"), _("try --jobs 1")
            )
        for part in self.split(task, 0, _UNSENT, 0):
            if part.answer is None:
                worker.send(part)

    def replace(
        self, worker: Worker[Batch, Item], lost: str | None, seconds: float = 0
    ) -> Worker[Batch, Item]:
        """Replace a worker that retires, or that died or hung at a document (`lost`).

        Gives its successor, which does again what the worker had answered but not counted.
        """
        worker.kill()
        again = [Task[Batch, Item](task.batch, task.at) for task in worker.uncounted]
        self.again += again
        tasks = again + list(worker.tasks)
        if not self.job.guarded:  # a second worker tries
            if any(task.is_suspect for task in worker.uncounted[:1] or tasks[:1]):
                raise _died()
            for task in tasks[:1]:
                task.is_suspect = True
        elif lost and not worker.is_ready:
            self.failed_starts += 1
            if self.failed_starts == _STARTS:
                raise _died()
        elif lost and tasks:
            tasks[:1] = self.split(tasks[0], worker.progress, lost, seconds)
        successor = _start(self.job)
        successor.counts = worker.counts
        self.workers[self.workers.index(worker)] = successor
        for task in tasks:
            if not task.is_done:
                successor.send(task)
        return successor

    def split(
        self, task: Task[Batch, Item], finished: int, lost: str, seconds: float
    ) -> list[Task[Any, Item]]:
        """Split a batch that a worker was lost with into what was finished, and single documents.

        Which of these is guilty is not sure: some analyzers look ahead, and something else may
        have killed the worker. The parts are lists of documents, which `decode` must accept too.
        """
        documents: list[Record] = list(self.job.decode(task.batch))
        if len(documents) == 1 and (lost != _DIED or task.is_suspect):
            error, reason = lost, self.reason(lost, seconds)
            task.answer = Answer([], [set_aside(documents[0], error, reason)], Counts())
            return [task]
        finished = min(finished, len(documents) - 1)
        parts: list[Task[Any, Item]] = [Task(documents[:finished])] if finished else []
        for document in documents[finished:]:
            parts.append(Task([document]))
            parts[-1].is_suspect = True
        task.split(parts)
        return parts

    def reason(self, lost: str, seconds: float) -> str:
        """Why a document is set aside."""
        if lost == _DIED:
            return _("the analyzer crashed on it, twice")
        if lost == _UNSENT:
            return _("its result cannot be sent between processes")
        if seconds > (self.timeout or 0):
            message = _("the analyzer took more than {seconds:g} s (ten times --timeout)")
        else:
            message = _("the analyzer took more than {seconds:g} s of the processor (--timeout)")
        return message.format(seconds=seconds)


def _start(job: Job[Batch, Item]) -> Worker[Batch, Item]:
    try:
        return Worker(job)
    except OSError as error:
        message = _("a worker process cannot start: {reason}")
        raise KorpusError(message.format(reason=error.strerror), _("try --jobs 1")) from None


def _died() -> KorpusError:
    return KorpusError(
        _("a worker process died"),
        _("is there enough memory? try fewer processes with --jobs, or --jobs 1"),
    )


def _not_ready() -> KorpusError:
    message = _("the analyzer is not ready after {seconds:.0f} seconds")
    return KorpusError(message.format(seconds=_START), _("run: korpus doctor"))
