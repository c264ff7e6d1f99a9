"""Check a cluster: versions, the Python environment and the analyzers of every executor."""

import platform
import socket
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from korpus.analyzers import ANALYZERS, load
from korpus.records import Row, Table
from korpus.spark.cluster import Cluster
from korpus.spark.session import is_local
from korpus.spark.work import collected
from korpus.version import __version__

COLUMNS = ["part", "works", "version", "remedy"]
_SCHEMA = "host string, part string, works string, version string, remedy string"
_PACKAGES = ("pyarrow", "pyspark", "numpy", "orjson")  # whose differences between machines hurt


def doctor(url: str, analyzers: list[str] | None = None) -> Table:
    """Try what korpus needs on every executor of a cluster, and say how to ship it.

    Columns out: as `korpus doctor`. Each part is named with the machine that it was tried on.
    Raises KorpusError if the cluster cannot be reached, or has no Python with korpus.
    """
    cluster = Cluster(url)
    session = cluster.session
    # Several per core, so that each executor gets some; on this machine one is enough.
    tasks = 1 if is_local(url) else 2 * session.sparkContext.defaultParallelism
    wanted = list(ANALYZERS) if analyzers is None else analyzers
    frame = session.range(0, tasks, 1, tasks).mapInArrow(_Tried(_versions(), wanted), _SCHEMA)
    found = sorted(set(collected(frame)))
    java = session._jvm.java.lang.System.getProperty("java.version")
    rows: list[Row] = [
        ("driver: spark", "yes", f"{session.version}, Java {java}", ""),
        ("driver: korpus", "yes", _shown(_versions()), ""),
        *((f"{host}: {part}", works, has, remedy) for host, part, works, has, remedy in found),
        *(() if is_local(url) else shipping(url)),
    ]
    return Table(COLUMNS, lambda: rows)


def shipping(url: str) -> list[Row]:
    """How the Python environment goes to a cluster that has none: lines that can be pasted."""
    pack = "pip install venv-pack && venv-pack -o korpus-env.tar.gz"
    run = (
        f"spark-submit --master {url} --archives korpus-env.tar.gz#environment "
        "--conf spark.pyspark.python=./environment/bin/python "
        '--conf spark.pyspark.driver.python="$(command -v python)" '
        f'"$(command -v korpus)" morph SOURCE --on {url} -o OUTPUT'
    )
    return [
        ("ship the environment: 1", "", "", pack),
        ("ship the environment: 2", "", "", run),
    ]


def _versions() -> dict[str, str]:
    """What has to be the same on all machines."""
    return {
        "korpus": __version__,
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{name: _version(name) for name in _PACKAGES},
    }


def _version(package: str) -> str:
    """The version of a package; "?" where it came without its metadata, as by PYTHONPATH."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"


def _shown(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


class _Tried:
    """What each executor has and can do; `versions`: those of the driver."""

    def __init__(self, versions: dict[str, str], analyzers: list[str]) -> None:
        self.versions, self.analyzers = versions, analyzers

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The rows of one task."""
        import pyarrow

        for _batch in batches:
            pass
        host = socket.gethostname()
        ours = _versions()
        other = [name for name in ours if ours[name] != self.versions[name]]
        remedy = "" if not other else f"{', '.join(other)}: as on the driver (--archives)"
        rows = [(host, "korpus", "no" if other else "yes", _shown(ours), remedy)]
        rows += [(host, name, *_analyzed(name)) for name in self.analyzers]
        names = [part.split()[0] for part in _SCHEMA.split(", ")]
        columns = [list(column) for column in zip(*rows, strict=True)]
        yield pyarrow.RecordBatch.from_pydict(dict(zip(names, columns, strict=True)))


def _analyzed(name: str) -> tuple[str, str, str]:
    package = ANALYZERS[name].package
    try:
        forms, _tags = next(iter(load(name).analyze(["나는 학교에 간다"])))
        works = "yes" if forms else "no"
        return works, f"{package} {version(package)}", ""
    except Exception as error:  # a broken installation can raise anything
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        return "no", package, f"{reason} → pip install --force-reinstall {package}"
