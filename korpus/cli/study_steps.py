"""Start a step of a study as a process of its own, and take what it says.

The process is forked from this one, which has imported what most commands need: for short inputs
that is most of their time. Where that is not safe (see `workers.forks`) it is a new interpreter.
"""

import io
import logging
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from korpus import workers
from korpus.signals import ignored_signals, signals_as_at_start, signals_delayed

logger = logging.getLogger("korpus")

# -P: no module of the study's folder is imported.
PROGRAM = [sys.executable, "-P", "-m", "korpus"]
_CHUNK = 1 << 16  # bytes


class StartedStep:
    """A step that runs. `messages`: what it says, for `selectors`. `lines`: what it has said."""

    def __init__(
        self,
        name: str,
        arguments: list[str],
        folder: Path,
        streams: tuple[int, int],
        others: Iterable[int],
    ) -> None:
        """Start it. `streams`: its input and output. `others`: what a fork has to close."""
        self.name = name
        self.lines: list[str] = []
        self._rest = b""
        reading, writing = os.pipe()
        given = (*streams, writing)
        self._process: Any
        if workers.forks():
            sys.stdout.flush()  # what is there is not written again by the fork
            self._process = multiprocessing.get_context("fork").Process(
                target=_be_step,
                args=(arguments, folder, given, [reading, *others], ignored_signals()),
            )
            with signals_delayed():
                self._process.start()
        else:
            line = [*PROGRAM, *arguments]
            self._process = subprocess.Popen(
                line, cwd=folder, stdin=given[0], stdout=given[1], stderr=given[2]
            )
        os.close(writing)
        self.messages = _selectable(open(reading, "rb", 0))  # noqa: SIM115, PTH123

    def listen(self) -> bool:
        """Pass on what it says next, with its name. False at the end."""
        chunk = os.read(self.messages.fileno(), _CHUNK)
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk and self._rest:
            whole, self._rest = [self._rest], b""
        for line in whole:
            text = line.decode("utf-8", "replace").removeprefix("korpus: ")
            self.lines.append(text)
            logger.info("%s", f"{self.name}: {text}")
        return bool(chunk)

    def end(self) -> int:
        """Wait for its end. The exit code, or minus the signal that ended it."""
        self.messages.close()
        if isinstance(self._process, subprocess.Popen):
            return self._process.wait()
        self._process.join()
        return int(self._process.exitcode)

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()


def _selectable(pipe: "io.FileIO") -> "io.FileIO | socket.socket":
    """A pipe as `selectors` takes it: on Windows a socket, which a thread fills."""
    if os.name != "nt":
        return pipe
    here, there = socket.socketpair()

    def fill() -> None:
        with pipe, there:
            while chunk := pipe.read(_CHUNK):
                there.sendall(chunk)

    threading.Thread(target=fill, daemon=True).start()
    return here


def _be_step(
    arguments: list[str],
    folder: Path,
    streams: tuple[int, int, int],
    others: list[int],
    ignored: list[int],
) -> None:
    """In a fork: make this process what a new interpreter would be, and run a command.

    A pipe must have no other ends than those of its two processes, so `others` are closed.
    """
    from korpus.cli.main import main
    from korpus.files import traffic

    for stream in others:
        os.close(stream)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout = _text(0, "rb", sys.__stdin__), _text(1, "wb", sys.__stdout__)
    sys.stderr = _text(2, "wb", sys.__stderr__)
    logger.handlers.clear()  # which write to the standard error of before
    os.chdir(folder)
    for flows in (traffic.inputs, traffic.outputs, traffic.encodings):
        flows.clear()
    sys.argv = ["korpus", *arguments]
    signals_as_at_start(ignored)
    main()


def _text(number: int, mode: str, like: Any) -> io.TextIOWrapper:
    """A standard stream as the interpreter makes it."""
    return io.TextIOWrapper(
        open(number, mode, closefd=False),
        encoding=getattr(like, "encoding", "utf-8"),
        errors=getattr(like, "errors", "strict"),
        line_buffering=number == 2,
    )
