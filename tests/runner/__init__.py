"""Run commands in forks of a process that has everything imported; see server.py.

On Linux only; elsewhere, and with KORPUS_TEST_FRESH=1, each command is a new interpreter.
"""

import contextlib
import marshal
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

from tests.runner import client

ROOT = Path(__file__).parent.parent.parent
FRESH = [sys.executable, "-m", "korpus"]  # a command line in a new interpreter
_SHARED = "KORPUS_TEST_SERVER"
# The address of the server of all processes of xdist. Commands and other runs of pytest get none.
_ADDRESS = os.environ.pop(_SHARED, "")
FORKS = sys.platform == "linux" and not os.environ.get("KORPUS_TEST_FRESH")


class _Server:
    """A server. `program` runs a command there as `korpus` would."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.program = Path(address).parent / "bin" / "korpus"

    def start(self, module: str, *arguments: str, **variables: str) -> "_Server":
        """Start it. `module`: what it runs, with more arguments. `variables`: of its environment.

        It ends with this process.
        """
        self._process = subprocess.Popen(  # ends with its standard input, which this keeps open
            [sys.executable, "-m", module, self.address, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | variables,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise RuntimeError("the command server did not start")
        self.program.parent.mkdir()
        line = [sys.executable, "-I", "-S", client.__file__, self.address]
        self.program.write_text(f'#!/bin/sh\nexec {shlex.join(line)} "$@"\n')
        self.program.chmod(0o755)
        return self


@cache
def server() -> _Server:
    """The server of all processes of xdist, or one that is started when it is first needed."""
    return _Server(_ADDRESS) if _ADDRESS else _Server(_address()).start("tests.runner.server")


def share_server() -> None:
    """Start the server for the processes that this one starts."""
    if FORKS:
        os.environ[_SHARED] = server().address


def _address() -> str:
    return str(Path(tempfile.mkdtemp(prefix="korpus-tests-")) / "socket")


@cache
def _bare() -> _Server:
    """A server with other hashes, whose forks import what they need; see bare.py."""
    charts = server().address + client.CHARTS
    return _Server(_address()).start("tests.runner.bare", charts, PYTHONHASHSEED="1")


def run(
    arguments: list[str],
    stdin: bytes,
    folder: Path,
    environment: dict[str, str],
    *,
    stdout: int | None = None,
    is_bare: bool = False,
) -> tuple[int, bytes, bytes]:
    """Run a command with pipes as its streams: its exit code, output and messages.

    Without `stdin`, standard input is the null device. `stdout`: where its output goes instead.
    `is_bare`: in a fork that has little imported and other hashes (see bare.py); its pictures are
    drawn where an earlier command's were.
    """
    status = client.NEEDS_NEW_INTERPRETER
    if is_bare:
        environment = environment | {"PYTHONHASHSEED": "1"}
    if FORKS:
        status, *outputs = _forked(
            arguments, stdin, folder, environment, stdout=stdout, is_bare=is_bare
        )
    if status != client.NEEDS_NEW_INTERPRETER:
        return status, *outputs
    given: dict[str, Any] = {"input": stdin} if stdin else {"stdin": subprocess.DEVNULL}
    done = subprocess.run(
        [*FRESH, *arguments],
        stdout=subprocess.PIPE if stdout is None else stdout,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment,
        **given,
    )
    return done.returncode, done.stdout or b"", done.stderr


def run_each(
    lines: list[list[str]], stdin: bytes, folder: Path, environment: dict[str, str]
) -> list[tuple[int, bytes, bytes]]:
    """Run commands that end with an error or help, one after the other in one fork.

    What a command counts is not set back for the next one. Each gets `stdin`; its output and its
    messages go to files, and not to pipes. After one that starts threads, each has its own fork.
    """
    if FORKS and len(lines) > 1:
        status, found, _errors = _forked(lines[0], stdin, folder, environment, lines[1:])
        if status == 0:
            return list(marshal.loads(found))
    return [run(line, stdin, folder, environment) for line in lines]


def _forked(
    arguments: list[str],
    stdin: bytes,
    folder: Path,
    environment: dict[str, str],
    more: Iterable[list[str]] = (),
    *,
    stdout: int | None = None,
    is_bare: bool = False,
) -> tuple[int, bytes, bytes]:
    (theirs, ours), (output, their_output), (errors, their_errors) = (os.pipe() for _ in range(3))
    if stdout is not None:
        os.dup2(stdout, their_output)
    if not stdin:
        os.close(theirs)
        theirs = os.open(os.devnull, os.O_RDONLY)
    try:
        connection = client.request(
            (_bare() if is_bare else server()).address,
            [os.fsencode(argument) for argument in arguments],
            {os.fsencode(name): os.fsencode(value) for name, value in environment.items()},
            os.fsencode(folder),
            (theirs, their_output, their_errors),
            [[os.fsencode(argument) for argument in line] for line in more],
            is_bare=is_bare,
        )
    finally:
        for stream in (theirs, their_output, their_errors):
            os.close(stream)
    with ThreadPoolExecutor(3) as threads:
        threads.submit(_feed, ours, stdin)
        found = [threads.submit(_drain, stream) for stream in (output, errors)]
        status = client.answer(connection)
    return status, found[0].result(), found[1].result()


def _feed(stream: int, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), open(stream, "wb") as pipe:
        pipe.write(data)


def _drain(stream: int) -> bytes:
    with open(stream, "rb") as pipe:
        return pipe.read()
