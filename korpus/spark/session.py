"""A session of Spark: how it is started, and what it says when it cannot be."""

import atexit
import contextlib
import ctypes
import logging
import os
import re
import signal
import socket
import sys
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from korpus.analyzers.jvm import machine_memory
from korpus.errors import KorpusError, UsageError
from korpus.messages import _
from korpus.spark.java import java_home

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

logger = logging.getLogger("korpus")

_MASTERS = re.compile(r"local(\[(\*|\d+)(,\s*\d+)?\])?|spark://\S+|yarn|k8s://\S+")
_LOGGING = """rootLogger.level = {level}
logger.shell.name = org.apache.spark.api.python.PythonGatewayServer
logger.shell.level = {level}
rootLogger.appenderRef.stderr.ref = stderr
appender.console.type = Console
appender.console.name = stderr
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{{HH:mm:ss}} %p %c{{1}}: %m%n%ex
"""
# What a user may set otherwise in spark-defaults.conf or PYSPARK_SUBMIT_ARGS.
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.app.name": "korpus",
    # Rows may be long: batches are bounded by their bytes too.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "4096",
    "spark.python.worker.reuse": "true",
    # What comes to this machine comes partition by partition; its memory is the bound.
    "spark.driver.maxResultSize": "0",
    "spark.sql.session.timeZone": "UTC",
}

# For one machine, where each task costs more than it gains by being small.
_LOCAL = {"spark.sql.shuffle.partitions": "8", "spark.driver.host": "127.0.0.1"}
# To compile Java to the last takes more of this machine than it saves where Python does the work.
_QUICK = {"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1"}
_PATIENCE = 10  # seconds for a connection to a master
_LEAST_HEAP = 1024  # MB: Spark's default, also on a machine whose quarter of memory is less
# Libraries that MLlib uses if there are any, and their files. It says on stderr which are missing.
_NATIVE = {"blas": "libblas.so.3", "lapack": "liblapack.so.3", "arpack": "libarpack.so.2"}
_NO_MEMORY = re.compile(r"OutOfMemoryError|Java heap space|Cannot grow BufferHolder")
_SHUT_DOWN = "SparkContext was shut down"  # by Java where an error ended it, such as its memory
_MORE_MEMORY = 'export PYSPARK_SUBMIT_ARGS="--driver-memory 8g --executor-memory 8g pyspark-shell"'
_ENDED = ("Py4JNetworkError", "ConnectionRefusedError", "ConnectionResetError", "BrokenPipeError")


def check_master(url: str) -> None:
    """Raises UsageError for what is no address of a cluster."""
    if not _MASTERS.fullmatch(url):
        raise UsageError(
            _("--on {url} is no address of Spark").format(url=url),
            _("such as local[4], spark://host:7077, yarn or k8s://https://host:443"),
        )


def is_local(url: str) -> bool:
    """Whether Spark runs on this machine, in one process."""
    return url.startswith("local")


@cache
def session(url: str, *, fits: bool = False) -> "SparkSession":
    """The session on a cluster, which this process starts once.

    `fits`: whether MLlib fits a model there, so that Java does the work. Raises UsageError
    without the extra, KorpusError if the cluster cannot be reached.
    """
    check_master(url)
    _check_installed()
    os.environ["JAVA_HOME"] = java_home()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    if is_local(url):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    options = [
        os.environ.get("SPARK_SUBMIT_OPTS", ""),
        f"-Dlog4j2.configurationFile={_log_settings().as_uri()}",
        *(f"-Ddev.ludovic.netlib.{name}.allowNative=false" for name in _missing_libraries()),
    ]
    os.environ["SPARK_SUBMIT_OPTS"] = " ".join(filter(None, options))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        _check_answers(url)
        started = _started(url, fits)
        _quiet_server()
        atexit.register(_stop, started)
        return started
    except Exception as error:
        raise KorpusError(
            _("Spark does not start on {url}: {reason}").format(url=url, reason=_reason(error)),
            _("check the address, and run: korpus doctor --on {url}").format(url=url),
        ) from error
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)  # Spark takes Ctrl-C for itself


def _check_answers(url: str) -> None:
    """Raises OSError if no master of a standalone cluster listens: Spark would try for minutes."""
    if not url.startswith("spark://"):
        return
    problem = ""
    for master in url.removeprefix("spark://").split(","):
        try:
            address = urlsplit(f"spark://{master}")
            with socket.create_connection((address.hostname, address.port or 7077), _PATIENCE):
                return
        except (OSError, ValueError) as error:
            problem = getattr(error, "strerror", None) or str(error)
    raise OSError(problem)


def _quiet_server() -> None:
    """Print no trace where the Java process has ended: `failure` says it."""
    from pyspark import accumulators

    for name in ("AccumulatorTCPServer", "AccumulatorUnixServer"):
        server = getattr(accumulators, name, None)
        if server is not None:
            server.handle_error = lambda *_: None


def _stop(started: "SparkSession") -> None:
    """End the session. After an interrupt its connection may be of no use: Spark ends anyway."""
    with contextlib.suppress(Exception):
        started.stop()


def _started(url: str, fits: bool) -> "SparkSession":
    warnings.filterwarnings("ignore", module="pyspark")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(url)
    given = _given()
    settings = dict(_SETTINGS)
    if is_local(url):
        settings |= _LOCAL | ({} if fits else _QUICK) | {"spark.driver.memory": _heap()}
    for name, value in settings.items():
        if name not in given:
            builder = builder.config(name, value)
    return builder.getOrCreate()


def _heap() -> str:
    """The memory of Java where it does all the work: a quarter of the machine's, as Java has it."""
    return f"{max(_LEAST_HEAP, (machine_memory() or 0) >> 22)}m"


def _missing_libraries() -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for name, file in _NATIVE.items():
        try:
            ctypes.CDLL(file)
        except OSError:
            missing.append(name)
    return missing


def _given() -> str:
    """The settings that a user made, as text in which their names are found."""
    folder = os.environ.get("SPARK_CONF_DIR")
    text = os.environ.get("PYSPARK_SUBMIT_ARGS", "")
    defaults = Path(folder or ".") / "spark-defaults.conf"
    return text + (defaults.read_text() if folder and defaults.is_file() else "")


def _check_installed() -> None:
    try:
        import pyspark  # noqa: F401
    except ImportError:
        raise UsageError(
            _("running on Spark needs the extra {extra}").format(extra="spark"),
            _("install it: {command}").format(command="pip install 'korpus[spark]'"),
        ) from None


def _log_settings() -> Path:
    """Spark's own messages are shown with -v alone: its traces are no messages for users."""
    path = Path(_folder().name) / "log4j2.properties"
    path.write_text(_LOGGING.format(level="warn" if logger.isEnabledFor(logging.DEBUG) else "off"))
    return path


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="korpus-spark-")


def has_ended(error: Exception) -> bool:
    """Whether an error says that the Java process of the session is not there any more."""
    return type(error).__name__ in _ENDED


def is_of_spark(error: Exception) -> bool:
    """Whether an error comes from Spark, and not from a pipe that was closed."""
    module = type(error).__module__.partition(".")[0]
    is_closed_pipe = isinstance(error, BrokenPipeError)
    return module in ("pyspark", "py4j") or (has_ended(error) and not is_closed_pipe)


def failure(error: Exception) -> KorpusError:
    """What a job of Spark that failed says, in one line."""
    text = str(error)
    ended = has_ended(error) or _SHUT_DOWN in text
    if ended or _NO_MEMORY.search(text):
        return KorpusError(
            _("the job on Spark failed: {reason}").format(
                reason=_("its Java process has ended") if ended else _("out of memory")
            ),
            _("documents may be very long; more memory: {setting}").format(setting=_MORE_MEMORY),
        )
    return KorpusError(
        _("the job on Spark failed: {reason}").format(reason=_reason(error)),
        _("-v shows what Spark says; korpus doctor --on URL checks the cluster"),
    )


def _reason(error: Exception) -> str:
    """The last exception that a trace of Java or Python names, else its first line."""
    text = str(error)
    found = re.findall(
        r"^(?:: |Caused by: )?([\w.]+(?:Error|Exception)(?:: .*)?)$", text, re.MULTILINE
    )
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    reasons: list[str] = [type(error).__name__, *lines[:1], *found]
    return reasons[-1]
