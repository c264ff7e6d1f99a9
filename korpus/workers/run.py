"""One runner for every stage: batches of documents in, records or lines out, in their order."""

import contextlib
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from korpus.errors import KorpusError
from korpus.records import Notes, Record

# Called as stage(documents, notes=…); it checks its options when it is called, not when it runs.
Stage = Callable[..., Iterable[Any]]
# What a batch is, only its decoder knows; None between two says that the source pauses.
Batch = Any
Decode = Callable[[Batch], Iterable[Record]]
Encode = Callable[[Any], bytes]

# So many batches make it pay to start processes.
_WORTHWHILE = 16


def run(
    stage: Stage,
    batches: Iterable[Batch],
    *,
    jobs: int = 0,
    decode: Decode = iter,
    encode: Encode | None = None,
    notes: Any = None,
) -> Iterator[Any]:
    """Run a stage in worker processes where the input is long enough to pay for them. Streams.

    Parameters: `stage`, a picklable function of documents with a keyword `notes`; `batches`,
    lists of documents or whatever `decode` makes documents of, where the work is done: with a
    None where the source pauses, before which everything so far is given out; `jobs`, how many
    processes (0: one a core; 1: none but this); `encode`, a picklable function that turns what
    the stage gives into bytes where it was made; `notes`, where the stage counts what it has to
    tell: each worker counts in one of its own, and they are added up by `update` at the end.

    Out: what the stage gives, or its bytes, in the order of the documents whatever `jobs` is. A
    bounded number of batches is in memory. Raises what the stage raises, and KorpusError where a
    worker dies.
    """
    stage(())
    job = _Job(stage, decode, encode, Notes() if notes is None else notes)
    return job.here(_unpaused(batches)) if jobs == 1 else job.run(iter(batches), jobs)


def _unpaused(batches: Iterable[Batch]) -> Iterator[Batch]:
    return (batch for batch in batches if batch is not None)


class _Job:
    """What there is to do with each batch."""

    def __init__(self, stage: Stage, decode: Decode, encode: Encode | None, notes: Any) -> None:
        self.stage = stage
        self.decode = decode
        self.encode = encode
        self.notes = notes

    def here(self, batches: Iterable[Batch]) -> Iterator[Any]:
        """The work done in this process, as one stream."""
        found = self.stage(chain.from_iterable(map(self.decode, batches)), notes=self.notes)
        return map(self.encode, found) if self.encode else iter(found)

    def run(self, batches: Iterator[Batch], jobs: int) -> Iterator[Any]:
        """Here, until so many batches come without a pause that processes pay."""
        ahead: list[Batch] = []
        for batch in batches:
            if batch is None:
                yield from self.here(ahead)
                ahead = []
                continue
            ahead.append(batch)
            if len(ahead) == _WORTHWHILE:
                yield from self.in_processes(chain(ahead, batches), jobs or os.cpu_count() or 1)
                return
        yield from self.here(ahead)

    def in_processes(self, batches: Iterator[Batch], jobs: int) -> Iterator[Any]:
        """Batches go round the workers in turn, and their results come back in the same turn."""
        workers: list[_Worker] = []
        sent = received = 0
        try:
            while len(workers) < jobs:
                workers.append(_Worker(self))
            for batch in chain(batches, [None]):
                if batch is not None:
                    workers[sent % jobs].send(batch)
                    sent += 1
                while sent - received > (2 * jobs - 1 if batch is not None else 0):
                    yield from workers[received % jobs].answer()
                    received += 1
            for worker in workers:
                worker.send(None)
            for worker in workers:
                self.notes.update(worker.answer())
        except (EOFError, ConnectionError):
            raise KorpusError(
                "a worker process died",
                "is there enough memory? try fewer with --jobs, or --jobs 1",
            ) from None
        finally:
            # On the way out of an error or an interrupt, nobody waits for a batch to end.
            for worker in workers:
                worker.process.kill()


class _Worker:
    """A process that does a job on the batches that it is sent, and at the end tells its notes.

    A pool of the standard library would hang where a worker is killed while it hands over a
    result.
    """

    def __init__(self, job: _Job) -> None:
        # As the command is one thread, no lock and no JVM is lost by a fork, which saves the time
        # to import everything anew.
        context = multiprocessing.get_context("fork" if _is_one_thread() else "spawn")
        self.connection, theirs = context.Pipe()
        what = (theirs, job.stage, job.decode, job.encode, type(job.notes))
        self.process = context.Process(target=_serve, args=what, daemon=True)  # type: ignore[attr-defined]
        self.process.start()
        theirs.close()
        self.batches: queue.SimpleQueue[Batch] = queue.SimpleQueue()
        self.sender: threading.Thread | None = None

    def send(self, batch: Batch) -> None:
        """Send a batch, or None after the last, without waiting until the worker takes it."""
        if self.sender is None:  # not before the last fork
            self.sender = threading.Thread(target=self._send, daemon=True)
            self.sender.start()
        self.batches.put(batch)

    def _send(self) -> None:
        with contextlib.suppress(OSError):  # it died, as whoever waits for its answer will see
            while True:
                self.connection.send(self.batches.get())

    def answer(self) -> Any:
        """What came of the next batch, or the notes after the last."""
        answer = self.connection.recv()
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _is_one_thread() -> bool:
    return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1


def _serve(
    connection: Connection,
    stage: Stage,
    decode: Decode,
    encode: Encode | None,
    make_notes: Callable[[], Any],
) -> None:
    """The life of a worker: a batch in, its results out. Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_go_with_parent, daemon=True).start()
    job = _Job(stage, decode, encode, make_notes())
    while (batch := connection.recv()) is not None:
        answer: list[Any] | Exception
        try:
            # One piece a batch: joined here, written there.
            answer = [b"".join(job.here([batch]))] if encode else list(job.here([batch]))
        except Exception as error:
            answer = error
        connection.send(answer)
    connection.send(job.notes)
    connection.recv()  # until the parent ends this


def _go_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
