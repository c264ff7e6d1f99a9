"""Run a stage over batches of documents, here or in worker processes."""

import multiprocessing.connection
import os
import time
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Generic

from korpus.errors import KorpusError
from korpus.messages import _
from korpus.records import Counts, Record, set_aside
from korpus.workers.process import (
    Addable,
    Answer,
    Batch,
    Decode,
    Encode,
    Item,
    Job,
    Stage,
    Task,
    Worker,
    forks,
)

_WORTHWHILE = 16  # an input of fewer batches starts no processes
_PATIENCE = 0.5  # seconds between checks of the deadlines
_START = 300.0  # seconds that a worker may take to load what it needs
_TIMEOUT, _DIED = "timeout", "died"


def run(
    stage: Stage[Item],
    batches: Iterable[Batch | None],
    *,
    jobs: int = 0,
    decode: Decode[Batch] = iter,  # type: ignore[assignment]
    encode: Encode[Item] | None = None,
    counts: Addable | None = None,
) -> Iterator[Item | bytes]:
    """Run a stage, in worker processes if the input is long enough to gain from them. Streams.

    Parameters: `stage`, a picklable function of documents with a keyword `counts`; `batches`, lists
    of documents, or anything that `decode` turns into documents in the worker, with None where the
    source pauses: all output so far is then given out; `jobs`, number of processes (0: one per
    core; 1: only this one); `encode`, a picklable function that turns an item of the stage into
    bytes in the worker; `counts`, what the stage counts in: each worker has its own, and `update`
    adds them up at the end.

    Out: the items of the stage, or their bytes, in document order whatever `jobs` is. Only a
    bounded number of batches is in memory. Raises what the stage raises, and KorpusError if a
    worker dies.
    """
    stage(())
    counts = Counts() if counts is None else counts
    job = Job(stage, decode, encode, type(counts))
    if jobs == 1:
        return job.here((batch for batch in batches if batch is not None), counts=counts)
    return _run(job, iter(batches), jobs or os.cpu_count() or 1, counts)


def _run(
    job: Job[Batch, Item], batches: Iterator[Batch | None], jobs: int, counts: Addable
) -> Iterator[Item | bytes]:
    """Run here until the source has given enough batches without a pause, then in workers."""
    ahead: list[Batch] = []
    for batch in batches:
        if batch is None:
            yield from job.here(ahead, counts=counts)
            ahead = []
            continue
        ahead.append(batch)
        if len(ahead) == _WORTHWHILE:
            pool = _Pool(job, jobs, None)
            for _at, _batch, answer in pool.answers(chain(ahead, batches), counts):
                yield from answer.found
            return
    yield from job.here(ahead, counts=counts)


def supervise(
    stage: Stage[Item],
    batches: Iterable[Batch | None],
    *,
    jobs: int = 0,
    timeout: float = 0,
    warm_up: int = 0,
    retire: int | None = None,
    ordered: bool = True,
    decode: Decode[Batch] = iter,  # type: ignore[assignment]
    encode: Encode[Item] | None = None,
) -> Iterator[tuple[int, Batch, Answer[Item]]]:
    """Run a stage in worker processes that are replaced when they hang or die. Streams.

    Parameters: as in `run`, except that the stage takes a keyword `rejects`, called with each
    document that it sets aside, and yields exactly one item for every other document; `timeout`,
    seconds allowed per document (0: no limit); `warm_up`, how many batches the first worker does
    before others start; `retire`, after how many batches a worker is replaced (None: never);
    `ordered`, whether batches come out in input order rather than as they are done.

    A document that exceeds `timeout` is set aside. So is a document at which a worker dies twice,
    the second time with that document alone. Out: each batch with its position in the input and its
    answer. Raises what the stage raises, after the batches before that one, and KorpusError if
    workers do not start.
    """
    stage((), counts=Counts(), rejects=None)
    pool = _Pool(Job(stage, decode, encode, guarded=True), jobs or os.cpu_count() or 1, timeout)
    pool.warm_up, pool.retire, pool.ordered = warm_up, retire, ordered
    return pool.answers(iter(batches), None)


class _Pool(Generic[Batch, Item]):
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
        self.workers: list[Worker[Batch, Item]] = []

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
                        yield task.at, task.batch, task.result()
                    else:
                        self.wait()
            if counts is not None:
                for worker in self.workers:
                    worker.finish()
                for worker in self.workers:
                    counts.update(worker.connection.recv())
        except (EOFError, ConnectionError):
            raise _died() from None
        finally:
            # After an error or an interrupt, no batch is waited for.
            for worker in self.workers:
                worker.process.kill()

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
            self.workers += [Worker(self.job) for _number in range(wanted - len(self.workers))]
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
                worker.receive()
            except (EOFError, OSError):
                if not self.job.guarded:
                    raise
                self.replace(worker, _DIED)
            else:
                if self.retire and worker.answered >= self.retire:
                    self.replace(worker, None)
        for worker in busy.values() if limit else ():
            if worker.is_stuck(passed, limit if worker.is_ready else max(limit, _START)):
                self.replace(worker, _TIMEOUT)

    def replace(self, worker: Worker[Batch, Item], lost: str | None) -> None:
        """Replace a worker that retires, or that died or hung at a document (`lost`)."""
        worker.kill()
        if lost and not worker.is_ready:
            raise _died() if lost == _DIED else _not_ready()
        tasks = list(worker.tasks)
        if lost and tasks:
            tasks[:1] = self.split(tasks[0], worker.progress, lost)
        successor = Worker(self.job)
        self.workers[self.workers.index(worker)] = successor
        for task in tasks:
            if not task.is_done:
                successor.send(task)

    def split(self, task: Task[Batch, Item], at: int, lost: str) -> list[Task[Any, Item]]:
        """Split a batch around the document that crashed or hung the worker.

        After a crash that document is tried once more by itself: something else may have killed
        the worker. The parts are lists of documents, which `decode` must accept too.
        """
        documents: list[Record] = list(self.job.decode(task.batch))
        at = min(at, len(documents) - 1)
        guilty: Task[Any, Item] = Task(documents[at : at + 1], is_suspect=True)
        if lost == _TIMEOUT or task.is_suspect:
            reason = (
                _("the analyzer took more than {seconds:g} s").format(seconds=self.timeout)
                if lost == _TIMEOUT
                else _("the analyzer crashed on it, twice")
            )
            guilty.answer = Answer([], [set_aside(documents[at], lost, reason)], Counts())
        before: list[Task[Any, Item]] = [Task(documents[:at])] if at else []
        after: list[Task[Any, Item]] = [Task(documents[at + 1 :])] if documents[at + 1 :] else []
        task.parts = [*before, guilty, *after]
        return task.parts


def _died() -> KorpusError:
    return KorpusError(
        _("a worker process died"),
        _("is there enough memory? try fewer processes with --jobs, or --jobs 1"),
    )


def _not_ready() -> KorpusError:
    message = _("the analyzer is not ready after {seconds:.0f} seconds")
    return KorpusError(message.format(seconds=_START), _("run: korpus doctor"))
