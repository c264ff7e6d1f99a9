"""Spark for tests: a session in this process, and a cluster of processes on this machine."""

import importlib.util
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from korpus.records import Record
from tests.support import ROOT

# Test modules skip themselves without pyspark: a skip here would be one of all tests.
SPARK = importlib.util.find_spec("pyspark")
HOME = Path(SPARK.origin or "").parent if SPARK else Path()
_STARTED = 600  # seconds for the master and its workers, on a machine that is busy
_HEAP = "256m"
SPLITTING = [
    *("spark.sql.files.openCostInBytes", "spark.sql.files.maxPartitionBytes"),
    "spark.sql.shuffle.partitions",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests share what takes long to start: the session of a process, and the cluster."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            name = "cluster" if "standalone" in getattr(item, "fixturenames", ()) else "local"
            item.add_marker(pytest.mark.xdist_group(f"spark-{name}"))
            item.add_marker(pytest.mark.timeout(1200))  # starting takes minutes on a busy machine


@dataclass
class Result:
    """What a command left: see `subprocess.CompletedProcess`."""

    code: int
    stdout: str
    stderr: str


Run = Callable[..., Result]


@pytest.fixture
def on_spark(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Runs a command with --on local[2] in this process, whose session all tests share."""
    monkeypatch.setenv("KORPUS_LANG", "en")

    def run(*arguments: object) -> Result:
        capfd.readouterr()
        code = run_here(*arguments, "--on", "local[2]")
        return Result(code, *capfd.readouterr())

    return run


def run_here(*arguments: object) -> int:
    """Run a command in this process. Gives its exit code."""
    from korpus.cli.main import _run

    logging.getLogger("korpus").handlers.clear()  # that of an earlier test writes elsewhere
    handlers = {
        getattr(signal, name): signal.getsignal(getattr(signal, name))
        for name in ("SIGINT", "SIGTERM", "SIGHUP")
        if hasattr(signal, name)
    }
    try:
        return _run([*map(str, arguments)])
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def split(source: Path, partitions: int) -> None:
    """Let sessions with local[2] read a file, or a folder of parts, in so many partitions."""
    from korpus.spark.session import session

    files = [source] if source.is_file() else list(source.glob("part-*"))
    size = sum(path.stat().st_size for path in files)
    values = 0, -(-size // partitions), min(partitions, 8)
    for name, value in zip(SPLITTING, values, strict=True):
        session("local[2]").conf.set(name, str(value))


@dataclass
class Standalone:
    """A master and its workers. `url`: of the master; `folder`: what the workers write."""

    url: str
    folder: Path
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, *arguments: str) -> None:
        """Start a daemon; its log is a file."""
        program = HOME / "bin" / "spark-class"
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes.append(
                subprocess.Popen(
                    [str(program), *arguments],
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            )

    def driver(self, *arguments: object, cwd: Path = ROOT) -> "subprocess.Popen[str]":
        """A command on this cluster, in a process of its own."""
        line = [sys.executable, "-m", "korpus", *map(str, arguments), "--on", self.url]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            line, env=self.environment, stdin=subprocess.DEVNULL, stderr=pipe, text=True, cwd=cwd
        )

    def run(self, *arguments: object) -> None:
        """Run a command on this cluster to its end."""
        driver = self.driver(*arguments)
        _none, errors = driver.communicate(timeout=300)
        assert driver.returncode == 0, errors

    def executors(self) -> dict[int, Path]:
        """The executors that run now: processes that a worker started, and their logs."""
        workers = {process.pid for process in self.processes[1:]}
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                words = (folder / "cmdline").read_text().split("\0")
            except OSError:  # it has ended
                continue
            if parent in workers and "--app-id" in words:
                app, number = (words[words.index(x) + 1] for x in ("--app-id", "--executor-id"))
                log = next(self.folder.glob(f"work*/{app}/{number}/stderr"), None)
                if log:
                    found[int(folder.name)] = log
        return found

    def wait_for_task(self, driver: "subprocess.Popen[str]") -> int:
        """Wait until an executor has finished a task of a command. Gives its process."""
        while driver.poll() is None:
            for process, log in self.executors().items():
                if b"Finished task" in log.read_bytes():
                    return process
            time.sleep(0.05)
        raise AssertionError(f"it ended before: {driver.communicate()[1]}")

    def stop(self) -> None:
        """End the daemons; the workers end their executors."""
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="session")
def standalone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    """A master with two workers of one core, from what pip installs, on the loopback address."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("the processes of executors are found in /proc")
    from korpus.spark.java import java_home

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("standalone")
    environment = {
        **os.environ,
        "JAVA_HOME": java_home(),
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": _HEAP,
        "SPARK_LOG_DIR": str(folder),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": "--conf spark.executor.memory=512m pyspark-shell",
        "PYTHONPATH": str(ROOT),
        "KORPUS_LANG": "en",
    }
    found = Standalone(f"spark://127.0.0.1:{port}", folder, environment)
    ports = ["--host", "127.0.0.1", "--webui-port", "0"]
    try:
        found.start("master", "org.apache.spark.deploy.master.Master", *ports, "--port", str(port))
        for name in ("work1", "work2"):
            room = ["--cores", "1", "--memory", "600m", "--work-dir", str(folder / name)]
            worker = "org.apache.spark.deploy.worker.Worker"
            found.start(name, worker, *ports, *room, found.url)
        _wait_until_registered(found)
        yield found
    finally:
        found.stop()


def _wait_until_registered(found: Standalone) -> None:
    end = time.monotonic() + _STARTED
    log = found.folder / "master.log"
    while len(re.findall("Registering worker", log.read_text())) < 2:
        ended = [process.args for process in found.processes if process.poll() is not None]
        assert not ended, (ended, log.read_text())
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.2)


def records_in(path: Path) -> list[Record]:
    """The records of a file of JSON Lines or of a folder of parts, in the order of their ids."""
    from korpus.files import read

    found: list[Any] = list(read(path))
    return sorted(found, key=lambda record: str(record["id"]))
