"""A command run in a process that has everything imported, to be killed and failed at will."""

import multiprocessing
import os
import sys
from pathlib import Path
from typing import NamedTuple

_SERVER = multiprocessing.get_context("forkserver")
# What every run would import, imported once.
_SERVER.set_forkserver_preload(
    [
        *("gensim.models", "matplotlib.figure", "openpyxl", "pandas", "pyarrow.parquet"),
        *("safetensors.numpy", "sklearn.decomposition", "sklearn.feature_extraction.text"),
        *("tomotopy", "wordcloud", "xlsxwriter", "scipy.io"),
        *("korpus.cli.main", "korpus.files", "korpus.models", "korpus.views", "korpus.analyzers"),
    ]
)
_TIMEOUT = 120  # seconds


class Done(NamedTuple):
    """How a run ended (-9: by SIGKILL), what it said, and the points that it reached."""

    code: int
    stderr: str
    points: list[str]

    @property
    def failed_at(self) -> list[str]:
        """The points where something was made to happen."""
        return [point for point in self.points if ": " in point]


def run(
    arguments: list[str], folder: Path, fault: str = "", *, stdin: Path | str = os.devnull
) -> Done:
    """Run korpus in `folder`, with a fault of tests/faults/points.py."""
    notes = folder.with_name(folder.name + ".notes")
    notes.mkdir(exist_ok=True)
    points, stderr = notes / "points", notes / "stderr"
    points.write_text("")
    task = (arguments, folder, fault, points, stdin, stderr)
    process = _SERVER.Process(target=_korpus, args=task)
    process.start()
    process.join(_TIMEOUT)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"korpus {' '.join(arguments)} with {fault}")
    code = process.exitcode
    process.close()
    return Done(code, stderr.read_text(), points.read_text().splitlines())


def _korpus(
    arguments: list[str], folder: Path, fault: str, points: Path, stdin: Path | str, stderr: Path
) -> None:
    os.dup2(os.open(stdin, os.O_RDONLY), 0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", 1)
    os.chdir(folder)
    sys.argv = ["korpus", *arguments]
    from korpus.cli.main import main
    from tests.faults.points import install

    install(points, fault)
    main()
