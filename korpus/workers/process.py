"""A worker process: a batch in, what came of it out."""

import contextlib
import ctypes
import logging
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from korpus.messages import to_stderr
from korpus.records import Counts, Record

# Called as stage(documents, counts=…); it checks its options when it is called, not when it runs.
Stage = Callable[..., Iterable[Any]]
# What a batch is, only its decoder knows; None between two says that the source pauses.
Batch = Any
Decode = Callable[[Batch], Iterable[Record]]
Encode = Callable[[Any], bytes]

logger = logging.getLogger("korpus")

_READY = "ready"
_PR_SET_PDEATHSIG = 1


@dataclass
class Answer:
    """What came of a batch: what the stage gave, what it set aside, and what it noted."""

    found: list[Any]
    rejects: list[Record]
    counts: Any


@dataclass(frozen=True)
class Job:
    """What there is to do with each batch.

    `guarded`: the stage takes a keyword `rejects`, to be called with each document that it sets
    aside, and gives exactly one thing for each other document; what it counts comes with each
    answer, as its worker may be killed.
    """

    stage: Stage
    decode: Decode
    encode: Encode | None
    make_counts: Callable[[], Any] = Counts
    guarded: bool = False

    def here(self, batches: Iterable[Batch], **told: Any) -> Iterator[Any]:
        """The work done in this process, as one stream."""
        found = self.stage(chain.from_iterable(map(self.decode, batches)), **told)
        return map(self.encode, found) if self.encode else iter(found)


class Task:
    """A batch on its way. One that was cut, when its worker was lost, has its answer in parts.

    `at`: how many come before it. `is_suspect`: it is a document at which a worker died, alone.
    """

    def __init__(self, batch: Batch, at: int = 0, is_suspect: bool = False) -> None:
        self.batch = batch
        self.at = at
        self.is_suspect = is_suspect
        self.answer: Answer | Exception | None = None
        self.parts: list[Task] = []

    @property
    def is_done(self) -> bool:
        """Whether there is an answer to all of it."""
        return all(part.is_done for part in self.parts) if self.parts else self.answer is not None

    @property
    def is_failed(self) -> bool:
        """Whether the stage raised at it."""
        if self.parts:
            return any(part.is_failed for part in self.parts)
        return isinstance(self.answer, Exception)

    def result(self) -> Answer:
        """The answer. Raises what the stage raised."""
        if not self.parts:
            assert self.answer is not None
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer
        whole = Answer([], [], Counts())
        for part in self.parts:
            answer = part.result()
            whole.found += answer.found
            whole.rejects += answer.rejects
            whole.counts.update(answer.counts)
        return whole


class Worker:
    """A process that does a job on the batches that it is sent, and at the end tells its counts.

    A pool of the standard library would hang where a worker is killed while it hands over a
    result.
    """

    def __init__(self, job: Job) -> None:
        context = multiprocessing.get_context("fork" if forks() else "spawn")
        self.connection, theirs = context.Pipe()
        self._progress = context.RawValue("L")
        what = (theirs, job, self._progress, logger.level)
        self.process = context.Process(target=_serve, args=what, daemon=True)  # type: ignore[attr-defined]
        with _interrupts_wait():
            self.process.start()
        theirs.close()
        self.tasks: deque[Task] = deque()  # sent, and not answered yet
        self.is_ready = False
        self.answered = 0
        self.waited = 0.0
        self._seen = -1
        self._outbox: queue.SimpleQueue[Batch] = queue.SimpleQueue()
        self._sender: threading.Thread | None = None

    @property
    def progress(self) -> int:
        """How many documents of its batch the worker has come through."""
        return int(self._progress.value)

    def send(self, task: Task) -> None:
        """Send a batch without waiting until the worker takes it."""
        self.tasks.append(task)
        self._put(task.batch)

    def _put(self, batch: Batch) -> None:
        if self._sender is None:  # not before the last fork
            self._sender = threading.Thread(target=self._send, daemon=True)
            self._sender.start()
        self._outbox.put(batch)

    def _send(self) -> None:
        with contextlib.suppress(OSError):  # it died, as whoever waits for its answer will see
            batch = ()
            while batch is not None:
                batch = self._outbox.get()
                self.connection.send(batch)

    def receive(self) -> None:
        """Take one answer. Raises EOFError or OSError where the worker is gone."""
        answer = self.connection.recv()
        self.waited = 0.0
        if answer == _READY:
            self.is_ready = True
            return
        self.tasks.popleft().answer = answer
        self.answered += 1

    def is_stuck(self, passed: float, limit: float) -> bool:
        """Whether one document took longer than `limit`, now that `passed` more seconds went by."""
        if self.progress != self._seen:
            self._seen, self.waited = self.progress, 0.0
        self.waited += passed
        return self.waited > limit

    def finish(self) -> None:
        """Send no more; what comes then is the counts."""
        self._put(None)

    def kill(self) -> None:
        """End the process, and take the answers that it had given."""
        self.process.kill()
        self._outbox.put(None)
        with contextlib.suppress(EOFError, OSError):
            while self.tasks and self.connection.poll():
                self.receive()


def forks() -> bool:
    """Whether a process can be forked, which saves the time to import everything anew.

    As the command is one thread, no lock and no JVM is lost by it.
    """
    return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1


@contextlib.contextmanager
def _interrupts_wait() -> Iterator[None]:
    """A process that starts leaves Ctrl-C to its parent from its first moment."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, job: Job, progress: Any, level: int) -> None:
    """The life of a worker. Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        # A call that holds the interpreter's lock would keep the thread below from its work.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_go_with_parent, daemon=True).start()
    to_stderr(level)
    counts = job.make_counts()
    is_ready = False
    while (batch := connection.recv()) is not None:
        answer: Answer | Exception
        try:
            if job.guarded and not is_ready:
                for _ in job.stage((), counts=counts, rejects=None):  # loads its analyzer
                    pass
                is_ready = True
                connection.send(_READY)
            answer = _answer(job, batch, progress, counts)
        except Exception as error:
            answer = error
        connection.send(answer)
    connection.send(counts)
    connection.recv()  # until the parent ends this


def _answer(job: Job, batch: Batch, progress: Any, counts: Any) -> Answer:
    rejects: list[Record] = []
    told: dict[str, Any] = {"counts": counts}
    if job.guarded:
        progress.value = 0

        def set_aside(record: Record) -> None:
            rejects.append(record)
            progress.value += 1

        told = {"counts": job.make_counts(), "rejects": set_aside}
    found = job.here([batch], **told)
    if job.guarded:
        found = _counting(found, progress)
    # One piece a batch: joined here, written there.
    pieces: list[Any] = [b"".join(found)] if job.encode else list(found)
    return Answer(pieces, rejects, told["counts"] if job.guarded else None)


def _counting(found: Iterable[Any], progress: Any) -> Iterator[Any]:
    for item in found:
        progress.value += 1
        yield item


def _go_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
