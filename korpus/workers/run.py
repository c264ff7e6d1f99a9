"""One runner for every stage: batches of documents in, records or lines out."""

import multiprocessing.connection
import os
import time
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from korpus.errors import KorpusError
from korpus.records import Counts, Record, set_aside
from korpus.workers.process import Answer, Batch, Decode, Encode, Job, Stage, Task, Worker, forks

# So many batches make it pay to start processes.
_WORTHWHILE = 16
_PATIENCE = 0.5  # seconds between two looks at the deadlines
_START = 300.0  # seconds that a worker may take to load what it needs
_TIMEOUT, _DIED = "timeout", "died"


def run(
    stage: Stage,
    batches: Iterable[Batch],
    *,
    jobs: int = 0,
    decode: Decode = iter,
    encode: Encode | None = None,
    counts: Any = None,
) -> Iterator[Any]:
    """Run a stage in worker processes where the input is long enough to pay for them. Streams.

    Parameters: `stage`, a picklable function of documents with a keyword `counts`; `batches`,
    lists of documents or whatever `decode` makes documents of, where the work is done: with a
    None where the source pauses, before which everything so far is given out; `jobs`, how many
    processes (0: one a core; 1: none but this); `encode`, a picklable function that turns what
    the stage gives into bytes where it was made; `counts`, where the stage counts what it has to
    tell: each worker counts in one of its own, and they are added up by `update` at the end.

    Out: what the stage gives, or its bytes, in the order of the documents whatever `jobs` is. A
    bounded number of batches is in memory. Raises what the stage raises, and KorpusError where a
    worker dies.
    """
    stage(())
    counts = Counts() if counts is None else counts
    job = Job(stage, decode, encode, type(counts))
    if jobs == 1:
        return job.here((batch for batch in batches if batch is not None), counts=counts)
    return _run(job, iter(batches), jobs or os.cpu_count() or 1, counts)


def _run(job: Job, batches: Iterator[Batch], jobs: int, counts: Any) -> Iterator[Any]:
    """Here, until so many batches come without a pause that processes pay."""
    ahead: list[Batch] = []
    for batch in batches:
        if batch is None:
            yield from job.here(ahead, counts=counts)
            ahead = []
            continue
        ahead.append(batch)
        if len(ahead) == _WORTHWHILE:
            pool = _Pool(job, jobs, None)
            for _, _, answer in pool.answers(chain(ahead, batches), counts):
                yield from answer.found
            return
    yield from job.here(ahead, counts=counts)


def supervise(
    stage: Stage,
    batches: Iterable[Batch],
    *,
    jobs: int = 0,
    timeout: float = 0,
    warm_up: int = 0,
    retire: int | None = None,
    ordered: bool = True,
    decode: Decode = iter,
    encode: Encode | None = None,
) -> Iterator[tuple[int, Batch, Answer]]:
    """Run a stage in worker processes that are replaced when they hang or die. Streams.

    Parameters: as of `run`, but that the stage takes a keyword `rejects`, to be called with each
    document that it sets aside, and gives exactly one thing for each other; `timeout`, how many
    seconds a document may take (0: as long as it likes); `warm_up`, how many batches the first
    worker does before the others are at work; `retire`, after how many batches a worker makes
    room for a new one; `ordered`, whether a batch waits for those before it.

    A document that takes longer is set aside; so is one at which a worker dies, and dies again
    with that document alone. Out: each batch with its place among `batches` and its answer, in
    their order if `ordered`. Raises what the stage raises, once all batches before that one are
    given, and KorpusError where workers do not start.
    """
    stage((), rejects=None)
    pool = _Pool(Job(stage, decode, encode, guarded=True), jobs or os.cpu_count() or 1, timeout)
    pool.warm_up, pool.retire, pool.ordered = warm_up, retire, ordered
    return pool.answers(iter(batches), None)


class _Pool:
    """Workers, each with at most a few batches ahead."""

    warm_up = 0
    retire: int | None = None
    ordered = True

    def __init__(self, job: Job, jobs: int, timeout: float | None) -> None:
        self.job = job
        self.jobs = jobs
        self.timeout = timeout
        self.taken = 0
        self.workers: list[Worker] = []

    def answers(self, batches: Iterator[Batch], counts: Any) -> Iterator[tuple[int, Batch, Answer]]:
        """Each batch with its place and what came of it; what workers noted goes to `counts`."""
        tasks: list[Task] = []
        try:
            for at, batch in enumerate(chain(batches, [None])):
                if batch is not None:
                    tasks.append(self.take(batch, at))
                most = 3 * self.jobs if batch is not None else 0
                self.wait(patience=0)
                while (task := self.ripe(tasks)) or len(tasks) > most:
                    if task:
                        tasks.remove(task)
                        yield task.at, task.batch, task.result()
                    else:
                        self.wait()
            if not self.job.guarded:
                for worker in self.workers:
                    worker.finish()
                for worker in self.workers:
                    counts.update(worker.connection.recv())
        except (EOFError, ConnectionError):
            raise _died() from None
        finally:
            # On the way out of an error or an interrupt, nobody waits for a batch to end.
            for worker in self.workers:
                worker.process.kill()

    def ripe(self, tasks: list[Task]) -> Task | None:
        """A task whose answer can be given out. An error waits for those before it."""
        if tasks and tasks[0].is_done:
            return tasks[0]
        if self.ordered:
            return None
        return next((task for task in tasks if task.is_done and not task.is_failed), None)

    def take(self, batch: Batch, at: int) -> Task:
        """Give a batch to the worker that has least to do."""
        is_long = self.taken >= self.warm_up
        if not self.workers or (is_long and len(self.workers) < self.jobs):
            # Those that can be forked, before the first thread is there, wait until needed.
            wanted = self.jobs if is_long or forks() else 1
            self.workers += [Worker(self.job) for _ in range(wanted - len(self.workers))]
        self.taken += 1
        task = Task(batch, at)
        min(self.workers[: None if is_long else 1], key=lambda worker: len(worker.tasks)).send(task)
        return task

    def wait(self, patience: float | None = None) -> None:
        """Take the answers that there are, and wait for one; look who takes too long."""
        busy = {worker.connection: worker for worker in self.workers if worker.tasks}
        limit = self.timeout or 0
        if limit and patience is None:
            patience = min(_PATIENCE, limit / 4)
        began = time.monotonic()
        answered = multiprocessing.connection.wait(list(busy), patience)
        # While the whole is stopped (Ctrl-Z), no document's time goes by.
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

    def replace(self, worker: Worker, lost: str | None) -> None:
        """Another worker for one that retires, or that died or hangs at one of its documents."""
        worker.kill()
        if lost and not worker.is_ready:
            if lost == _DIED:
                raise _died()
            raise KorpusError(
                f"the analyzer is not ready after {_START:.0f} seconds", "run: korpus doctor"
            )
        tasks = list(worker.tasks)
        if lost and tasks:
            tasks[:1] = self.parts(tasks[0], worker.progress, lost)
        successor = Worker(self.job)
        self.workers[self.workers.index(worker)] = successor
        for task in tasks:
            if not task.is_done:
                successor.send(task)

    def parts(self, task: Task, at: int, lost: str) -> list[Task]:
        """A batch cut into what comes before the document that a worker was lost to, it, and more.

        A worker that died may have been killed: its document is tried once more, alone.
        """
        documents: list[Record] = list(self.job.decode(task.batch))
        at = min(at, len(documents) - 1)
        guilty = Task(documents[at : at + 1], is_suspect=True)
        if lost == _TIMEOUT or task.is_suspect:
            reason = (
                f"the analyzer took more than {self.timeout:g} s"
                if lost == _TIMEOUT
                else "the analyzer died of it, twice"
            )
            guilty.answer = Answer([], [set_aside(documents[at], lost, reason)], Counts())
        around = (documents[:at], documents[at + 1 :])
        before, after = ([Task(some)] if some else [] for some in around)
        task.parts = [*before, guilty, *after]
        return task.parts


def _died() -> KorpusError:
    return KorpusError(
        "a worker process died", "is there enough memory? try fewer with --jobs, or --jobs 1"
    )
