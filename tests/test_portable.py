"""What Windows lacks is not needed: each command runs where it is hidden."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.contract import COMMANDS, make_files
from tests.support import ROOT, environment

# Modules and functions that are not on Windows.
HIDDEN = """
import os, signal, sys
import portalocker  # of sacrebleu; on Windows it takes other functions than these
for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
for module, names in (
    (os, "chown fchmod fchown fork forkpty geteuid getuid mkfifo setsid sync"),
    (signal, "SIGHUP SIGPIPE alarm pthread_sigmask setitimer"),
):
    for name in names.split():
        delattr(module, name)
from korpus.workers import process, run
process.forks = run.forks = lambda: False
"""
RUN = """
import io, json
from korpus.cli.main import _run
for line, stdin in json.loads(sys.argv[1]):
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()))
    print(_run(line), *line, file=sys.stderr, flush=True)
"""


def test_every_command_without_posix(tmp_path: Path) -> None:
    make_files(tmp_path)
    lines = []
    for command in COMMANDS:
        if command.name == "doctor" or command.entry.extra:
            continue  # it starts all analyzers; extras may not be installed
        source = tmp_path / f"{command.name}{command.case.suffix}"
        source.write_text(command.case.good * 3)
        given = [str(source)] if command.has_source else []
        output = tmp_path / f"{command.name}.out{command.output.suffix}"
        lines.append((command.line(*given, output=output), ""))
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN + RUN, json.dumps(lines)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
    )
    ended = [line.split() for line in done.stderr.splitlines() if line[:2].strip().isdigit()]
    assert [(code, name) for code, name, *_ in ended] == [("0", line[0]) for line, _ in lines], (
        done.stderr
    )


def test_a_console_in_cp949_gets_what_it_can_show() -> None:
    """Messages and help with characters that CP949 lacks, as on a Korean Windows."""
    variables = {"PYTHONIOENCODING": "cp949", "PYTHONUTF8": "0"}
    for arguments, code in ((["--help"], 0), (["freq", "없는😀파일.csv"], 1)):
        done = subprocess.run(
            [sys.executable, "-m", "korpus", *arguments],
            capture_output=True,
            cwd=ROOT,
            env=environment() | variables,
        )
        assert done.returncode == code
        shown = (done.stdout + done.stderr).decode("cp949")
        assert "한국어" in shown or "파일" in shown


def test_names_that_windows_forbids_are_never_made() -> None:
    """No name that the package makes has a character that Windows forbids, or ends with a dot."""
    from korpus.files import name_of_rejects

    for name in ("x.jsonl", "x.csv", "x"):
        made = os.path.basename(name_of_rejects(name))  # noqa: PTH119
        assert not set(made) & set('<>:"/\\|?*') and made[-1] not in ". "
