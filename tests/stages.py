"""Stages that worker processes run in tests.

A module of its own, as spawned workers import it anew: it needs little.
"""

import multiprocessing
import os
import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from korpus.errors import KorpusError, UsageError
from korpus.records import Counts, Record

MANY = [{"id": str(i), "text": "나는 학교에 간다" * (i % 7)} for i in range(3000)]


def shout(documents: Iterable[Record], *, counts: Counts, bad: str = "") -> Iterator[Record]:
    if bad == "option":
        raise UsageError("bad option")
    return _shout(documents, counts, bad)


def _shout(documents: Iterable[Record], counts: Counts, bad: str) -> Iterator[Record]:
    for record in documents:
        if record["id"] == "2000" and bad == "data":
            raise KorpusError("bad document", "mend it")
        if record["id"] == "2000" and bad == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        counts["blank"] += not record["text"]
        yield {**record, "process": os.getpid()}


def shout_badly(documents: Iterable[Record], *, counts: Counts | None = None) -> Iterator[Record]:
    return shout(documents, counts=counts if counts is not None else Counts(), bad="data")


def shout_and_die(documents: Iterable[Record], *, counts: Counts | None = None) -> Iterator[Record]:
    return shout(documents, counts=counts if counts is not None else Counts(), bad="die")


def batches(size: int = 5) -> Iterator[list[Record]]:
    return (MANY[start : start + size] for start in range(0, len(MANY), size))


def encoded(record: Record) -> bytes:
    return f"{record['id']}\n".encode()


def shout_ok(documents: Iterable[Record], *, counts: Counts | None = None) -> Iterator[Record]:
    return shout(documents, counts=counts if counts is not None else Counts())


def shout_and_die_once(
    documents: Iterable[Record], *, mark: Path, counts: Counts | None = None
) -> Iterator[Record]:
    counts = counts if counts is not None else Counts()
    for record in documents:
        if record["id"] == "2000" and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        yield from shout([record], counts=counts)


class Tally:
    """Counts that a worker holds for several batches."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def update(self, other: "Tally") -> None:
        self.seen += other.seen


def tally_and_die(
    documents: Iterable[Record], *, mark: Path | None, at: str, counts: Tally | None = None
) -> Iterator[Record]:
    """Die at a document: always, or once if there is a `mark` to leave."""
    for record in documents:
        if record["id"] == at and not (mark and mark.exists()):
            if mark:
                mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        assert counts is not None
        counts.seen.append(record["id"])
    yield from ()


Rejects = Callable[[Record], None] | None


def hang(
    documents: Iterable[Record], *, counts: Counts | None = None, rejects: Rejects = None
) -> Iterator[Record]:
    """A stage that sleeps, hangs with the interpreter's lock, or dies, as documents say."""
    for record in documents:
        if counts is not None:
            counts["seen"] += 1
        if record["text"] == "sleep":
            time.sleep(600)
        if record["text"] == "hang":
            re.match("(a+)+$", "a" * 60 + "b")
        if record["text"] == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if record["text"] == "reject":
            assert rejects is not None
            rejects({**record, "error": "rejected"})
            continue
        yield {**record, "process": os.getpid()}


def with_bad(*bad: tuple[int, str]) -> list[list[Record]]:
    texts = dict(bad)
    documents = [{"id": str(n), "text": texts.get(n, "가")} for n in range(400)]
    return [documents[start : start + 10] for start in range(0, 400, 10)]


def work(seconds: float) -> None:
    """Take so many seconds of the processor."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def slow(
    documents: Iterable[Record], *, counts: Counts | None = None, rejects: Rejects = None
) -> Iterator[Record]:
    for record in documents:
        work(0.1)
        yield record


def wait(
    documents: Iterable[Record], *, counts: Counts | None = None, rejects: Rejects = None
) -> Iterator[Record]:
    for record in documents:
        time.sleep(0.8)
        yield record


def all_at_once(
    documents: Iterable[Record], *, counts: Counts | None = None, rejects: Rejects = None
) -> Iterator[Record]:
    """A stage that has all documents done before it gives the first."""
    given = list(documents)
    for record in given:
        if counts is not None:
            counts["seen"] += 1
        work(10 if record["text"] == "slow" else 0.0002)
    yield from given


def leave_a_trace(
    documents: Iterable[Record],
    *,
    seen: Path,
    counts: Counts | None = None,
    rejects: Rejects = None,
) -> Iterator[Record]:
    for record in documents:
        if record["text"] == "slow":
            seen.with_name("reached").write_text("")
            seen.with_name("gate").read_text()  # waits as long as it is a pipe
        with seen.open("a") as trace:
            trace.write(f"{record['id']}\n")
        yield record


def die_at_start(
    documents: Iterable[Record], *, counts: Counts | None = None, rejects: Rejects = None
) -> Iterator[Record]:
    if multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return iter(())


def unsendable(
    documents: Iterable[Record], *, counts: Counts | None = None, rejects: Rejects = None
) -> Iterator[object]:
    for record in documents:
        yield (lambda: None) if record["text"] == "bad" else record


class Greedy:
    def __reduce__(self) -> str:
        raise MemoryError


def greedy(
    documents: Iterable[Record], *, where: str, counts: Counts | None = None
) -> Iterator[object]:
    for record in documents:
        if where == "stage":
            raise MemoryError
        yield Greedy() if record["id"] == "2000" else record


def bad_option(documents: Iterable[Record], *, counts: Counts | None = None) -> Iterator[Record]:
    return shout(documents, counts=Counts(), bad="option")
