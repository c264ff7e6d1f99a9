"""Run a function that can crash, such as a parser of hostile files, in a process of its own."""

import contextlib
import logging
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any, TypeVar

from korpus.errors import KorpusError
from korpus.signals import leave_interrupts_to_parent, signals_delayed
from korpus.workers.process import end_with_parent, forks

logger = logging.getLogger("korpus")

_MEMORY = 4 << 30  # bytes; more than any honest workbook takes
_PATIENCE = 120.0  # seconds without an item
_kept: "tuple[Any, Connection] | None" = None

Item = TypeVar("Item")


def in_child(
    run: Callable[..., Iterator[Item]],
    *arguments: Any,
    crashed: str,
    hint: str | None = None,
    memory: int | None = _MEMORY,
) -> Iterator[Item]:
    """The items of `run(*arguments)`, which runs in a child process. Streams.

    What it logs is logged here, and what it raises is raised here. Raises KorpusError with the
    message `crashed` and a hint if the process dies or takes more than `memory` bytes (None: no
    limit).
    """
    child, ours = _started(_serve, memory, run, arguments)
    try:
        yield from _received(ours, KorpusError(crashed, hint))
    except _Refused as error:
        raise error.reason from None
    finally:
        _end(child, ours)


def in_kept_child(
    run: Callable[..., Iterator[Item]], *arguments: Any, crashed: str
) -> Iterator[Item]:
    """The same for many small files: the process goes on to the next one, until `end_kept`.

    It is also ended if it sends nothing for two minutes.
    """
    global _kept
    if _kept is None:
        _kept = _started(_serve_many)
    ours = _kept[1]
    is_done = False
    try:
        try:
            ours.send((run, arguments))
        except OSError:
            raise KorpusError(crashed) from None
        try:
            yield from _received(ours, KorpusError(crashed), _PATIENCE)
            is_done = True
        except _Refused as error:
            is_done = True
            raise error.reason from None
    finally:
        if not is_done:
            end_kept()


def end_kept() -> None:
    """End the process of `in_kept_child`, if there is one."""
    global _kept
    if _kept is not None:
        kept, _kept = _kept, None
        _end(*kept)


class _Refused(Exception):
    """Carries the error that was raised in the child."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(reason)
        self.reason = reason


def _started(serve: Callable[..., None], *arguments: Any) -> tuple[Any, Connection]:
    """A child process that runs `serve(connection, other end, level, *arguments)`."""
    context = multiprocessing.get_context("fork" if forks() else "spawn")
    ours, theirs = context.Pipe()
    child = context.Process(  # type: ignore[attr-defined]
        target=serve, args=(theirs, ours, logger.level, *arguments), daemon=True
    )
    with signals_delayed(), _without_main():
        child.start()
    theirs.close()
    return child, ours


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Keep a spawned process from running the caller's script again, which has perhaps no guard.

    What runs there is of this package, and needs nothing of the script.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _end(child: Any, ours: Connection) -> None:
    child.kill()
    child.join()
    ours.close()


def _received(
    ours: Connection, crashed: KorpusError, patience: float | None = None
) -> Iterator[Any]:
    """The items that a child sends. Raises _Refused with the error that the child reports."""
    try:
        while True:
            if not ours.poll(patience):
                raise crashed
            kind, value = ours.recv()
            if kind == "end":
                return
            if kind == "error":
                raise _Refused(value)
            if kind == "log":
                logger.log(*value)
            else:
                yield value
    except (EOFError, ConnectionError):
        raise crashed from None


class _ToParent(logging.Handler):
    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection = connection

    def emit(self, record: logging.LogRecord) -> None:
        self.connection.send(("log", (record.levelno, record.getMessage())))


def _serve(
    connection: Connection,
    ours: Connection,
    level: int,
    memory: int | None,
    run: Callable[..., Iterator[Any]],
    arguments: Any,
) -> None:
    _set_up(connection, ours, level, memory)
    _send(connection, run, arguments)


def _serve_many(connection: Connection, ours: Connection, level: int) -> None:
    _set_up(connection, ours, level, _MEMORY)
    while True:
        try:
            run, arguments = connection.recv()
        except EOFError:
            return
        if not _send(connection, run, arguments):
            return


def _set_up(connection: Connection, ours: Connection, level: int, memory: int | None) -> None:
    leave_interrupts_to_parent()
    end_with_parent()
    ours.close()  # else this process would not see that the parent is gone
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):  # a crash prints where it happened
        os.dup2(null, stream)
    if memory is not None:
        _limit_memory(memory)
    logger.handlers[:] = [_ToParent(connection)]
    logger.setLevel(level)


def _send(connection: Connection, run: Callable[..., Iterator[Any]], arguments: Any) -> bool:
    """Send the items of a run, or its error; False if the process has to end."""
    try:
        for item in run(*arguments):
            connection.send(("item", item))
        connection.send(("end", None))
    except (MemoryError, OSError):  # the parent sees the end, or is gone
        return False
    except Exception as error:
        connection.send(("error", error))
    return True


def _limit_memory(most: int) -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
