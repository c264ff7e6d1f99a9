"""What the tests share: where things are, and how a command is run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "sample_data" / "reviews.csv"
SAMPLE_CP949 = ROOT / "sample_data" / "reviews_cp949.csv"
SHARED = ROOT.parent / "shared" / "data"
SENTENCE = "나는 학교에 갔다"
TOKENS = '{"id":"1","text":"나는","tokens":["나","는"],"tags":["NP","JX"],"analyzer":"mecab"}\n'


def environment() -> dict[str, str]:
    """The environment of a user with this installation and no Java of the machine."""
    beside = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join([beside, os.environ["PATH"]]), "COLUMNS": "100"}


def korpus(
    *arguments: object, stdin: str | bytes = b"", cwd: Path | None = None, columns: int = 100
) -> subprocess.CompletedProcess[str]:
    """Run the real command. Its output is decoded as UTF-8, which it must be.

    Without `stdin` its standard input is empty, but not an empty pipe, which is an error.
    """
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "korpus", *map(str, arguments)],
        **({"input": data} if data else {"stdin": subprocess.DEVNULL}),  # type: ignore[arg-type]
        capture_output=True,
        cwd=cwd or ROOT,
        env={**environment(), "COLUMNS": str(columns)},
        timeout=300,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, unmarked(done.stdout.decode()), done.stderr.decode()
    )


def unmarked(output: str) -> str:
    """Output without the marks on a pipe (see korpus/files/sources/end_marks.py)."""
    return "" if output == "  " else re.sub(r"(?m)^ (?=\{)|(?<=\}) $", "", output)


# What wait4 says of a process includes what started it, which is large in the middle of tests.
_MEASURED = """
import sys
from pathlib import Path
from korpus.cli import main
try:
    main()
finally:
    print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0], file=sys.stderr)
"""


def peak(*arguments: object) -> tuple[int, str, int]:
    """Exit code, messages and the peak of memory in MiB of a command without input, on Linux."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
        timeout=300,
    )
    said, _, memory = done.stderr.rstrip("\n").rpartition("\n")
    return done.returncode, f"{said}\n" if said else "", int(memory) >> 10


def shell(script: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a shell script with `korpus` on its path."""
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        timeout=600,
    )
    done.stdout = unmarked(done.stdout)
    return done


def records(output: str) -> list[dict[str, Any]]:
    """The records in JSON Lines."""
    return [json.loads(line) for line in output.split("\n") if line]


def lines(*items: dict[str, Any]) -> str:
    """JSON Lines of some records."""
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
