"""Spark for tests: a session in this process, and a cluster of processes on this machine."""

import contextlib
import importlib.util
import json
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
# Java that runs for seconds only: its second compiler and parallel collector cost more than they
# save.
_SHORT = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
os.environ.setdefault("SPARK_SUBMIT_OPTS", _SHORT)  # the driver, also of the session here
os.environ.setdefault("SPARK_LAUNCHER_OPTS", _SHORT)
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
    """A master and its workers. `url`: of the master; `folder`: what the processes write.

    All commands run in one process with one session, which is the driver: each session would start
    three JVMs. A test may kill it; the next command starts another.
    """

    url: str
    folder: Path
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    driver: "subprocess.Popen[str] | None" = None
    before: dict[Path, int] = field(default_factory=dict)

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

    def begin(self, *arguments: object) -> "subprocess.Popen[str]":
        """Begin a command on this cluster, in the folder `folder`. Gives the driver."""
        self.before = {log: finished_tasks(log) for log in self.logs()}
        if self.driver is None or self.driver.poll() is not None:
            with (self.folder / "driver.log").open("ab") as log:
                self.driver = subprocess.Popen(
                    [sys.executable, "-m", "tests.spark.driver", self.url],
                    env=self.environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                    cwd=self.folder,
                )
        assert self.driver.stdin
        self.driver.stdin.write(json.dumps([*map(str, arguments)]) + "\n")
        self.driver.stdin.flush()
        return self.driver

    def end(self) -> None:
        """Wait until the command has ended, which must be without an error."""
        assert self.driver and self.driver.stdout
        answer = self.driver.stdout.readline().strip()
        assert answer == "0", (answer, (self.folder / "driver.log").read_text("utf-8"))

    def run(self, *arguments: object) -> None:
        """Run a command on this cluster to its end."""
        self.begin(*arguments)
        self.end()

    def logs(self) -> list[Path]:
        """The logs of all executors."""
        return list(self.folder.glob("work*/*/*/stderr"))

    def wait_for_task(self) -> Path:
        """Wait until an executor has finished a task of the last command. Gives its log."""
        assert self.driver
        while self.driver.poll() is None:
            for log in self.logs():
                if finished_tasks(log) > self.before.get(log, 0):
                    return log
            time.sleep(0.05)
        raise AssertionError(f"it ended before: {(self.folder / 'driver.log').read_text('utf-8')}")

    def stop(self) -> None:
        """End the driver and the daemons; the workers end their executors."""
        if self.driver:
            self.driver.kill()
            self.driver.communicate()
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def finished_tasks(log: Path) -> int:
    """How many tasks an executor says that it has finished."""
    return log.read_bytes().count(b"Finished task")


def process_of(log: Path) -> int:
    """The process of the executor with this log."""
    app, number = log.parts[-3:-1]
    wanted = f"\0--executor-id\0{number}\0", f"\0--app-id\0{app}\0"
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended
            line = (folder / "cmdline").read_text(errors="replace")
            if all(one in line for one in wanted):
                return int(folder.name)
    raise AssertionError(f"no process has the log {log}")


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
        "SPARK_DAEMON_JAVA_OPTS": _SHORT,
        "PYSPARK_SUBMIT_ARGS": "--conf spark.executor.memory=512m "
        f"--conf 'spark.executor.extraJavaOptions={_SHORT}' pyspark-shell",
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
