"""What the tests share: where things are, and how a command is run."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests import runner
from tests.runner import FRESH, ROOT

SAMPLE = ROOT / "sample_data" / "reviews.csv"
SAMPLE_CP949 = ROOT / "sample_data" / "reviews_cp949.csv"
SHARED = ROOT.parent / "shared" / "data"
SENTENCE = "나는 학교에 갔다"
TOKENS = '{"id":"1","text":"나는","tokens":["나","는"],"tags":["NP","JX"],"analyzer":"mecab"}\n'
STARTED: list[subprocess.Popen[bytes]] = []  # by `start`


def environment(*, columns: int = 100, fresh: bool = True) -> dict[str, str]:
    """The environment of a user with this installation and no Java of the machine.

    Unless `fresh`, `korpus` on the path is the fast one of tests.runner.
    """
    folders = [str(Path(sys.executable).parent), os.environ["PATH"]]
    if not fresh and runner.FORKS:
        folders.insert(0, str(runner.server().program.parent))
    ours = {"PATH": os.pathsep.join(folders), "COLUMNS": str(columns), "KORPUS_LANG": "en"}
    return {**os.environ, **ours}


def korpus(
    *arguments: object,
    stdin: str | bytes = b"",
    cwd: Path = ROOT,
    columns: int = 100,
    is_bare: bool = False,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command, in a fork. Its output must be UTF-8.

    Without `stdin`, standard input is the null device. `is_bare`: see `tests.runner.run`.
    `variables`: added to its environment.
    """
    line = [*map(str, arguments)]
    data = stdin.encode() if isinstance(stdin, str) else stdin
    given = environment(columns=columns) | variables
    code, output, errors = runner.run(line, data, cwd, given, is_bare=is_bare)
    shown = unmarked(output.decode())
    return subprocess.CompletedProcess(line, code, shown, errors.decode())


def korpus_each(
    lines: Iterable[Iterable[object]], stdin: str = "", columns: int = 100
) -> list[subprocess.CompletedProcess[str]]:
    """Run several commands that end with an error or help, in one fork; see tests.runner."""
    given = [[*map(str, line)] for line in lines]
    found = runner.run_each(given, stdin.encode(), ROOT, environment(columns=columns))
    return [
        subprocess.CompletedProcess(line, code, output.decode(), errors.decode())
        for line, (code, output, errors) in zip(given, found, strict=True)
    ]


def program() -> list[str]:
    """The command line of a program that runs a command in a fork, with its own streams."""
    return [str(runner.server().program)] if runner.FORKS else FRESH


def in_terminal(
    *arguments: object, stdin: str | None = None, plain: bool = False
) -> tuple[int, str]:
    """Run a command in a terminal: its exit code, and what is shown.

    Standard input is the terminal too, unless `stdin` is given. `plain`: without colours.
    """
    import pty
    import termios

    main, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (40, 100))
    with subprocess.Popen(
        [*program(), *map(str, arguments)],
        stdin=terminal if stdin is None else subprocess.PIPE,
        stdout=terminal,
        stderr=terminal,
        env=environment(),
        cwd=ROOT,
    ) as process:
        os.close(terminal)
        if process.stdin is not None:
            with process.stdin:
                process.stdin.write((stdin or "").encode())
        shown = b""
        try:
            while chunk := os.read(main, 65536):
                shown += chunk
        except OSError:  # the terminal is closed
            pass
        os.close(main)
    text = shown.decode().replace("\r\n", "\n")
    return process.returncode, re.sub("\x1b\\[[0-9;]*m", "", text) if plain else text


def start(*arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command in a new interpreter, for tests of signals and streams.

    It is killed if it runs when the test ends.
    """
    process = subprocess.Popen(
        [*FRESH, *map(str, arguments)], **{"env": environment(), "cwd": ROOT, **options}
    )
    STARTED.append(process)
    return process


def fresh(
    *arguments: object, cwd: Path = ROOT, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command without input in a new interpreter."""
    done = subprocess.run(
        [*FRESH, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment() | variables,
    )
    done.stdout = unmarked(done.stdout)
    return done


def unmarked(output: str) -> str:
    """Output without the marks on a pipe (see korpus/files/sources/end_marks.py)."""
    return "" if output == "  " else re.sub(r"(?m)^ (?=\{)|(?<=\}) $", "", output)


def peak(*arguments: object) -> tuple[int, str, int]:
    """Exit code, messages and memory in MiB of a command without input, on Linux.

    The memory is the peak without what Python and the libraries take.
    """
    with tempfile.NamedTemporaryFile("r") as report:
        done = korpus(*arguments, KORPUS_TEST_PEAK=report.name)
        kibibytes = report.read()
    assert kibibytes, "the command was not run in a fork: does the environment differ?"
    return done.returncode, done.stderr, int(kibibytes) >> 10


def shell(
    script: str, cwd: Path = ROOT, *, fresh: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a shell script with `korpus` on its path; `fresh`: the installed one."""
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(fresh=fresh),
        stdin=subprocess.DEVNULL,
    )
    done.stdout = unmarked(done.stdout)
    return done


def records(output: str) -> list[dict[str, Any]]:
    """The records in JSON Lines."""
    return [json.loads(line) for line in output.split("\n") if line]


def lines(*items: dict[str, Any]) -> str:
    """JSON Lines of some records."""
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
