"""A worker process: takes batches, returns answers."""

import contextlib
import logging
import multiprocessing
import os
import queue
import sys
import threading
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, NamedTuple, cast

from korpus.messages import to_stderr
from korpus.records import Counts, Record
from korpus.signals import leave_interrupts_to_parent, signals_delayed
from korpus.workers.clock import Clock, processor_time
from korpus.workers.sending import Unsent, receive, send
from korpus.workers.task import Addable, Answer, Batch, Item, Job, Task

logger = logging.getLogger("korpus")

_READY = "ready"
_MOST_UNCOUNTED = 16  # batches whose counts a worker holds; if it dies, they are done again
_IN_ALL = 10  # times the limit of processor time
_PR_SET_PDEATHSIG, _SIGKILL = 1, 9


class _Held(NamedTuple):
    """What a worker counted in the batches since it last sent counts."""

    counts: Any


class Worker(Generic[Batch, Item]):
    """A process that runs a job on the batches it is sent.

    multiprocessing.Pool is not used: it hangs if a worker is killed while it returns a result.
    """

    def __init__(self, job: Job[Batch, Item]) -> None:
        context = multiprocessing.get_context("fork" if forks() else "spawn")
        self.connection, remote = context.Pipe()
        self._clock = context.RawValue(Clock)
        self.process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(remote, job, self._clock, logger.level), daemon=True
        )
        with signals_delayed():
            self.process.start()
        remote.close()
        self.tasks: deque[Task[Batch, Item]] = deque()  # sent, not answered yet
        self.uncounted: list[Task[Batch, Item]] = []  # answered, but the worker holds their counts
        self.counts = job.make_counts()  # of other answered batches
        self._holds_counts = not job.counts_each
        self.is_ready = False
        self.answered = 0
        self.waited = 0.0
        self._seen = -1
        self._outbox: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        self._sender: threading.Thread | None = None

    @property
    def progress(self) -> int:
        """How many documents of its current batch the worker has finished."""
        return int(self._clock.finished)

    def send(self, task: Task[Batch, Item]) -> None:
        """Send a batch without waiting for the worker to take it."""
        self.tasks.append(task)
        self._put(task.batch)

    def _put(self, batch: Batch | None) -> None:
        if self._sender is None:  # not earlier: a process with threads cannot be forked
            self._sender = threading.Thread(target=self._send, daemon=True)
            self._sender.start()
        self._outbox.put(batch)

    def _send(self) -> None:
        with contextlib.suppress(OSError):  # the worker died: `receive` will notice
            while True:
                batch = self._outbox.get()
                send(self.connection, batch)
                if batch is None:
                    return

    def receive(self) -> Task[Batch, Item] | None:
        """Take an answer, and give its task, which stays without one if that cannot be sent.

        None: the worker is ready, or sent counts. Raises EOFError or OSError if it is gone.
        """
        answer = receive(self.connection)
        self.waited = 0.0
        if answer == _READY:
            self.is_ready = True
            return None
        if isinstance(answer, _Held):
            self.counts.update(answer.counts)
            self.uncounted = []
            return None
        task = self.tasks.popleft()
        if self._holds_counts:
            self.uncounted.append(task)
        if not isinstance(answer, Unsent):
            task.answer = answer
        self.answered += 1
        return task

    def stuck(self, passed: float, limit: float) -> float:
        """Add `passed` seconds; how many the current document may take, if it takes more, else 0.

        It may take `limit` seconds of the processor, so that the outcome does not depend on what
        else the machine does, and ten times as many in all, as what sleeps takes no other time.
        """
        if self.progress != self._seen:
            self._seen, self.waited = self.progress, 0.0
        self.waited += passed
        now = processor_time(self.process.pid)
        if (self.waited if now is None else now - self._clock.started) > limit:
            return limit
        return limit * _IN_ALL if self.waited > limit * _IN_ALL else 0.0

    def finish(self) -> None:
        """Send no more batches; the worker then sends the counts that it holds."""
        self._put(None)

    def kill(self) -> None:
        """Kill the process, and take the answers it had already sent."""
        self.process.kill()
        self._outbox.put(None)
        with contextlib.suppress(EOFError, OSError):
            while self.tasks and self.connection.poll():
                if (task := self.receive()) and task.answer is None:
                    self.tasks.appendleft(task)
                    return


def forks() -> bool:
    """Whether to fork, which saves importing everything again; otherwise workers are spawned.

    Only on Linux and with one thread: no lock can be held then, and no JVM runs.
    """
    try:
        return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def _serve(connection: Connection, job: Job[Any, Any], clock: Clock, level: int) -> None:
    """The main function of a worker process."""
    leave_interrupts_to_parent()
    _silence_stdout()
    end_with_parent()
    _use_log_level(level, job)
    # The parent is gone; or a batch was too large to receive, and the parent says that this died.
    with contextlib.suppress(EOFError, OSError, MemoryError):
        _answer_all(connection, job, clock)


def _silence_stdout() -> None:
    """Standard output is for results alone, and libraries print on it: Java when it crashes."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)


def _use_log_level(level: int, job: Job[Any, Any]) -> None:
    """Log as the parent does, and not again what the stage logs about its options."""
    logger.setLevel(logging.CRITICAL)
    with contextlib.suppress(Exception):  # raised again with the first batch
        job.stage(())
    to_stderr(level)
    if level >= logging.ERROR:
        warnings.simplefilter("ignore")


def _answer_all(connection: Connection, job: Job[Any, Any], clock: Clock) -> None:
    counts = job.make_counts()
    is_ready = False
    uncounted = 0
    while (batch := receive(connection)) is not None:
        answer: Answer[Any] | Exception
        try:
            if job.guarded and not is_ready:
                for _ in job.stage((), counts=counts, rejects=None):  # loads its analyzer
                    pass
                is_ready = True
                send(connection, _READY)
            answer = batch if isinstance(batch, Exception) else _answer(job, batch, clock, counts)
        except Exception as error:
            answer = error
        send(connection, answer)
        uncounted += not job.counts_each
        if uncounted == _MOST_UNCOUNTED:
            send(connection, _Held(counts))
            counts, uncounted = job.make_counts(), 0
    send(connection, _Held(counts))
    receive(connection)  # until the parent kills this process


def _answer(job: Job[Any, Item], batch: object, clock: Clock, counts: Addable) -> Answer[Item]:
    if not job.guarded:
        own = job.make_counts() if job.counts_each else counts
        items = _joined(job, job.here([batch], counts=own))
        return Answer(items, [], own if job.counts_each else Counts())
    own = Counts()
    clock.next_document(0)
    rejects: list[Record] = []

    def set_aside(record: Record) -> None:
        rejects.append(record)
        clock.next_document(clock.finished + 1)

    def counted(found: Iterable[Item | bytes]) -> Iterator[Item | bytes]:
        for item in found:
            clock.next_document(clock.finished + 1)
            yield item

    found = job.here([batch], counts=own, rejects=set_aside)
    return Answer(_joined(job, counted(found)), rejects, own)


def _joined(job: Job[Any, Item], found: Iterator[Item | bytes]) -> list[Item | bytes]:
    """Items as they are; encoded ones as one piece: joined here, so that the parent only writes."""
    return [b"".join(cast("Iterator[bytes]", found))] if job.encode else list(found)


def end_with_parent() -> None:
    """End this process when its parent ends, even by SIGKILL."""
    if sys.platform == "linux":
        # The kernel does it at once, even while a call in C holds the interpreter's lock.
        with contextlib.suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
