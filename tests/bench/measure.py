"""Running commands and taking their time, processor time and memory."""

import os
import re
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Command = list[str]
# Interpreters keep what they compile, as those of users do: else korpus is compiled in each run.
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


@dataclass
class Cost:
    """What a run took: seconds by the clock and of all processors, and at most so much memory."""

    seconds: float
    cpu: float
    megabytes: float


def python(module: str, *arguments: object) -> Command:
    """A module of this folder as a command."""
    return [sys.executable, "-m", f"tests.bench.{module}", *map(str, arguments)]


def korpus(*arguments: object) -> Command:
    """A korpus command that says only errors."""
    return [sys.executable, "-m", "korpus", "-q", *map(str, arguments)]


def run(command: Command, output: Path | None = None, memory: bool = False) -> Cost:
    """Run a command, with its standard output in a file, or nowhere."""
    before, began = _children_seconds(), time.perf_counter()
    with (output or Path(os.devnull)).open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, env=_ENVIRONMENT)
        watch = _Watch(process.pid)
        if memory:
            watch.start()
        if process.wait():
            raise SystemExit(f"failed: {' '.join(command)}")
    seconds, cpu = time.perf_counter() - began, _children_seconds() - before
    return Cost(seconds, cpu, watch.stop() if memory else 0)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def printed(command: Command) -> float:
    """The number that a command prints."""
    done = subprocess.run(command, capture_output=True, check=True, text=True, env=_ENVIRONMENT)
    return float(done.stdout)


def in_turn(runs: int, *measures: Callable[[], float]) -> list[float]:
    """The medians of several measures, taken in turn so that all meet the same machine."""
    taken: list[list[float]] = [[] for _ in measures]
    for _ in range(runs):
        for values, measure in zip(taken, measures, strict=True):
            values.append(measure())
    return [statistics.median(values) for values in taken]


class _Watch(threading.Thread):
    """The most memory that a process and its children have together, shared pages counted once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.most = 0.0
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.05):
            processes = [self.pid, *_children(self.pid)]
            self.most = max(self.most, sum(map(_megabytes, processes)))

    def stop(self) -> float:
        self.done.set()
        self.join()
        return self.most


def _children(pid: int) -> list[int]:
    try:
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:
        return []


def _megabytes(pid: int) -> float:
    try:
        found = re.search(r"Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())
    except OSError:
        return 0
    return int(found[1]) / 1024 if found else 0
