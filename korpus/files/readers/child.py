"""Run a parser that hostile files can crash in a process of its own."""

import contextlib
import logging
import multiprocessing
import os
from collections.abc import Callable, Iterator
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any

from korpus.errors import KorpusError
from korpus.records import Record
from korpus.signals import leave_interrupts_to_parent, signals_delayed
from korpus.workers import forks

logger = logging.getLogger("korpus")

_MEMORY = 4 << 30  # bytes; more than any honest workbook takes
_BATCH = 1000  # records


def in_child(
    parse: Callable[..., Iterator[Record]], *arguments: Any, crashed: str
) -> Iterator[Record]:
    """The records of `parse(*arguments)`, which runs in a child process. Streams.

    What it logs is logged here, and what it raises is raised here. Raises KorpusError with the
    message `crashed` if the process dies or takes more than 4 GiB.
    """
    context = multiprocessing.get_context("fork" if forks() else "spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(  # type: ignore[attr-defined]
        target=_serve, args=(theirs, logger.level, parse, arguments), daemon=True
    )
    with signals_delayed():
        child.start()
    theirs.close()
    try:
        while True:
            kind, value = ours.recv()
            if kind == "end":
                return
            if kind == "error":
                raise value
            if kind == "log":
                logger.log(*value)
            else:
                yield from value
    except EOFError:
        raise KorpusError(crashed) from None
    finally:
        child.kill()
        child.join()
        ours.close()


class _ToParent(logging.Handler):
    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection = connection

    def emit(self, record: logging.LogRecord) -> None:
        self.connection.send(("log", (record.levelno, record.getMessage())))


def _serve(
    connection: Connection, level: int, parse: Callable[..., Iterator[Record]], arguments: Any
) -> None:
    leave_interrupts_to_parent()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):  # a crash prints where it happened
        os.dup2(null, stream)
    _limit_memory()
    logger.handlers[:] = [_ToParent(connection)]
    logger.setLevel(level)
    try:
        records = parse(*arguments)
        while batch := list(islice(records, _BATCH)):
            connection.send(("records", batch))
        connection.send(("end", None))
    except (MemoryError, OSError):  # the parent sees the end, or is gone
        return
    except Exception as error:
        connection.send(("error", error))


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
