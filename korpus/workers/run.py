"""One runner for every stage: documents in, records or lines out, in their order."""

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice, repeat
from multiprocessing.connection import Connection
from typing import Any

from korpus.errors import KorpusError
from korpus.records import Notes, Record, batches_of

# Called as stage(documents, notes=…); it checks its options when it is called, not when it runs.
Stage = Callable[..., Iterator[Record]]
Encode = Callable[[Record], bytes]

# So many batches make it pay to start processes.
_WORTHWHILE = 16


def run(
    stage: Stage,
    documents: Iterable[Record],
    *,
    size: int,
    jobs: int = 0,
    encode: Encode | None = None,
    say: Callable[[Notes], None] | None = None,
) -> Iterator[Any]:
    """Run a stage in worker processes where the input is long enough to pay for them. Streams.

    Parameters: `stage`, a picklable function of documents with a keyword `notes`; `size`, how
    many characters of text make a batch; `jobs`, how many processes (0: one a core; 1: none but
    this); `encode`, a picklable function that turns each record into bytes where it was made;
    `say`, what to do with the notes at the end.

    Out: what the stage gives, or its bytes, in the order of the documents whatever `jobs` is. A
    bounded number of batches is in memory. Raises what the stage raises, and KorpusError where a
    worker dies.
    """
    stage(())
    return _run(stage, documents, size, jobs or os.cpu_count() or 1, encode, say)


def _run(
    stage: Stage,
    documents: Iterable[Record],
    size: int,
    jobs: int,
    encode: Encode | None,
    say: Callable[[Notes], None] | None,
) -> Iterator[Any]:
    notes = Notes()
    batches = batches_of(documents, size)
    first = list(islice(batches, _WORTHWHILE)) if jobs > 1 else []
    if len(first) < _WORTHWHILE:
        records = stage(chain.from_iterable(chain(first, batches)), notes=notes)
        yield from map(encode, records) if encode else records
    else:
        yield from _in_processes(stage, chain(first, batches), jobs, encode, notes)
    if say is not None:
        say(notes)


def _in_processes(
    stage: Stage,
    batches: Iterator[list[Record]],
    jobs: int,
    encode: Encode | None,
    notes: Notes,
) -> Iterator[Any]:
    """Batches go round the workers in turn, and their results come back in the same turn."""
    workers = [_Worker(stage, encode) for _ in range(jobs)]
    sent = received = 0
    try:
        for batch in chain(batches, repeat(None, 2 * jobs)):
            if batch is not None:
                workers[sent % jobs].connection.send(batch)
                sent += 1
            if sent - received == 2 * jobs or (batch is None and received < sent):
                result, its_notes = workers[received % jobs].result()
                received += 1
                notes.update(its_notes)
                yield from result
    except (EOFError, ConnectionError):
        raise KorpusError(
            "a worker process died", "is there enough memory? try fewer with --jobs, or --jobs 1"
        ) from None
    finally:
        # On the way out of an error or an interrupt, nobody waits for a batch to end.
        for worker in workers:
            worker.process.kill()


class _Worker:
    """A process that runs a stage on the batches that it is sent.

    Spawned, not forked: threads and a JVM do not survive a fork. A pool of the standard library
    would hang where a worker is killed while it hands over a result.
    """

    def __init__(self, stage: Stage, encode: Encode | None) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, stage, encode), daemon=True)
        self.process.start()
        theirs.close()

    def result(self) -> tuple[list[Any], Notes]:
        answer = self.connection.recv()
        if isinstance(answer, BaseException):
            raise answer
        result: list[Any]
        notes: Notes
        result, notes = answer
        return result, notes


def _serve(connection: Connection, stage: Stage, encode: Encode | None) -> None:
    """The life of a worker: a batch in, its results out. Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    batches: queue.SimpleQueue[list[Record]] = queue.SimpleQueue()
    # Batches are taken in while one is worked on, so that the parent never waits to send.
    threading.Thread(target=_receive, args=(connection, batches), daemon=True).start()
    while True:
        notes = Notes()
        answer: tuple[list[Any], Notes] | Exception
        try:
            records = stage(batches.get(), notes=notes)
            # One piece a batch: joined here, written there.
            answer = ([b"".join(map(encode, records))] if encode else list(records)), notes
        except Exception as error:
            answer = error
        connection.send(answer)


def _receive(connection: Connection, batches: "queue.SimpleQueue[list[Record]]") -> None:
    try:
        while True:
            batches.put(connection.recv())
    except (EOFError, OSError):
        os._exit(1)  # the parent is gone
