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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, cast

from korpus.messages import to_stderr
from korpus.records import Counts, Record, RecordStream
from korpus.signals import leave_interrupts_to_parent, signals_delayed

if TYPE_CHECKING:
    from ctypes import c_ulong

Batch = TypeVar("Batch")  # opaque here: only the decoder looks inside
Item = TypeVar("Item")  # what the stage yields, one or none per document

# Called as stage(documents, counts=…). It checks its options when called, not when iterated.
Stage = Callable[..., Iterable[Item]]
Decode = Callable[[Batch], Iterable[Record]]
Encode = Callable[[Item], bytes]

logger = logging.getLogger("korpus")

_READY = "ready"
_PR_SET_PDEATHSIG, _SIGKILL = 1, 9


class Addable(Protocol):
    """Counts of some documents, to which those of other documents can be added."""

    def update(self, other: Self, /) -> None:
        """Add other counts to these."""


@dataclass
class Answer(Generic[Item]):
    """The result for a batch: items (or bytes), documents set aside, counts."""

    found: list[Item | bytes]
    rejects: list[Record]
    counts: Counts


@dataclass(frozen=True)
class Job(Generic[Batch, Item]):
    """What to do with each batch.

    `guarded`: the stage takes a keyword `rejects`, called with each document that it sets aside,
    and yields exactly one item for every other document. Counts then come with each answer, since
    a worker may be killed; otherwise each worker sends its counts once, at the end.
    """

    stage: Stage[Item]
    decode: Decode[Batch]
    encode: Encode[Item] | None
    make_counts: Callable[[], Addable] = Counts
    guarded: bool = False

    def here(self, batches: Iterable[Batch], **keywords: object) -> Iterator[Item | bytes]:
        """Run the stage in this process, on all batches as one stream."""
        found = self.stage(RecordStream.from_iterable(map(self.decode, batches)), **keywords)
        return map(self.encode, found) if self.encode else iter(found)


class Task(Generic[Batch, Item]):
    """A batch sent to a worker; after a crash it is split into `parts`.

    `at`: the batch's position in the input. `is_suspect`: a single document that already crashed a
    worker.
    """

    def __init__(self, batch: Batch, at: int = 0, is_suspect: bool = False) -> None:
        self.batch = batch
        self.at = at
        self.is_suspect = is_suspect
        self.answer: Answer[Item] | Exception | None = None
        self.parts: list[Task[Any, Item]] = []

    @property
    def is_done(self) -> bool:
        """Whether all of it is answered."""
        return all(part.is_done for part in self.parts) if self.parts else self.answer is not None

    @property
    def is_failed(self) -> bool:
        """Whether the stage raised an error."""
        if self.parts:
            return any(part.is_failed for part in self.parts)
        return isinstance(self.answer, Exception)

    def result(self) -> Answer[Item]:
        """The answer. Raises what the stage raised."""
        if not self.parts:
            assert self.answer is not None
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer
        whole: Answer[Item] = Answer([], [], Counts())
        for part in self.parts:
            answer = part.result()
            whole.found += answer.found
            whole.rejects += answer.rejects
            whole.counts.update(answer.counts)
        return whole


class Worker(Generic[Batch, Item]):
    """A process that runs a job on the batches it is sent.

    multiprocessing.Pool is not used: it hangs if a worker is killed while it returns a result.
    """

    def __init__(self, job: Job[Batch, Item]) -> None:
        context = multiprocessing.get_context("fork" if forks() else "spawn")
        self.connection, remote = context.Pipe()
        self._progress: c_ulong = context.RawValue("L")
        self.process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(remote, job, self._progress, logger.level), daemon=True
        )
        with signals_delayed():
            self.process.start()
        remote.close()
        self.tasks: deque[Task[Batch, Item]] = deque()  # sent, not answered yet
        self.is_ready = False
        self.answered = 0
        self.waited = 0.0
        self._seen = -1
        self._outbox: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        self._sender: threading.Thread | None = None

    @property
    def progress(self) -> int:
        """How many documents of its current batch the worker has finished."""
        return int(self._progress.value)

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
                self.connection.send(batch)
                if batch is None:
                    return

    def receive(self) -> None:
        """Take one answer. Raises EOFError or OSError if the worker is gone."""
        answer = self.connection.recv()
        self.waited = 0.0
        if answer == _READY:
            self.is_ready = True
            return
        self.tasks.popleft().answer = answer
        self.answered += 1

    def is_stuck(self, passed: float, limit: float) -> bool:
        """Add `passed` seconds; whether the current document now takes longer than `limit`."""
        if self.progress != self._seen:
            self._seen, self.waited = self.progress, 0.0
        self.waited += passed
        return self.waited > limit

    def finish(self) -> None:
        """Send no more batches; the worker then sends its counts."""
        self._put(None)

    def kill(self) -> None:
        """Kill the process, and take the answers it had already sent."""
        self.process.kill()
        self._outbox.put(None)
        with contextlib.suppress(EOFError, OSError):
            while self.tasks and self.connection.poll():
                self.receive()


def forks() -> bool:
    """Whether to fork, which saves importing everything again; otherwise workers are spawned.

    Only on Linux and with one thread: no lock can be held then, and no JVM runs.
    """
    try:
        return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1
    except OSError:
        return False


def _serve(connection: Connection, job: Job[Any, Any], progress: "c_ulong", level: int) -> None:
    """The main function of a worker process."""
    leave_interrupts_to_parent()
    _silence_stdout()
    _end_with_parent()
    _use_log_level(level, job)
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        _answer_all(connection, job, progress)


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


def _answer_all(connection: Connection, job: Job[Any, Any], progress: "c_ulong") -> None:
    counts = job.make_counts()
    is_ready = False
    while (batch := connection.recv()) is not None:
        answer: Answer[Any] | Exception
        try:
            if job.guarded and not is_ready:
                for _ in job.stage((), counts=counts, rejects=None):  # loads its analyzer
                    pass
                is_ready = True
                connection.send(_READY)
            answer = _answer(job, batch, progress, counts)
        except Exception as error:
            answer = error
        try:
            connection.send(answer)
        except OSError:
            raise
        except Exception as error:  # the answer cannot be pickled
            connection.send(error)
    connection.send(counts)
    connection.recv()  # until the parent kills this process


def _answer(
    job: Job[Any, Item], batch: object, progress: "c_ulong", counts: Addable
) -> Answer[Item]:
    if not job.guarded:
        return Answer(_joined(job, job.here([batch], counts=counts)), [], Counts())
    progress.value = 0
    rejects: list[Record] = []

    def set_aside(record: Record) -> None:
        rejects.append(record)
        progress.value += 1

    def counted(found: Iterable[Item | bytes]) -> Iterator[Item | bytes]:
        for item in found:
            progress.value += 1
            yield item

    own = Counts()
    found = job.here([batch], counts=own, rejects=set_aside)
    return Answer(_joined(job, counted(found)), rejects, own)


def _joined(job: Job[Any, Item], found: Iterator[Item | bytes]) -> list[Item | bytes]:
    """Items as they are; encoded ones as one piece: joined here, so that the parent only writes."""
    return [b"".join(cast("Iterator[bytes]", found))] if job.encode else list(found)


def _end_with_parent() -> None:
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
